"""DELIVER: what follows from the end of a transmission, in the transaction that writes the end."""

from delivery.outbox import Message, MessageKind, MessageState
from flow.ladder import pass_on
from flow.refusal import tell_refused
from flow.reminders import plan_reminders
from flow.schedule import worker_of
from store.queue import QueueTx, Settlement


def follow_up(queue: QueueTx, message: Message, result: Settlement) -> None:
    """Do what an end asks for: an invitation that was taken is repeated later, of one given up the clinic learns.

    Args:
        result: has just been counted; a result that came too late has no consequences.
    """
    if message.kind.is_report and result.outcome is MessageState.DEAD:
        tell_refused(queue.within(message.clinic_id, worker_of(message.clinic_id)), message)
    if message.kind is not MessageKind.INVITATION:
        return
    tx = queue.within(message.clinic_id, worker_of(message.clinic_id))
    if result.outcome is MessageState.ACCEPTED:
        plan_reminders(tx, message, result.at)
    if result.outcome is MessageState.DEAD:
        pass_on(tx, message)
