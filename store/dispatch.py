"""Claiming and settling messages: fence, lanes, each by conditional updates."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, and_, insert, select, update

from delivery.capabilities import Capabilities
from delivery.outbox import Message, MessageKind, MessageState
from delivery.transitions import OPEN_STATES, Change
from kernel.ids import Canonical, ClinicId, new_id
from store.base import table_of
from store.gates import may_leave
from store.moves import OUTBOX, ends, starts
from store.picking import KEY, change_unlocked, keys_of
from store.settlement import Settlement
from store.tables.attempt import AttemptRow
from store.values import to_value

ATTEMPT = table_of(AttemptRow)

ERROR_LENGTH = 500
REFERENCE_LENGTH = 200


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
    over = and_(starts(Change.EXPIRE), OUTBOX.c.expires_at <= now)
    change_unlocked(connection, over, ends(Change.EXPIRE, now), limit)


def lease(connection: Connection, owner: str, claim: Claim, place: tuple[str, ClinicId]) -> tuple[Message, ...]:
    """Lease due messages of one clinic to one receiver, the longest due first, each the oldest open one of its lane.

    Args:
        place: target and clinic.
    """
    first = _first_of_their_lanes(claim, place)
    values = {
        **ends(Change.CLAIM, claim.now),
        "lease_owner": owner,
        "lease_until": claim.lease_until,
        "fence": OUTBOX.c.fence + 1,
        "attempts": OUTBOX.c.attempts + 1,
    }
    taken = update(OUTBOX).where(KEY.in_(keys_of(first)), starts(Change.CLAIM)).values(**values).returning(*OUTBOX.c)
    messages = [to_value(Message, row) for row in connection.execute(taken)]
    _begin_attempts(connection, messages, owner, claim.now)
    return tuple(messages)


def settle(connection: Connection, settlement: Settlement) -> bool:
    """Write what came of a transmission; see `QueueTx.settle`."""
    held = and_(_is(settlement), starts(Change.SETTLE), OUTBOX.c.fence == settlement.fence)
    counted = connection.execute(update(OUTBOX).where(held).values(**_ended(settlement))).rowcount == 1
    _end_attempt(connection, settlement, counted=counted)
    if counted and settlement.outcome is MessageState.DUE:
        _yield_to_newer(connection, settlement)
    return counted


def _first_of_their_lanes(claim: Claim, place: tuple[str, ClinicId]) -> CTE:
    """Pick due messages with no older open one in their lane, no closed gate, and that no other worker is picking."""
    due, older = OUTBOX.alias("candidate"), OUTBOX.alias("older")
    waits = (
        select(older.c.id)
        .where(
            older.c.clinic_id == due.c.clinic_id,
            older.c.lane == due.c.lane,
            older.c.sequence < due.c.sequence,
            older.c.state.in_(OPEN_STATES),
        )
        .exists()
    )
    # A kind that only newer code knows is left to it: one such row would stop every claim of this worker.
    is_due = and_(starts(Change.CLAIM, due), due.c.due_at <= claim.now, due.c.kind.in_(tuple(MessageKind)))
    target, clinic_id = place
    ready = and_(
        due.c.target == target, due.c.clinic_id == clinic_id, is_due, ~waits, may_leave(due, claim.now, claim.held)
    )
    picked = select(due.c.clinic_id, due.c.id).where(ready).order_by(due.c.due_at, due.c.id).limit(claim.limit)
    return picked.with_for_update(of=due, skip_locked=True, key_share=True).cte("first")


def _is(settlement: Settlement) -> ColumnElement[bool]:
    return and_(OUTBOX.c.clinic_id == settlement.clinic_id, OUTBOX.c.id == settlement.message_id)


def _ended(settlement: Settlement) -> dict[str, Any]:
    values: dict[str, Any] = {
        **ends(Change.SETTLE, settlement.at, settlement.outcome),
        "provider_ref": _cut(settlement.reference, REFERENCE_LENGTH),
        "last_error": _cut(settlement.error, ERROR_LENGTH),
    }
    if settlement.maybe_accepted or settlement.outcome is MessageState.IN_DOUBT:
        values["in_doubt"] = True
    if settlement.retry_at is not None:
        values["due_at"] = settlement.retry_at
    return values


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
    this = and_(
        ATTEMPT.c.clinic_id == settlement.clinic_id,
        ATTEMPT.c.message_id == settlement.message_id,
        ATTEMPT.c.fence == settlement.fence,
    )
    values = {
        "ended_at": settlement.at,
        "outcome": settlement.outcome,
        "counted": counted,
        "http_status": settlement.http_status,
        "error": _cut(settlement.error, ERROR_LENGTH),
        "retry_at": settlement.retry_at,
    }
    connection.execute(update(ATTEMPT).where(this).values(**values))


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
