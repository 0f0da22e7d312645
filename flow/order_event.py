"""ORDER: an appointment or a discharge plans what the programme asks before or after it."""

from dataclasses import dataclass
from datetime import date, timedelta

from delivery.content import Content
from delivery.occasion_kind import TriggerType
from delivery.recurrence import danish_date
from delivery.schedule import Slot
from flow.enrolment_state import running
from flow.order import only_kind
from flow.schedule_series import Timing, plan
from kernel.errors import InvalidInputError, Issue
from kernel.ids import EnrolmentId
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store


@dataclass(frozen=True, slots=True)
class PlanAppointment:
    """The use case."""

    store: Store
    content: Content

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId, day: date) -> Slot:
        """Plan what is asked before an appointment; the same appointment again changes nothing.

        Args:
            day: Danish date of the appointment.

        Returns:
            The slot, due at once where the appointment is near.

        Raises:
            NotFoundError: no such enrolment in this clinic.
            InvalidInputError: the day has passed, or the programme asks nothing before appointments.
            ConflictError: the enrolment has ended.
        """
        return _plan(self, actor, enrolment_id, TriggerType.BEFORE_APPOINTMENT, day)


@dataclass(frozen=True, slots=True)
class RecordDischarge:
    """The use case."""

    store: Store
    content: Content

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId, day: date) -> Slot:
        """Plan what is asked after a discharge from hospital; the same discharge again changes nothing.

        Args:
            day: Danish date of the discharge.

        Returns:
            The slot, due at once where the discharge was long ago.

        Raises:
            NotFoundError: no such enrolment in this clinic.
            InvalidInputError: the day is still to come, or the programme asks nothing after discharges.
            ConflictError: the enrolment has ended.
        """
        return _plan(self, actor, enrolment_id, TriggerType.AFTER_DISCHARGE, day)


def _plan(
    by: PlanAppointment | RecordDischarge, actor: Actor, enrolment_id: EnrolmentId, trigger: TriggerType, day: date
) -> Slot:
    allow(actor, Action.ENROL)
    is_before = trigger is TriggerType.BEFORE_APPOINTMENT
    with by.store.write(actor.clinic_id, actor) as tx:
        enrolment = running(tx, enrolment_id)
        today = danish_date(tx.now)
        if day < today if is_before else day > today:
            text = "The day has passed." if is_before else "The day is still to come."
            raise InvalidInputError(text, issues=[Issue("value", text, "date", rule="out-of-range")])
        programme = by.content.programmes.get(enrolment.programme, enrolment.programme_version)
        kind = only_kind(programme.of_trigger(trigger))
        days = timedelta(days=kind.trigger.days or 0)
        reason = f"{trigger}:{day.isoformat()}"
        for series in tx.schedule.all_series(enrolment.id):
            if series.reason == reason and (slot := tx.schedule.last_slot(series.id)):
                return slot
        slot = plan(tx, programme, enrolment, kind, Timing(day - days if is_before else day + days, reason))
        tx.audit.record(AuditEvent(trigger, f"Enrolment/{enrolment.id}", (enrolment.patient_ref,)))
        return slot
