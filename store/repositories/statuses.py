"""What is known of patients from feeds, and what follows for what was planned and for what is about to leave."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import String, bindparam, select

from delivery.candidate import CandidateState
from delivery.outbox import MessageState
from delivery.patient_status import PatientStatus, StatusFeed, StatusKind, StatusReport
from delivery.schedule import EnrolmentState, SlotState
from delivery.transitions import Change
from kernel.ids import EnrolmentId, PatientRef, new_id
from store.base import table_of
from store.dialect import insert_for
from store.gates import TO_PATIENT, may_be_written_to
from store.moves import ends, starts
from store.scope import Scope, of_clinic
from store.tables.candidate import CandidateRow
from store.tables.enrolment import EnrolmentRow
from store.tables.outbox import OutboxRow
from store.tables.patient import PatientRow
from store.tables.patient_status import PatientStatusRow
from store.tables.series import SeriesRow
from store.tables.slot import SlotRow
from store.tables.status_feed import StatusFeedRow
from store.tables.work import WorkRow
from store.values import batched, to_columns, to_value

CANDIDATE = table_of(CandidateRow)
ENROLMENT = table_of(EnrolmentRow)
FEED = table_of(StatusFeedRow)
OUTBOX = table_of(OutboxRow)
PATIENT = table_of(PatientRow)
SERIES = table_of(SeriesRow)
SLOT = table_of(SlotRow)
STATUS = table_of(PatientStatusRow)
WORK = table_of(WorkRow)
MAY_BE_WRITTEN_TO = of_clinic(
    PATIENT,
    PATIENT.c.id == bindparam("of_patient"),
    may_be_written_to(PATIENT.c.clinic_id, PATIENT.c.id, bindparam("of_channel", type_=String())),
)
IS_OPEN = CANDIDATE.c.state.in_((CandidateState.WAITING, CandidateState.EXCLUDED))
ENDING = tuple(kind for kind in StatusKind if kind.ends)
RUNNING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


@dataclass(frozen=True, slots=True)
class Statuses:
    """Reads and changes what is known of patients."""

    scope: Scope

    def of(self, patient_ref: PatientRef) -> Mapping[StatusKind, PatientStatus]:
        """Return what is known of a patient now, by kind."""
        query = self.scope.select(STATUS, STATUS.c.patient_ref == patient_ref, STATUS.c.ended_at.is_(None))
        return {row.kind: to_value(PatientStatus, row) for row in self.scope.all(query)}

    def stopping(self, patient_ref: PatientRef) -> frozenset[StatusKind]:
        """Return what keeps the clinic, or its apps, from writing to a patient."""
        return frozenset(kind for kind, status in self.of(patient_ref).items() if status.value is kind.stops)

    def gone_among(self, patient_refs: Collection[PatientRef]) -> frozenset[PatientRef]:
        """Return which of these patients are dead or have moved away."""
        gone: set[PatientRef] = set()
        for batch in batched(sorted(patient_refs)):
            ended = (STATUS.c.ended_at.is_(None), STATUS.c.value, STATUS.c.kind.in_(ENDING))
            rows = self.scope.all(self.scope.select(STATUS, STATUS.c.patient_ref.in_(batch), *ended))
            gone |= {PatientRef(row.patient_ref) for row in rows}
        return frozenset(gone)

    def history(self, patient_ref: PatientRef) -> tuple[PatientStatus, ...]:
        """Return all that was ever known of a patient, oldest first."""
        rows = self.scope.all(self.scope.select(STATUS, STATUS.c.patient_ref == patient_ref).order_by(STATUS.c.id))
        return tuple(to_value(PatientStatus, row) for row in rows)

    def record(self, patient_ref: PatientRef, report: StatusReport, source: str) -> PatientStatus:
        """Record something new of a patient; what was known of this kind becomes history."""
        current = (STATUS.c.patient_ref == patient_ref, STATUS.c.kind == report.kind, STATUS.c.ended_at.is_(None))
        self.scope.update(STATUS, current, {"ended_at": self.scope.now})
        status = PatientStatus(new_id(), patient_ref, report.kind, report.value, report.since, source, self.scope.now)
        self.scope.insert(STATUS, to_columns(status))
        return status

    def may_be_written_to(self, patient_ref: PatientRef, channel: str) -> bool:
        """Tell whether a patient may be written to by a channel at this moment."""
        return bool(self.scope.rows(MAY_BE_WRITTEN_TO, of_patient=patient_ref, of_channel=channel))

    def cancel_messages(self, patient_ref: PatientRef) -> int:
        """Cancel what is still to be sent to a patient; tell how many messages there were.

        One that is being sent at this moment may still arrive; its result is dropped by the fence.
        """
        where = (
            OUTBOX.c.patient_ref == patient_ref,
            OUTBOX.c.kind.in_(TO_PATIENT),
            starts(Change.CANCEL),
        )
        return self.scope.update(OUTBOX, where, ends(Change.CANCEL, self.scope.now))

    def end_enrolments(self, patient_ref: PatientRef) -> tuple[EnrolmentId, ...]:
        """End a patient's packages with all that was planned, candidacies too; return the packages that ended."""
        running = (ENROLMENT.c.patient_ref == patient_ref, ENROLMENT.c.state.in_(RUNNING))
        end = {"state": EnrolmentState.ENDED, "ended_at": self.scope.now}
        ended = self.scope.update_returning(ENROLMENT, running, end)
        ids = sorted(EnrolmentId(row.id) for row in ended)
        series = (SERIES.c.enrolment_id.in_(ids), SERIES.c.ended_at.is_(None))
        self.scope.update(SERIES, series, {"ended_at": self.scope.now})
        self.scope.delete(WORK, WORK.c.id.in_(ids))
        self.scope.update(CANDIDATE, (CANDIDATE.c.patient_ref == patient_ref, IS_OPEN), {"state": CandidateState.LEFT})
        planned = (SLOT.c.patient_ref == patient_ref, SLOT.c.state == SlotState.PLANNED)
        self.scope.update(SLOT, planned, {"state": SlotState.CANCELLED})
        return tuple(ids)

    def reach_by(self, enrolment_id: EnrolmentId, channel: str) -> None:
        """Let another channel write about an enrolment; what waits for its patient goes that way too."""
        changed = (ENROLMENT.c.id == enrolment_id, ENROLMENT.c.channel != channel)
        moved = self.scope.update_returning(ENROLMENT, changed, {"channel": channel})
        waiting = (
            OUTBOX.c.patient_ref.in_(sorted({row.patient_ref for row in moved})),
            OUTBOX.c.kind.in_(TO_PATIENT),
            OUTBOX.c.state == MessageState.DUE,
        )
        self.scope.update(OUTBOX, waiting, {"target": channel})

    def heard(self, feed: StatusFeed) -> None:
        """Record that a source spoke."""
        values = {**to_columns(feed), "clinic_id": self.scope.clinic_id}
        statement = insert_for(self.scope.connection, FEED).values(values)
        newer = {"received_at": feed.received_at, "entries": feed.entries}
        self.scope.connection.execute(
            statement.on_conflict_do_update(index_elements=["clinic_id", "source"], set_=newer)
        )

    def feeds(self) -> tuple[StatusFeed, ...]:
        """Return when each source last spoke, by name."""
        query = select(FEED).where(FEED.c.clinic_id == self.scope.clinic_id).order_by(FEED.c.source)
        return tuple(to_value(StatusFeed, row) for row in self.scope.all(query))
