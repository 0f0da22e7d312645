"""LEAVE: a patient says no this time, pauses, or wants no questionnaires any more; the clinic sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from delivery.content import Content
from delivery.leave import Leave, LeaveKind
from delivery.patient_status import StatusKind, StatusReport
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment, EnrolmentState, OccasionState
from flow.form import LinkClosedError, Visit
from flow.report import enqueue_left
from flow.schedule import worker_of
from flow.status import leave_in_peace
from kernel.clock import Clock
from kernel.errors import AccessError, InvalidInputError, Issue
from kernel.ids import ClinicId, EnrolmentId, LeaveId, OccasionId
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

AT_A_TIME = 100
SOURCE = "patient"
"""Who told that the patient wants no questionnaires: in the history of statuses, beside the feeds."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a patient chose.

    Args:
        weeks: length of a pause; None with the other kinds.
    """

    kind: LeaveKind
    weeks: int | None = None


@dataclass(frozen=True, slots=True)
class LeaveForm:
    """The use case."""

    store: Store
    content: Content

    @property
    def weeks(self) -> tuple[int, ...]:
        """How long a patient may pause, shortest first."""
        return self.content.patient_pages.pause_weeks

    def left(self, actor: Actor, enrolment_id: EnrolmentId) -> Leave | None:
        """Tell the clinic what the patient of an enrolment chose last; None where it is over, or was never."""
        allow(actor, Action.READ_WORKLIST)
        with self.store.read(actor.clinic_id, actor) as tx:
            leave = tx.leaves.newest_of(enrolment_id)
            return None if leave is None or leave.ended_at else leave

    def __call__(self, visit: Visit, choice: Choice) -> None:
        """Close the open occasion as the patient chose; a second time changes nothing.

        What was sent stays; a draft is not sent, and a danger answer in it still reaches the clinic.

        Raises:
            AccessError: somebody answers for the patient, and may do nothing else.
            InvalidInputError: there is no such pause.
            LinkClosedError: the occasion was closed in another way.
        """
        allow(visit.actor, Action.FILL_FORM)
        if visit.related:
            raise AccessError("Who answers for a patient leaves nothing for that one.")
        self._refuse_wrong(choice)
        with self.store.write(visit.clinic_id, visit.actor) as tx:
            # Patient, occasion, enrolment: answers lock in this order too.
            tx.patients.lock(visit.patient_ref)
            occasion = tx.occasions.lock(visit.occasion_id)
            if tx.leaves.of_occasion(occasion.id):
                return
            if occasion.state is not OccasionState.OPEN or tx.now >= occasion.expires_at:
                raise LinkClosedError(tx.clinics.get(), occasion.state)
            touched = tuple(_touched(tx, visit.occasion_id, choice.kind))
            self._leave(tx, visit, choice, touched)
            tx.audit.record(AuditEvent(f"leave-{choice.kind}", f"Occasion/{occasion.id}", (visit.patient_ref,)))

    def _leave(self, tx: Tx, visit: Visit, choice: Choice, touched: Iterable[Enrolment]) -> None:
        until = danish_date(tx.now) + timedelta(weeks=choice.weeks) if choice.weeks else None
        for enrolment in touched:
            tx.leaves.add(visit.occasion_id, enrolment.id, choice.kind, until)
            if choice.kind is LeaveKind.PAUSE:
                tx.enrolments.set_state(enrolment.id, EnrolmentState.PAUSED)
            enqueue_left(tx, enrolment)
        if choice.kind is LeaveKind.STOP:
            declined = StatusReport(StatusKind.DECLINED, value=True, since=danish_date(tx.now))
            tx.statuses.record(visit.patient_ref, declined, SOURCE)
        leave_in_peace(tx, visit.patient_ref)

    def _refuse_wrong(self, choice: Choice) -> None:
        is_pause = choice.kind is LeaveKind.PAUSE
        if is_pause != (choice.weeks is not None) or (is_pause and choice.weeks not in self.weeks):
            issue = Issue("value", "There is no such pause.", "weeks", rule="no-such-pause")
            raise InvalidInputError(issue.text, issues=[issue])


@dataclass(frozen=True, slots=True)
class EndPauses:
    """The tick that lets patients be asked again when the pause that they chose is over."""

    store: Store
    clock: Clock

    def __call__(self) -> int:
        """End every pause whose day has come; return how many."""
        today = danish_date(self.clock.now())
        with self.store.survey() as survey:
            over = survey.pauses_to_end(today, AT_A_TIME)
        return sum(self._end(clinic_id, leave_id) for clinic_id, leave_id in over)

    def _end(self, clinic_id: ClinicId, leave_id: LeaveId) -> bool:
        with self.store.write(clinic_id, worker_of(clinic_id)) as tx:
            leave = tx.leaves.end(leave_id)
            if leave is None:
                return False
            enrolment = tx.enrolments.lock(leave.enrolment_id)
            if enrolment.state is EnrolmentState.PAUSED:
                tx.enrolments.set_state(enrolment.id, EnrolmentState.ACTIVE)
                about = AuditEvent("active", f"Enrolment/{enrolment.id}", (enrolment.patient_ref,), "delivery")
                tx.audit.record(about)
            return True


def pause_offered(today: date, weeks: Iterable[int]) -> tuple[tuple[int, date], ...]:
    """List the pauses that can be chosen with the Danish date on which each ends."""
    return tuple((one, today + timedelta(weeks=one)) for one in weeks)


def _touched(tx: Tx, occasion_id: OccasionId, kind: LeaveKind) -> Iterable[Enrolment]:
    """Find the enrolments that a choice is about: those that ask, or all that run where it is about all."""
    asking = tx.enrolments.lock_asking(occasion_id)
    if kind is LeaveKind.ONCE or not asking:
        return asking
    running = tx.enrolments.running_of(asking[0].patient_ref)
    return (one for one in running if kind is LeaveKind.STOP or one.state is EnrolmentState.ACTIVE)
