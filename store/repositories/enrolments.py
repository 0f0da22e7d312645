"""Enrolments of the clinic's patients in care packages."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from delivery.schedule import Enrolment, EnrolmentState
from kernel.ids import EnrolmentId, OccasionId, PatientRef
from store.base import table_of
from store.scope import OF_CLINIC, Scope, of_clinic
from store.tables.enrolment import EnrolmentRow
from store.tables.slot import SlotRow
from store.values import to_columns, to_value

ENROLMENT = table_of(EnrolmentRow)
RUNNING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
SLOT = table_of(SlotRow)
ASKING = select(SLOT.c.enrolment_id).where(
    SLOT.c.clinic_id == bindparam(OF_CLINIC), SLOT.c.occasion_id == bindparam("of_occasion")
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
        """Move an enrolment to another state; whether it may is the caller's question, under the enrolment's lock."""
        self.scope.update(ENROLMENT, (ENROLMENT.c.id == enrolment_id,), {"state": state})

    def set_control_month(self, enrolment_id: EnrolmentId, month: int | None) -> None:
        """Set the month of the yearly control, 1 to 12; None = none."""
        self.scope.update(ENROLMENT, (ENROLMENT.c.id == enrolment_id,), {"control_month": month})

    def running_of(self, patient_ref: PatientRef) -> tuple[Enrolment, ...]:
        """Return a patient's active and paused enrolments, oldest first."""
        query = self.scope.select(
            ENROLMENT, ENROLMENT.c.patient_ref == patient_ref, ENROLMENT.c.state.in_(RUNNING)
        ).order_by(ENROLMENT.c.id)
        return tuple(to_value(Enrolment, row) for row in self.scope.all(query))

    def all(self, limit: int, after: EnrolmentId | None = None) -> tuple[Enrolment, ...]:
        """Return a page of all enrolments in the order of their ids.

        Args:
            limit: at most so many.
            after: the last id of the page before.
        """
        query = self.scope.select(ENROLMENT).order_by(ENROLMENT.c.id).limit(limit)
        if after is not None:
            query = query.where(ENROLMENT.c.id > after)
        return tuple(to_value(Enrolment, row) for row in self.scope.all(query))
