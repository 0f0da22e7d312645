"""DELIVER: what need not be answered any more is taken back wherever a channel may still show it."""

from collections.abc import Mapping

from delivery.channels.port import Channel, Withdraws
from delivery.outbox import Message, MessageKind, MessageState, NewMessage
from delivery.patient_status import CLINIC_CHANNEL
from flow.handover import Handover
from flow.schedule import worker_of
from kernel.ids import OccasionId
from store.database import Store
from store.transaction import Tx


def withdraw_everywhere(tx: Tx, occasion_id: OccasionId) -> int:
    """Take a cancelled occasion back at every channel that may have it; tell at how many.

    The clinic's own call list reads the tables and needs no word.
    """
    return _withdraw(tx, tx.outbox.of_occasion(occasion_id), spared=frozenset())


def withdraw_elsewhere(tx: Tx, occasion_id: OccasionId, *, via: str) -> int:
    """Take an occasion that is answered back at the channels through which it was not; the first answer wins.

    Where one channel alone was handed the occasion, its message led to the answer, and nothing is to be said.

    Args:
        via: how the last answer came: a channel's name, or a way that no channel knows of.
    """
    messages = tx.outbox.of_occasion(occasion_id)
    if len(_handed(messages)) < 2:
        return 0
    return _withdraw(tx, messages, spared=frozenset({via}))


def take_back(store: Store, channels: Mapping[str, Channel], message: Message) -> Handover:
    """Hand one withdrawal over: everything that the channel was handed of the occasion; twice does no harm.

    Raises:
        DeliveryError: sorted into permanent and try again.
    """
    channel = channels.get(message.target)
    if not isinstance(channel, Withdraws) or message.occasion_id is None:
        return Handover(MessageState.CANCELLED)
    with store.read(message.clinic_id, worker_of(message.clinic_id)) as tx:
        handed = _handed(tx.outbox.of_occasion(message.occasion_id)).get(message.target, ())
    for one in handed:
        channel.withdraw(one.id)
    return Handover(MessageState.ACCEPTED)


def _withdraw(tx: Tx, messages: tuple[Message, ...], *, spared: frozenset[str]) -> int:
    handed = {target: some for target, some in _handed(messages).items() if target not in spared}
    if handed:
        tx.outbox.add_all([_withdrawal(tx, some[0]) for some in handed.values()])
    return len(handed)


def _handed(messages: tuple[Message, ...]) -> dict[str, tuple[Message, ...]]:
    """Return, by channel, what a channel may have: of which a transmission was begun, and not plainly refused."""
    handed: dict[str, tuple[Message, ...]] = {}
    for message in messages:
        was_refused = message.state is MessageState.DEAD and not message.in_doubt
        if message.kind.is_to_patient and message.attempts and message.target != CLINIC_CHANNEL and not was_refused:
            handed[message.target] = (*handed.get(message.target, ()), message)
    return handed


def _withdrawal(tx: Tx, handed: Message) -> NewMessage:
    return NewMessage(
        kind=MessageKind.WITHDRAWAL,
        lane=handed.lane,
        target=handed.target,
        due_at=tx.now,
        patient_ref=handed.patient_ref,
        occasion_id=handed.occasion_id,
    )
