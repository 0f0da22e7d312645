"""What is known of each receiver, as rows that all workers share: read under a lock, written where it changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update

from delivery.breaker import Breaker
from delivery.rate import Bucket
from store.base import table_of
from store.dialect import insert_for
from store.tables.receiver_state import ReceiverStateRow
from store.values import to_columns, to_value

RECEIVER = table_of(ReceiverStateRow)


@dataclass(frozen=True, slots=True)
class ReceiverState:
    """Circuit and tokens of one receiver; one that nothing is known of is spoken to."""

    breaker: Breaker = field(default_factory=Breaker)
    bucket: Bucket = field(default_factory=Bucket)


def read_receivers(connection: Connection) -> dict[str, ReceiverState]:
    """Return what is known, by target; without a lock, to look at."""
    return {row.target: _state(row) for row in connection.execute(select(RECEIVER).order_by(RECEIVER.c.target))}


def lock_receivers(connection: Connection, targets: Collection[str]) -> dict[str, ReceiverState]:
    """Return what is known of these and all other receivers, and keep every other worker from it until the end.

    All are locked, always in the same order, so that no two workers wait for each other.
    """
    known = _locked(connection)
    if new := sorted(set(targets) - known.keys()):
        fresh = [{"target": target, **_columns(ReceiverState())} for target in new]
        connection.execute(insert_for(connection, RECEIVER).on_conflict_do_nothing(), fresh)
        known = _locked(connection)
    return known


def save_receivers(
    connection: Connection, before: Mapping[str, ReceiverState], after: Mapping[str, ReceiverState]
) -> None:
    """Write what changed."""
    for target, state in after.items():
        if state != before[target]:
            change = update(RECEIVER).where(RECEIVER.c.target == target)
            connection.execute(change.values(**_columns(state)))


def _locked(connection: Connection) -> dict[str, ReceiverState]:
    query = select(RECEIVER).order_by(RECEIVER.c.target).with_for_update()
    return {row.target: _state(row) for row in connection.execute(query)}


def _state(row: Any) -> ReceiverState:
    return ReceiverState(to_value(Breaker, row), to_value(Bucket, row))


def _columns(state: ReceiverState) -> dict[str, Any]:
    return {**to_columns(state.breaker), **to_columns(state.bucket)}
