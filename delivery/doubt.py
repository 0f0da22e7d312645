"""What is done with a message that may have arrived without our knowing: by what its receiver can do; pure."""

from enum import StrEnum

from delivery.capabilities import Capabilities, Idempotency
from delivery.outbox import MessageKind


class Doubt(StrEnum):
    """Send it again with its key, ask the receiver first, or let a person find out."""

    AGAIN = "again"
    LOOK_UP = "look-up"
    ASK = "ask"


def way_out(kind: MessageKind, receiver: Capabilities | None) -> Doubt:
    """Return the way out of a doubt.

    Args:
        receiver: what it can do; None = an adapter that this installation does not have, so that nothing is sent.

    Source: docs/delivery.md, in doubt.
    """
    if receiver is None or receiver.idempotency is not Idempotency.NONE:
        return Doubt.AGAIN
    if kind is MessageKind.WITHDRAWAL:
        # Taken back twice is taken back; and no receiver could be asked for it, for it is no message of its own.
        return Doubt.AGAIN
    if receiver.lookup:
        return Doubt.LOOK_UP
    return Doubt.AGAIN if kind.may_repeat else Doubt.ASK
