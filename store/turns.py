"""Whose turn it is at a receiver: clinics that wait are served one after another, however much each of them has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from delivery.transitions import Change
from kernel.ids import ClinicId
from store.base import table_of
from store.dialect import insert_for
from store.moves import OUTBOX, starts
from store.tables.clinic_turn import ClinicTurnRow

TURN = table_of(ClinicTurnRow)
SAMPLE = 200
"""So many of the longest due are looked at; only a longer queue asks for every clinic that waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits for a receiver, the longest due first."""

    target: str
    clinics: tuple[ClinicId, ...]


def who_waits(connection: Connection, now: datetime, targets: Sequence[str]) -> tuple[Waiting, ...]:
    """Return the receivers that something is due for, each with the clinics that wait.

    Args:
        targets: the receivers of this installation; where the queue is short it tells them itself.
    """
    rows = _longest_due(connection, now)
    if len(rows) < SAMPLE:
        names = dict.fromkeys(row.target for row in rows)
        return tuple(Waiting(name, _clinics(row.clinic_id for row in rows if row.target == name)) for name in names)
    names = dict.fromkeys((*targets, *(row.target for row in rows)))
    found = (Waiting(name, _clinics_of(connection, now, name)) for name in names)
    return tuple(waiting for waiting in found if waiting.clinics)


def in_turn(connection: Connection, waiting: Waiting) -> tuple[ClinicId, ...]:
    """Return the clinics as they are served: those without a turn yet, then those whose last turn is longest ago."""
    if len(waiting.clinics) < 2:
        return waiting.clinics
    query = select(TURN.c.clinic_id, TURN.c.served_at).where(TURN.c.target == waiting.target)
    served = {ClinicId(row.clinic_id): row.served_at for row in connection.execute(query)}
    never = [one for one in waiting.clinics if one not in served]
    return (*never, *sorted((one for one in waiting.clinics if one in served), key=served.__getitem__))


def had_turn(connection: Connection, target: str, clinics: Sequence[ClinicId], at: datetime) -> None:
    """Remember that clinics had their turn."""
    rows = [{"clinic_id": one, "target": target, "served_at": at} for one in sorted(clinics)]
    if rows:
        statement = insert_for(connection, TURN)
        keep = statement.on_conflict_do_update(
            index_elements=["clinic_id", "target"], set_={"served_at": statement.excluded.served_at}
        )
        connection.execute(keep, rows)


def _longest_due(connection: Connection, now: datetime, target: str | None = None) -> Sequence[Any]:
    due = and_(starts(Change.CLAIM), OUTBOX.c.due_at <= now)
    query = select(OUTBOX.c.target, OUTBOX.c.clinic_id).where(due).order_by(OUTBOX.c.due_at, OUTBOX.c.id).limit(SAMPLE)
    return connection.execute(query if target is None else query.where(OUTBOX.c.target == target)).all()


def _clinics_of(connection: Connection, now: datetime, target: str) -> tuple[ClinicId, ...]:
    rows = _longest_due(connection, now, target)
    if len(rows) < SAMPLE:
        return _clinics(row.clinic_id for row in rows)
    return _clinics(row.clinic_id for row in connection.execute(_every_clinic(target)))


def _every_clinic(target: str) -> Select[Any]:
    """Step from clinic to clinic through the index: a queue of a hundred thousand costs no more than its clinics."""
    here = and_(starts(Change.CLAIM), OUTBOX.c.target == target)
    first = select(func.min(OUTBOX.c.clinic_id).label("clinic_id")).where(here).cte("step", recursive=True)
    following = select(func.min(OUTBOX.c.clinic_id)).where(here, OUTBOX.c.clinic_id > first.c.clinic_id)
    step = first.union_all(select(following.scalar_subquery()).where(first.c.clinic_id.is_not(None)))
    return select(step.c.clinic_id).where(step.c.clinic_id.is_not(None))


def _clinics(ids: Iterable[str]) -> tuple[ClinicId, ...]:
    return tuple(ClinicId(one) for one in dict.fromkeys(ids))
