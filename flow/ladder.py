"""DELIVER: an invitation that did not reach its patient goes on through the clinic's next channel."""

from dataclasses import dataclass

from delivery.ladder import Step, following
from delivery.outbox import Message, MessageKind, NewMessage
from delivery.recurrence import next_open
from delivery.schedule import Occasion, OccasionState
from flow.report import enqueue_undelivered
from flow.schedule import worker_of
from kernel.clock import Clock
from security.audit import AuditEvent
from store.database import Store
from store.transaction import Tx

BATCH = 100


def pass_on(tx: Tx, message: Message) -> bool:
    """Ask through the next channel, or else let the clinic know that somebody must call; while there is need to.

    Args:
        message: an invitation that was refused or given up, or that nothing shows to have been seen.

    Returns:
        Whether another channel was found.
    """
    if message.occasion_id is None or message.kind is not MessageKind.INVITATION:
        return False
    occasion = tx.occasions.get(message.occasion_id)
    if occasion.state is not OccasionState.OPEN:
        return False
    if next_step(tx, message, occasion):
        return True
    if tx.ladders.is_last(message):
        enqueue_undelivered(tx, occasion.id)
    return False


def next_step(tx: Tx, message: Message, occasion: Occasion) -> bool:
    """Add the invitation through the next channel of the ladder by which the patient may be written to."""
    if occasion.expires_at <= tx.now:
        return False
    tried = {one.target for one in tx.outbox.of_occasion(occasion.id) if one.kind is MessageKind.INVITATION}
    for channel in following(_ladder(tx, occasion), message.target, tried):
        if not tx.statuses.may_be_written_to(occasion.patient_ref, channel):
            continue
        if tx.ladders.step(message, _invitation(tx, occasion, channel)):
            entity = f"Occasion/{occasion.id}"
            tx.audit.record(AuditEvent("next-channel", entity, (occasion.patient_ref,), "delivery"))
        return True
    return False


def _ladder(tx: Tx, occasion: Occasion) -> tuple[Step, ...]:
    """Return the ladder of the first package that has one, of those that the occasion asks for."""
    for enrolment_id in tx.occasions.enrolments_of(occasion.id):
        if steps := tx.ladders.of(tx.enrolments.get(enrolment_id).package):
            return steps
    return ()


def _invitation(tx: Tx, occasion: Occasion, channel: str) -> NewMessage:
    return NewMessage(
        kind=MessageKind.INVITATION,
        lane=f"{channel}:{occasion.id}",
        target=channel,
        due_at=next_open(tx.now, tx.window),
        patient_ref=occasion.patient_ref,
        expires_at=occasion.expires_at,
        occasion_id=occasion.id,
    )


@dataclass(frozen=True, slots=True)
class ClimbLadders:
    """The tick that goes a step on where nothing shows that a patient has seen what was sent."""

    store: Store
    clock: Clock

    def __call__(self) -> int:
        """Go on with what has waited long enough; tell how many went on to another channel."""
        with self.store.queue() as queue:
            found = queue.unseen(self.clock.now(), BATCH)
            return sum(
                pass_on(tx, tx.outbox.get(message_id))
                for clinic_id, message_id in found
                for tx in [queue.within(clinic_id, worker_of(clinic_id))]
            )
