"""DELIVER: reminders are planned when a channel takes an invitation, as messages of its lane."""

from datetime import datetime

from delivery.outbox import Message, MessageKind, NewMessage
from delivery.patient_status import CLINIC_CHANNEL
from delivery.reminder import reminders
from delivery.schedule import OccasionState
from flow.hand_over_patient import occasion_of
from store.transaction import Tx


def plan_reminders(tx: Tx, message: Message, at: datetime) -> int:
    """Plan the reminders of an invitation that was taken, in place of those of an earlier invitation.

    The occasion is not locked: an answer that is stored at this moment may not see what is planned here, and then the
    hand-over finds the occasion closed and cancels.

    Args:
        message: the invitation.
        at: when it was taken, aware UTC.

    Returns:
        How many were planned; none for the clinic's own call list, where staff see whom they have not reached.
    """
    occasion = tx.occasions.get(occasion_of(message))
    tx.outbox.cancel_reminders(occasion.id)
    if message.target == CLINIC_CHANNEL or occasion.state is not OccasionState.OPEN:
        return 0
    window = tx.window
    planned = reminders(at, occasion.reminder_days, window, expires_at=occasion.expires_at, seed=occasion.id)
    if planned:
        tx.outbox.add_all([_reminder(message, number, due) for number, due in planned])
    return len(planned)


def _reminder(invitation: Message, number: int, due_at: datetime) -> NewMessage:
    return NewMessage(
        kind=MessageKind.REMINDER,
        lane=invitation.lane,
        target=invitation.target,
        due_at=due_at,
        patient_ref=invitation.patient_ref,
        expires_at=invitation.expires_at,
        occasion_id=invitation.occasion_id,
        reminds=invitation.id,
        reminder_no=number,
    )
