"""Picking rows of the outbox that nobody else is changing, so that workers never wait for each other."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Select, select, tuple_, update

from store.moves import OUTBOX

KEY = tuple_(OUTBOX.c.clinic_id, OUTBOX.c.id)


def change_unlocked(connection: Connection, where: ColumnElement[bool], values: dict[str, Any], limit: int) -> None:
    """Change rows that nobody else is changing, at most so many."""
    rows = select(OUTBOX.c.clinic_id, OUTBOX.c.id).where(where).limit(limit)
    picked = rows.with_for_update(skip_locked=True, key_share=True).cte("picked")
    connection.execute(update(OUTBOX).where(KEY.in_(keys_of(picked)), where).values(**values))


def keys_of(picked: CTE) -> Select[Any]:
    """Return the keys of picked rows."""
    return select(picked.c.clinic_id, picked.c.id)
