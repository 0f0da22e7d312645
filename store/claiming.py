"""A worker's turn at the outbox: each receiver gets what its circuit and rate allow, each clinic its share of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from sqlalchemy import Connection, func, select

from delivery.breaker import Circuit
from delivery.outbox import Message, MessageState
from store.dispatch import Claim, lease, wake
from store.moves import OUTBOX
from store.receivers import ReceiverState, lock_receivers, save_receivers
from store.settlement import Heard
from store.turns import Waiting, had_turn, in_turn, who_waits

TRIES = 4
"""For each message that fits, so many clinics are looked at: what a clinic has due may all be held by a gate."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one receiver may be given in this turn: at most `room` messages."""

    waiting: Waiting
    room: int


def claim(connection: Connection, owner: str, wanted: Claim, heard: Sequence[Heard] = ()) -> tuple[Message, ...]:
    """Learn from calls that ended, and lease due messages; see `QueueTx.claim`."""
    waiting = who_waits(connection, wanted.now, tuple(wanted.receivers)) if wanted.limit else ()
    if not waiting and not heard:
        return ()
    before = lock_receivers(connection, {one.target for one in waiting} | {one.target for one in heard})
    after = _learned(before, heard)
    for target in _back(before, after):
        wake(connection, target, wanted.now)
    shares = _shares(connection, waiting, after, wanted)
    taken: list[Message] = []
    for number, share in enumerate(shares):
        fair = ceil((wanted.limit - len(taken)) / (len(shares) - number))
        found = _take(connection, owner, replace(wanted, limit=min(fair, share.room)), share.waiting)
        _count(after, share.waiting.target, found, wanted)
        taken.extend(found)
    save_receivers(connection, before, after)
    return tuple(sorted(taken, key=lambda message: (message.due_at, message.id)))


def _learned(before: Mapping[str, ReceiverState], heard: Sequence[Heard]) -> dict[str, ReceiverState]:
    """Return what is known of the receivers after calls that ended."""
    known = dict(before)
    for one in heard:
        state = known[one.target]
        bucket = state.bucket.paused(one.pause_until) if one.pause_until else state.bucket
        known[one.target] = ReceiverState(state.breaker.hear(one.sign, one.message_id, one.at), bucket)
    return known


def _back(before: Mapping[str, ReceiverState], after: Mapping[str, ReceiverState]) -> tuple[str, ...]:
    """Return the receivers that answer again."""
    closed = (target for target, state in after.items() if state.breaker.circuit is Circuit.CLOSED)
    return tuple(target for target in closed if before[target].breaker.circuit is not Circuit.CLOSED)


def _shares(
    connection: Connection, waiting: Sequence[Waiting], known: dict[str, ReceiverState], wanted: Claim
) -> tuple[Share, ...]:
    """Return the receivers that may be given something, those that may be given least first."""
    in_hand = _in_hand(connection) if waiting else {}
    shares = []
    for one in waiting:
        state = known[one.target]
        known[one.target] = replace(state, bucket=state.bucket.refilled(wanted.now, wanted.max_rate(one.target)))
        room = _room(known[one.target], one.target, in_hand.get(one.target, 0), wanted)
        if room > 0:
            shares.append(Share(one, room))
    return tuple(sorted(shares, key=lambda share: share.room))


def _room(state: ReceiverState, target: str, in_hand: int, wanted: Claim) -> int:
    rooms = (
        state.breaker.room(wanted.now),
        state.bucket.room(wanted.now, wanted.max_rate(target)),
        wanted.receivers[target].max_in_flight - in_hand if target in wanted.receivers else None,
    )
    return min((wanted.limit, *(room for room in rooms if room is not None)))


def _in_hand(connection: Connection) -> dict[str, int]:
    """Count what all workers have leased, by receiver."""
    leased = OUTBOX.c.state == MessageState.LEASED
    query = select(OUTBOX.c.target, func.count().label("leased")).where(leased).group_by(OUTBOX.c.target)
    return {row.target: row.leased for row in connection.execute(query)}


def _take(connection: Connection, owner: str, wanted: Claim, waiting: Waiting) -> list[Message]:
    """Lease messages to one receiver, from clinic after clinic in turn."""
    clinics = in_turn(connection, waiting)[: wanted.limit * TRIES]
    taken: list[Message] = []
    for number, clinic_id in enumerate(clinics):
        fair = ceil((wanted.limit - len(taken)) / (len(clinics) - number))
        if fair == 0:
            clinics = clinics[:number]
            break
        taken += lease(connection, owner, replace(wanted, limit=fair), (waiting.target, clinic_id))
    if len(waiting.clinics) > 1:
        had_turn(connection, waiting.target, clinics, wanted.now)
    return taken


def _count(known: dict[str, ReceiverState], target: str, taken: Sequence[Message], wanted: Claim) -> None:
    """Count what was taken: tokens, and the probe where the circuit is not closed."""
    state = known[target]
    breaker = state.breaker
    if taken and breaker.circuit is not Circuit.CLOSED:
        breaker = breaker.probing(taken[0].id, wanted.lease_until)
    known[target] = ReceiverState(breaker, state.bucket.taken(len(taken), wanted.max_rate(target)))
