"""SCHEDULE: an enrolment that pauses or ends leaves the patient's open occasion; what others ask stays open."""

from delivery.asking import asker_of
from delivery.content import Content
from delivery.schedule import Enrolment, Occasion, OccasionState, RequestState, Slot, SlotState
from flow.withdrawal import withdraw_everywhere
from store.transaction import Tx

OPEN = (RequestState.REQUESTED, RequestState.IN_PROGRESS)


def withdraw(tx: Tx, content: Content, enrolment: Enrolment, occasion: Occasion) -> None:
    """Cancel what an open occasion asks for one enrolment.

    Args:
        occasion: open; the caller holds its lock.
    """
    slots = [slot for slot in tx.schedule.of_occasion(occasion.id) if slot.state is SlotState.OPEN]
    mine = [slot for slot in slots if slot.enrolment_id == enrolment.id]
    others = [slot for slot in slots if slot.enrolment_id != enrolment.id]
    if not mine:
        return
    for slot in mine:
        tx.schedule.cancel_slot(slot.id)
    if not others:
        tx.occasions.close(occasion.id, OccasionState.CANCELLED, tx.now)
        tx.requests.cancel_open(occasion.id, RequestState.CANCELLED)
        tx.outbox.cancel_open(occasion.id)
        withdraw_everywhere(tx, occasion.id)
        return
    _cancel_unneeded(tx, occasion, {name for slot in others for name in _asks(tx, content, slot)})


def _cancel_unneeded(tx: Tx, occasion: Occasion, needed: set[str]) -> None:
    """Cancel the open requests that nobody needs any more; without another one the occasion is complete."""
    left = 0
    for request in tx.requests.of_occasion(occasion.id):
        if not request.state.is_open:
            continue
        if request.questionnaire.partition("|")[0].rsplit("/", 1)[-1] in needed:
            left += 1
            continue
        tx.requests.move(request.id, OPEN, RequestState.CANCELLED, tx.now)
        tx.drafts.remove(request.id)
    if not left:
        tx.occasions.close(occasion.id, OccasionState.COMPLETED, tx.now)
        tx.schedule.close_slots(occasion.id, SlotState.ANSWERED)
        tx.outbox.cancel_open(occasion.id)
        withdraw_everywhere(tx, occasion.id)


def _asks(tx: Tx, content: Content, slot: Slot) -> tuple[str, ...]:
    """List what a slot asks; more than it asked where an answer was valid already, which does no harm here."""
    enrolment = tx.enrolments.get(slot.enrolment_id)
    series = tx.schedule.series(slot.series_id)
    asker = asker_of(content, enrolment, slot.asked_by, series.programme_version)
    return asker.programme.asks(series.occasion_kind, asker.slots)
