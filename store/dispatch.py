"""Claiming and settling messages: fence, lanes, each by conditional updates."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Boolean, ColumnElement, Connection, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from delivery.capabilities import Capabilities
from delivery.outbox import Message, MessageKind, MessageState
from delivery.transitions import Change
from kernel.ids import Canonical, ClinicId, new_id
from store.base import table_of
from store.gates import may_leave
from store.moves import OUTBOX, ends, is_open, starts
from store.picking import KEY, change_unlocked, keys_of
from store.settlement import Settlement
from store.tables.attempt import AttemptRow
from store.types import UtcDateTime
from store.values import to_value

ATTEMPT = table_of(AttemptRow)

ERROR_LENGTH = 500
REFERENCE_LENGTH = 200
MOST_WOKEN = 1_000
"""One claim wakes at most so many; whoever is left has its own wait."""

NOW = bindparam("of_now", type_=UtcDateTime)

# These are made once: making a statement costs several times as much as running it, and they run all the time.
IS_OVER = select(OUTBOX.c.id).where(starts(Change.EXPIRE), OUTBOX.c.expires_at <= NOW).limit(1)
SETTLE = (
    update(OUTBOX)
    .where(
        OUTBOX.c.clinic_id == bindparam("of_clinic"),
        OUTBOX.c.id == bindparam("of_message"),
        OUTBOX.c.fence == bindparam("of_fence"),
        starts(Change.SETTLE),
    )
    .values(
        {
            **{name: bindparam(f"new_{name}") for name in ("state", "closed_at", "lease_owner", "lease_until")},
            **{name: bindparam(f"new_{name}") for name in ("provider_ref", "last_error")},
            "in_doubt": or_(OUTBOX.c.in_doubt, bindparam("is_doubtful", type_=Boolean)),
            "due_at": func.coalesce(bindparam("new_due_at", type_=UtcDateTime), OUTBOX.c.due_at),
        }
    )
)
END_ATTEMPT = (
    update(ATTEMPT)
    .where(
        ATTEMPT.c.clinic_id == bindparam("of_clinic"),
        ATTEMPT.c.message_id == bindparam("of_message"),
        ATTEMPT.c.fence == bindparam("of_fence"),
    )
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("ended_at", "outcome", "counted", "http_status", "error", "retry_at")
        }
    )
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker wants to take.

    Args:
        lease_until: from this moment on another worker may take it.
        limit: at most so many messages.
        held: questionnaire versions that cannot be sent now, so that no invitation to them leaves.
        receivers: what they can take, by target; one that is not named has no limits.
    """

    now: datetime
    lease_until: datetime
    limit: int
    held: Collection[Canonical] = ()
    receivers: Mapping[str, Capabilities] = field(default_factory=dict)

    def max_rate(self, target: str) -> float | None:
        """Return how many messages a second a receiver wants at most."""
        return self.receivers[target].max_rate if target in self.receivers else None


def expire(connection: Connection, now: datetime, limit: int) -> None:
    """Close due messages whose time is over."""
    if connection.execute(IS_OVER, {"of_now": now}).first():
        over = and_(starts(Change.EXPIRE), OUTBOX.c.expires_at <= now)
        change_unlocked(connection, over, ends(Change.EXPIRE, now), limit)


def wake(connection: Connection, target: str, now: datetime) -> None:
    """Make what waits after a failed attempt due now: its wait was meant for a receiver that did not answer."""
    waits = and_(
        starts(Change.CLAIM), OUTBOX.c.target == target, OUTBOX.c.last_error.is_not(None), OUTBOX.c.due_at > now
    )
    change_unlocked(connection, waits, {"due_at": now}, MOST_WOKEN)


def lease(connection: Connection, owner: str, claim: Claim, place: tuple[str, ClinicId]) -> tuple[Message, ...]:
    """Lease due messages of one clinic to one receiver, the longest due first, each the oldest open one of its lane.

    Args:
        place: target and clinic.
    """
    target, clinic_id = place
    values = {
        "of_target": target,
        "of_clinic": clinic_id,
        "of_now": claim.now,
        "of_most": claim.limit,
        "new_owner": owner,
        "new_until": claim.lease_until,
    }
    rows = connection.execute(_taking(frozenset(claim.held)), values)
    messages = tuple(to_value(Message, row) for row in rows)
    _begin_attempts(connection, messages, owner, claim.now)
    return messages


def settle(connection: Connection, settlement: Settlement) -> bool:
    """Write what came of a transmission; see `QueueTx.settle`."""
    counted = connection.execute(SETTLE, _ended(settlement)).rowcount == 1
    _end_attempt(connection, settlement, counted=counted)
    if counted and settlement.outcome is MessageState.DUE:
        _yield_to_newer(connection, settlement)
    return counted


@lru_cache(maxsize=8)
def _taking(held: frozenset[Canonical]) -> ReturningUpdate[Any]:
    """Make what leases the due messages of one clinic to one receiver; what is held changes once in months."""
    values = {
        **ends(Change.CLAIM, NOW),
        "lease_owner": bindparam("new_owner"),
        "lease_until": bindparam("new_until"),
        "fence": OUTBOX.c.fence + 1,
        "attempts": OUTBOX.c.attempts + 1,
    }
    first = _first_of_their_lanes(held)
    taken = update(OUTBOX).where(KEY.in_(keys_of(first)), starts(Change.CLAIM))
    return taken.values(**values).returning(*OUTBOX.c)


def _first_of_their_lanes(held: frozenset[Canonical]) -> CTE:
    """Pick due messages with no older open one in their lane, no closed gate, and that no other worker is picking."""
    due, lane = OUTBOX.alias("candidate"), OUTBOX.alias("lane")
    # A number to compare with, not "no older one exists": that might be joined to all open messages of the clinic.
    first = (
        select(func.min(lane.c.sequence))
        .where(lane.c.clinic_id == due.c.clinic_id, lane.c.lane == due.c.lane, is_open(lane))
        .scalar_subquery()
    )
    here = and_(due.c.target == bindparam("of_target"), due.c.clinic_id == bindparam("of_clinic"))
    # A kind that only newer code knows is left to it: one such row would stop every claim of this worker.
    is_due = and_(starts(Change.CLAIM, due), due.c.due_at <= NOW, due.c.kind.in_(tuple(MessageKind)))
    ready = and_(here, is_due, due.c.sequence == first, may_leave(due, NOW, held))
    picked = select(due.c.clinic_id, due.c.id).where(ready).order_by(due.c.due_at, due.c.id).limit(bindparam("of_most"))
    return picked.with_for_update(of=due, skip_locked=True, key_share=True).cte("first")


def _is(settlement: Settlement) -> ColumnElement[bool]:
    return and_(OUTBOX.c.clinic_id == settlement.clinic_id, OUTBOX.c.id == settlement.message_id)


def _ended(settlement: Settlement) -> dict[str, Any]:
    return {
        **_key_of(settlement),
        **{f"new_{name}": value for name, value in ends(Change.SETTLE, settlement.at, settlement.outcome).items()},
        "new_provider_ref": _cut(settlement.reference, REFERENCE_LENGTH),
        "new_last_error": _cut(settlement.error, ERROR_LENGTH),
        "is_doubtful": settlement.maybe_accepted or settlement.outcome is MessageState.IN_DOUBT,
        "new_due_at": settlement.retry_at,
    }


def _key_of(settlement: Settlement) -> dict[str, Any]:
    return {
        "of_clinic": settlement.clinic_id,
        "of_message": settlement.message_id,
        "of_fence": settlement.fence,
    }


def _begin_attempts(connection: Connection, messages: Sequence[Message], owner: str, now: datetime) -> None:
    rows = [
        {
            "clinic_id": message.clinic_id,
            "id": new_id(),
            "message_id": message.id,
            "fence": message.fence,
            "owner": owner,
            "started_at": now,
            "counted": False,
        }
        for message in messages
    ]
    if rows:
        connection.execute(insert(ATTEMPT), rows)


def _end_attempt(connection: Connection, settlement: Settlement, *, counted: bool) -> None:
    values = {
        "new_ended_at": settlement.at,
        "new_outcome": settlement.outcome,
        "new_counted": counted,
        "new_http_status": settlement.http_status,
        "new_error": _cut(settlement.error, ERROR_LENGTH),
        "new_retry_at": settlement.retry_at,
    }
    connection.execute(END_ATTEMPT, {**_key_of(settlement), **values})


def _yield_to_newer(connection: Connection, settlement: Settlement) -> None:
    """Give up a message that was being sent while a newer one superseded its lane."""
    newer = OUTBOX.alias("newer")
    superseded = (
        select(newer.c.id)
        .where(
            newer.c.clinic_id == OUTBOX.c.clinic_id,
            newer.c.lane == OUTBOX.c.lane,
            newer.c.kind == OUTBOX.c.kind,
            newer.c.sequence > OUTBOX.c.sequence,
            newer.c.supersedes,
        )
        .exists()
    )
    here = and_(_is(settlement), starts(Change.SUPERSEDE), superseded)
    connection.execute(update(OUTBOX).where(here).values(**ends(Change.SUPERSEDE, settlement.at)))


def _cut(text: str | None, length: int) -> str | None:
    return None if text is None else text[:length]
