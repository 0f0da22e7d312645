"""The outbox as a person sees it: what is not finished, since when and why, and what may be done about it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from delivery.outbox import MessageKind, MessageState
from delivery.patient_status import Hold
from delivery.transitions import CHANGES, Change
from kernel.ids import ClinicId, EnrolmentId, MessageId, PatientRef

UNFINISHED = (MessageState.DUE, MessageState.LEASED, MessageState.IN_DOUBT, MessageState.DEAD)
"""Still to be sent, or waiting for a person."""
STUCK = tuple(sorted(CHANGES[Change.RETRY].starts))
"""Nothing happens by itself any more."""
MOST_LISTED = 1_000


class Act(StrEnum):
    """What a person does to a message."""

    RETRIED = "retried"
    RENEWED = "renewed"
    CANCELLED = "cancelled"
    HANDLED = "handled"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of the outbox.

    Args:
        states: None = what is not finished, but for what is not due yet and was never tried.
        targets: names of channels and plan targets; none = all of them.
        before: only what was put into the outbox before this moment, aware UTC; None = all.
        limit: at most so many, the oldest first.
    """

    states: Collection[MessageState] | None = None
    targets: Collection[str] = ()
    before: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class BacklogEntry:
    """One message, without anything of its content.

    Args:
        id: also its idempotency key.
        created_at: when it was put into the outbox, aware UTC.
        due_at: when it is tried next, aware UTC.
        in_doubt: an attempt may have arrived.
        last_error: why the last attempt failed; holds no payload.
        held_because: the gate that keeps a message to a patient from leaving now.
    """

    id: MessageId
    clinic_id: ClinicId
    kind: MessageKind
    target: str
    state: MessageState
    created_at: datetime
    due_at: datetime
    expires_at: datetime | None
    closed_at: datetime | None
    attempts: int
    in_doubt: bool
    last_error: str | None
    patient_ref: PatientRef = field(repr=False)
    enrolment_id: EnrolmentId | None = None
    held_because: Hold | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Messages that are counted together."""

    state: MessageState
    target: str
    kind: MessageKind


@dataclass(frozen=True, slots=True)
class Failing:
    """What one receiver has not taken although it was tried.

    Args:
        since: when the oldest of them first became due, aware UTC.
    """

    count: int
    since: datetime
