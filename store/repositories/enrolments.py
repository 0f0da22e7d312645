"""Enrolments of the clinic's patients in care packages."""

from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter

from sqlalchemy import bindparam, select

from delivery.schedule import Enrolment, EnrolmentState
from kernel.ids import EnrolmentId, OccasionId, PatientRef
from store.agreed import is_agreed, is_left
from store.base import table_of
from store.gates import may_be_written_to
from store.scope import OF_CLINIC, Scope, of_clinic
from store.sealing import destroyed
from store.tables.enrolment import EnrolmentRow
from store.tables.slot import SlotRow
from store.tables.work import WorkRow
from store.values import batched, to_columns, to_value, to_values

ENROLMENT = table_of(EnrolmentRow)
RUNNING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
SLOT = table_of(SlotRow)
WORK = table_of(WorkRow)
ASKING = select(SLOT.c.enrolment_id).where(
    SLOT.c.clinic_id == bindparam(OF_CLINIC), SLOT.c.occasion_id == bindparam("of_occasion")
)
RUNNING_OF = of_clinic(
    ENROLMENT,
    ENROLMENT.c.patient_ref.in_(bindparam("of_patients", expanding=True)),
    ENROLMENT.c.state.in_(RUNNING),
).order_by(ENROLMENT.c.patient_ref, ENROLMENT.c.id)
ACTIVE_OF = of_clinic(
    ENROLMENT,
    ENROLMENT.c.patient_ref.in_(bindparam("of_patients", expanding=True)),
    # Said twice: by the first SQLite finds the index of what is running.
    ENROLMENT.c.state.in_(RUNNING),
    ENROLMENT.c.state == EnrolmentState.ACTIVE,
).order_by(ENROLMENT.c.patient_ref, ENROLMENT.c.id)
REACHABLE_OF = ACTIVE_OF.where(
    may_be_written_to(ENROLMENT.c.clinic_id, ENROLMENT.c.patient_ref, ENROLMENT.c.channel),
    is_agreed(ENROLMENT.c.clinic_id),
    ~is_left(ENROLMENT.c.clinic_id, ENROLMENT.c.package),
)
LOCK_ASKING = of_clinic(ENROLMENT, ENROLMENT.c.id.in_(ASKING)).order_by(ENROLMENT.c.id).with_for_update(key_share=True)


@dataclass(frozen=True, slots=True)
class Enrolments:
    """Reads, adds and changes enrolments."""

    scope: Scope

    def add(self, enrolment: Enrolment) -> None:
        """Add an enrolment.

        Raises:
            ConflictError: the patient runs this package already.
        """
        self.scope.insert(ENROLMENT, {**to_columns(enrolment), "slots": dict(enrolment.slots)})

    def get(self, enrolment_id: EnrolmentId) -> Enrolment:
        """Return an enrolment; NotFoundError if there is none in this clinic."""
        return to_value(Enrolment, self.scope.get(ENROLMENT, enrolment_id))

    def lock(self, enrolment_id: EnrolmentId) -> Enrolment:
        """Return an enrolment and let nobody else change it, or lock it, before this transaction ends."""
        return to_value(Enrolment, self.scope.get(ENROLMENT, enrolment_id, lock=True))

    def lock_asking(self, occasion_id: OccasionId) -> tuple[Enrolment, ...]:
        """Return, locked and oldest first, the enrolments whose slots an occasion asks."""
        return tuple(to_value(Enrolment, row) for row in self.scope.rows(LOCK_ASKING, of_occasion=occasion_id))

    def set_state(self, enrolment_id: EnrolmentId, state: EnrolmentState) -> None:
        """Move an enrolment to another state; whether it may is the caller's question, under the enrolment's lock.

        In one that ended nothing waits any more.
        """
        ended_at = self.scope.now if state is EnrolmentState.ENDED else None
        self.scope.update(ENROLMENT, (ENROLMENT.c.id == enrolment_id,), {"state": state, "ended_at": ended_at})
        if state is EnrolmentState.ENDED:
            self.scope.delete(WORK, WORK.c.id == enrolment_id)

    def set_control_month(self, enrolment_id: EnrolmentId, month: int | None) -> None:
        """Set the month of the yearly control, 1 to 12; None = none."""
        self.scope.update(ENROLMENT, (ENROLMENT.c.id == enrolment_id,), {"control_month": month})

    def running_of(self, patient_ref: PatientRef) -> tuple[Enrolment, ...]:
        """Return a patient's active and paused enrolments, oldest first."""
        query = self.scope.select(ENROLMENT, ENROLMENT.c.patient_ref == patient_ref, ENROLMENT.c.state.in_(RUNNING))
        # Sorted here: to spare itself the sorting, SQLite would walk all of the clinic's enrolments.
        rows = sorted(self.scope.all(query), key=attrgetter("id"))
        return tuple(to_value(Enrolment, row) for row in rows)

    def running_of_all(self, patient_refs: Collection[PatientRef]) -> tuple[Enrolment, ...]:
        """Return the active and paused enrolments of patients, of each patient oldest first."""
        return tuple(
            enrolment
            for batch in batched(sorted(patient_refs))
            for enrolment in to_values(Enrolment, self.scope.rows(RUNNING_OF, of_patients=batch))
        )

    def active_of(self, patient_refs: Collection[PatientRef], *, reachable: bool = False) -> tuple[Enrolment, ...]:
        """Return the active enrolments of patients, of each patient oldest first.

        Args:
            reachable: only those whose patient may be written to by the enrolment's channel at this moment, for a
                package that the clinic runs.
        """
        query = REACHABLE_OF if reachable else ACTIVE_OF
        return tuple(
            enrolment
            for batch in batched(sorted(patient_refs))
            for enrolment in to_values(Enrolment, self.scope.rows(query, of_patients=batch))
        )

    def of_patient(self, patient_ref: PatientRef) -> tuple[Enrolment, ...]:
        """Return a patient's enrolments, ended ones too, oldest first."""
        query = self.scope.select(ENROLMENT, ENROLMENT.c.patient_ref == patient_ref).order_by(ENROLMENT.c.id)
        return tuple(to_value(Enrolment, row) for row in self.scope.all(query))

    def any_of(self, patient_ref: PatientRef) -> bool:
        """Tell whether a patient is, or ever was, enrolled here."""
        return self.scope.first(self.scope.select(ENROLMENT, ENROLMENT.c.patient_ref == patient_ref)) is not None

    def all(self, limit: int, after: EnrolmentId | None = None) -> tuple[Enrolment, ...]:
        """Return a page of all enrolments in the order of their ids, but those of patients who were destroyed.

        Args:
            limit: at most so many.
            after: the last id of the page before.
        """
        readable = ENROLMENT.c.patient_ref.not_in(destroyed(self.scope))
        query = self.scope.select(ENROLMENT, readable).order_by(ENROLMENT.c.id).limit(limit)
        if after is not None:
            query = query.where(ENROLMENT.c.id > after)
        return tuple(to_value(Enrolment, row) for row in self.scope.all(query))
