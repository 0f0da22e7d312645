"""ENROL: an enrolment pauses, goes on or ends, and gets or loses its yearly control month."""

from dataclasses import dataclass, replace

from delivery.content import Content
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment, EnrolmentState
from flow.schedule_series import plan_control_month
from flow.schedule_withdraw import withdraw
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import EnrolmentId
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class ChangeEnrolmentState:
    """The use case."""

    store: Store
    content: Content

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId, state: EnrolmentState) -> Enrolment:
        """Pause an enrolment, let it go on, or end it.

        While it is paused nothing is sent, and its planned slots wait: what fell due meanwhile is asked once when it
        goes on. When it ends they are cancelled. In both cases it leaves the patient's open occasion. The state that
        it is in already changes nothing.

        Returns:
            The enrolment as it is now.

        Raises:
            NotFoundError: no such enrolment in this clinic.
            ConflictError: it has ended; enrol the patient anew.
        """
        allow(actor, Action.ENROL)
        with self.store.write(actor.clinic_id, actor) as tx:
            # Patient, occasion, enrolment: answers lock in this order too, and no occasion opens meanwhile.
            tx.patients.lock(tx.enrolments.get(enrolment_id).patient_ref)
            occasion = tx.occasions.open_of(tx.enrolments.get(enrolment_id).patient_ref)
            if occasion:
                occasion = tx.occasions.lock(occasion.id)
            enrolment = running(tx, enrolment_id, but=state)
            if enrolment.state is state:
                return enrolment
            tx.enrolments.set_state(enrolment.id, state)
            # What the clinic says now stands: a pause that the patient chose ends nothing and begins nothing later.
            tx.leaves.end_pause(enrolment.id)
            if state is not EnrolmentState.ACTIVE and occasion:
                withdraw(tx, self.content, enrolment, occasion)
            if state is EnrolmentState.ENDED:
                _end_series(tx, enrolment)
            tx.audit.record(AuditEvent(state, f"Enrolment/{enrolment.id}", (enrolment.patient_ref,)))
            return replace(enrolment, state=state)


@dataclass(frozen=True, slots=True)
class SetControlMonth:
    """The use case."""

    store: Store
    content: Content

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId, month: int | None) -> Enrolment:
        """Agree on the month of the yearly control, or on none.

        Args:
            month: 1 to 12; None = none.

        Returns:
            The enrolment as it is now.

        Raises:
            InvalidInputError: no such month.
            NotFoundError: no such enrolment in this clinic.
            ConflictError: it has ended.
        """
        allow(actor, Action.ENROL)
        if month is not None and month not in MONTHS:
            issue = Issue("value", "A month is 1 to 12.", "month", rule="out-of-range")
            raise InvalidInputError(issue.text, issues=[issue])
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = running(tx, enrolment_id)
            if enrolment.control_month == month:
                return enrolment
            tx.enrolments.set_control_month(enrolment.id, month)
            programme = self.content.programmes.get(enrolment.programme, enrolment.programme_version)
            plan_control_month(tx, programme, enrolment, month, today=danish_date(tx.now))
            tx.audit.record(AuditEvent("control-month", f"Enrolment/{enrolment.id}", (enrolment.patient_ref,)))
            return replace(enrolment, control_month=month)


def running(tx: Tx, enrolment_id: EnrolmentId, *, but: EnrolmentState | None = None) -> Enrolment:
    """Return an enrolment that has not ended, under its lock.

    Args:
        but: a state that is let through in any case.

    Raises:
        NotFoundError: no such enrolment in this clinic.
        ConflictError: it has ended.
    """
    enrolment = tx.enrolments.lock(enrolment_id)
    if enrolment.state is EnrolmentState.ENDED and but is not EnrolmentState.ENDED:
        text = "The enrolment has ended."
        raise ConflictError(text, issues=[Issue("conflict", text, "state", rule="ended")])
    return enrolment


def _end_series(tx: Tx, enrolment: Enrolment) -> None:
    for series in tx.schedule.running_series(enrolment.id):
        tx.schedule.end_series(series.id, tx.now)
        tx.schedule.cancel_planned(series.id)
