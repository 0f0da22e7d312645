"""What came of one transmission: of its message, and of its receiver."""

from dataclasses import dataclass, field
from datetime import datetime

from delivery.breaker import Sign
from delivery.outbox import MessageState
from kernel.ids import ClinicId, MessageId


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a transmission ended, as it is written to the outbox.

    Args:
        fence: of the claim; a result with an older one changes nothing.
        outcome: ACCEPTED, DUE (try again at `retry_at`), IN_DOUBT, CANCELLED or DEAD.
        at: when it ended, aware UTC.
        retry_at: with DUE only: not before this moment.
        reference: the receiver's own reference; cut at 200 characters.
        error: what went wrong, without a payload; cut at 500 characters.
        http_status: the receiver's status, if it gave one.
        maybe_accepted: the receiver may have taken it although no answer came.
    """

    message_id: MessageId
    clinic_id: ClinicId
    fence: int
    outcome: MessageState
    at: datetime
    retry_at: datetime | None = None
    reference: str | None = field(default=None, repr=False)
    error: str | None = None
    http_status: int | None = None
    maybe_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What the end of a call told of its receiver.

    Args:
        target: the receiver.
        at: when the call ended, aware UTC.
        pause_until: it asked to be left alone until then.
    """

    target: str
    message_id: MessageId
    sign: Sign
    at: datetime
    pause_until: datetime | None = None
