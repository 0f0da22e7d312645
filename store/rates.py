"""Counts calls at doors, in rows that all processes share; they belong to no clinic."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, tuple_

from store.base import table_of
from store.dialect import insert_for
from store.tables.rate_window import RateWindowRow

WINDOW = table_of(RateWindowRow)
MOST_FORGOTTEN = 200
"""The first call of a window takes so many rows along that are over."""


def count_call(connection: Connection, bucket: str, ends_at: datetime, now: datetime) -> int:
    """Count one call; tell how many there were in this window, this one included."""
    first = insert_for(connection, WINDOW).values(bucket=bucket, ends_at=ends_at, calls=1)
    again = first.on_conflict_do_update(index_elements=["bucket", "ends_at"], set_={"calls": WINDOW.c.calls + 1})
    calls = int(connection.execute(again.returning(WINDOW.c.calls)).scalar_one())
    if calls == 1:
        _forget(connection, now)
    return calls


def _forget(connection: Connection, now: datetime) -> None:
    over = select(WINDOW.c.bucket, WINDOW.c.ends_at).where(WINDOW.c.ends_at <= now).limit(MOST_FORGOTTEN)
    # Two processes that tidy up at once pass each other by.
    passing = over.with_for_update(skip_locked=True)
    connection.execute(delete(WINDOW).where(tuple_(WINDOW.c.bucket, WINDOW.c.ends_at).in_(passing)))
