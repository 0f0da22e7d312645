"""Leases: made longer while a call runs, given back where none began, freed where a worker is gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, and_, bindparam, case, delete, select, update

from delivery.outbox import Message
from delivery.retry import STEPS_S
from delivery.transitions import Change
from store.base import table_of
from store.moves import OUTBOX, ends, starts
from store.picking import change_unlocked
from store.tables.attempt import AttemptRow
from store.types import UtcDateTime

ATTEMPT = table_of(AttemptRow)
IS_LOST = (
    select(OUTBOX.c.id)
    .where(starts(Change.LOSE_LEASE), OUTBOX.c.lease_until <= bindparam("of_now", type_=UtcDateTime))
    .limit(1)
)
OFTEN = 5
"""After so many attempts whose worker never reported, the message itself is suspected: it waits longer each time."""


def free_lost(connection: Connection, now: datetime, limit: int) -> None:
    """Make messages due again whose worker never reported; they may have arrived."""
    if connection.execute(IS_LOST, {"of_now": now}).first():
        lost = and_(starts(Change.LOSE_LEASE), OUTBOX.c.lease_until <= now)
        change_unlocked(connection, lost, _lost(now), limit)


def free_all(connection: Connection, now: datetime) -> int:
    """Make every leased message due again, whoever holds it; tell how many there were."""
    leased = update(OUTBOX).where(starts(Change.LOSE_LEASE))
    return connection.execute(leased.values(**_lost(now))).rowcount


def renew(connection: Connection, messages: Sequence[Message], until: datetime) -> None:
    """Keep messages longer; one that was lost meanwhile stays lost."""
    if messages:
        here = _held_by_fence().where(starts(Change.SETTLE))
        connection.execute(here.values(lease_until=until), _keys_of(messages))


def give_back(connection: Connection, messages: Sequence[Message]) -> None:
    """Make messages due again that no call was begun for: as if they had never been claimed, but for the fence."""
    if not messages:
        return
    values = {**ends(Change.GIVE_BACK, messages[0].due_at), "attempts": OUTBOX.c.attempts - 1}
    connection.execute(_held_by_fence().where(starts(Change.GIVE_BACK)).values(**values), _keys_of(messages))
    of_claim = and_(
        ATTEMPT.c.clinic_id == bindparam("of_clinic"),
        ATTEMPT.c.message_id == bindparam("of_id"),
        ATTEMPT.c.fence == bindparam("of_fence"),
    )
    connection.execute(delete(ATTEMPT).where(of_claim), _keys_of(messages))


def _lost(now: datetime) -> dict[str, object]:
    waits = [(OUTBOX.c.attempts == OFTEN + n, now + timedelta(seconds=step)) for n, step in enumerate(STEPS_S)]
    longest = now + timedelta(seconds=STEPS_S[-1])
    due_at = case((OUTBOX.c.attempts < OFTEN, OUTBOX.c.due_at), *waits, else_=longest)
    return {**ends(Change.LOSE_LEASE, now), "in_doubt": True, "due_at": due_at}


def _held_by_fence() -> Update:
    return update(OUTBOX).where(
        OUTBOX.c.clinic_id == bindparam("of_clinic"),
        OUTBOX.c.id == bindparam("of_id"),
        OUTBOX.c.fence == bindparam("of_fence"),
    )


def _keys_of(messages: Sequence[Message]) -> list[dict[str, object]]:
    return [{"of_clinic": one.clinic_id, "of_id": one.id, "of_fence": one.fence} for one in messages]
