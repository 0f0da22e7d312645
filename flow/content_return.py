"""SCHEDULE: an occasion whose licence ran out before the invitation left is put back, to be asked without it."""

from collections.abc import Collection
from dataclasses import dataclass

from delivery.content import Content
from delivery.outbox import MessageKind, MessageState
from delivery.recurrence import danish_date
from delivery.schedule import Occasion, OccasionState, RequestState, SlotState
from flow.schedule_series import REST
from kernel.clock import Clock
from kernel.ids import ClinicId, EnrolmentId, OccasionId
from security.actor import Actor, Role
from security.audit import AuditEvent
from store.database import Store
from store.transaction import Tx

AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class ReturnHeld:
    """The tick that puts such occasions back."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self) -> int:
        """Put back what may not be sent any more and was not sent; its slots are due again.

        Returns:
            How many occasions were put back.
        """
        held = self.content.held(danish_date(self.clock.now()))
        if not held:
            return 0
        with self.store.queue() as queue:
            found = queue.occasions_to_return(held, AT_A_TIME)
        return sum(self._return(clinic_id, occasion_id) for clinic_id, occasion_id in found)

    def _return(self, clinic_id: ClinicId, occasion_id: OccasionId) -> bool:
        with self.store.write(clinic_id, Actor(Role.WORKER, "worker", clinic_id)) as tx:
            occasion = tx.occasions.lock(occasion_id)
            if occasion.state is not OccasionState.OPEN or not _is_unsent(tx, occasion):
                return False
            return_occasion(tx, occasion)
            return True


def return_occasion(tx: Tx, occasion: Occasion) -> None:
    """Take back an open occasion as if it had never been opened: its slots are planned again, nothing is lost."""
    for slot in tx.schedule.of_occasion(occasion.id):
        if slot.state is SlotState.OPEN and tx.schedule.return_slot(slot):
            _drop_rest(tx, slot.enrolment_id, {f"{REST}{slot.id}"})
    for request in tx.requests.of_occasion(occasion.id):
        tx.drafts.remove(request.id)
    tx.requests.cancel_open(occasion.id, RequestState.CANCELLED)
    tx.outbox.cancel_open(occasion.id)
    tx.occasions.close(occasion.id, OccasionState.CANCELLED, tx.now)
    tx.audit.record(AuditEvent("return", f"Occasion/{occasion.id}", (occasion.patient_ref,), "delivery"))


def _is_unsent(tx: Tx, occasion: Occasion) -> bool:
    """Tell whether nobody was invited and nothing was answered yet."""
    invitations = (one for one in tx.outbox.of_occasion(occasion.id) if one.kind is MessageKind.INVITATION)
    requests = tx.requests.of_occasion(occasion.id)
    waits = all(one.state is MessageState.DUE for one in invitations)
    return waits and all(request.state is RequestState.REQUESTED for request in requests)


def _drop_rest(tx: Tx, enrolment_id: EnrolmentId, reasons: Collection[str]) -> None:
    """End the series of what the occasion had no room for: opening the slot again plans it anew."""
    for series in tx.schedule.running_series(enrolment_id):
        if series.reason in reasons:
            tx.schedule.end_series(series.id, tx.now)
            tx.schedule.cancel_planned(series.id)
