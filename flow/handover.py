"""What a receiver made of a message."""

from dataclasses import dataclass
from datetime import datetime

from delivery.outbox import MessageState


@dataclass(frozen=True, slots=True)
class Handover:
    """How one hand-over ended; `reference` is the receiver's own name for the message.

    Args:
        again_at: when it is due again, where nothing was handed over: the clinic's window is closed.
    """

    outcome: MessageState
    reference: str | None = None
    again_at: datetime | None = None
