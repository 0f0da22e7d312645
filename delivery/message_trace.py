"""What happened to one message: every transmission of it, what its receiver told, and what people did; no content."""

from dataclasses import dataclass
from datetime import datetime

from delivery.backlog import Act, BacklogEntry
from delivery.outbox import MessageState
from kernel.ids import MessageId


@dataclass(frozen=True, slots=True)
class Attempt:
    """One transmission.

    Args:
        fence: its number, from 1; a message that is claimed again gets a higher one.
        owner: name of the worker.
        ended_at: aware UTC; None while it runs, or where its worker died.
        counted: whether its end changed the message; one that came after the lease was over changes nothing.
        error: what went wrong; holds no payload.
        retry_at: when it was to be tried again, aware UTC.
    """

    fence: int
    owner: str
    started_at: datetime
    ended_at: datetime | None
    outcome: MessageState | None
    counted: bool
    http_status: int | None
    error: str | None
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class ActDone:
    """What one person did to a message; the reason, which may name somebody, stays sealed.

    Args:
        actor_id: who did it.
        renewed_as: the message that took its place, with a key of its own.
    """

    act: Act
    actor_id: str
    at: datetime
    renewed_as: MessageId | None


@dataclass(frozen=True, slots=True)
class ReceiptTold:
    """What the receiver told of a message.

    Args:
        at: when it happened, as the receiver says, aware UTC.
        recorded_at: when we learned of it, aware UTC.
    """

    event: str
    at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class MessageTrace:
    """One message with all that happened to it, each kind oldest first."""

    message: BacklogEntry
    attempts: tuple[Attempt, ...]
    receipts: tuple[ReceiptTold, ...]
    acts: tuple[ActDone, ...]
