"""Whether a database is whole: asked of its rows, not of its indexes."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, UniqueConstraint, and_, func, select

from store import tables
from store.base import Base

ALL_TABLES = tables.__all__
"""Naming them here makes sure that the metadata is complete."""


def faults(connection: Connection) -> list[str]:
    """Name every constraint that the rows do not keep, and what the database itself complains of."""
    return [*_complaints(connection), *_orphans(connection), *_doubles(connection)]


def _complaints(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        yield from (row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok")
        yield from (f"foreign key: {row}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check"))
    else:
        # An index that lost an entry would hide a row: what follows looks at the rows themselves.
        connection.exec_driver_sql("SET LOCAL enable_indexscan = off")
        connection.exec_driver_sql("SET LOCAL enable_indexonlyscan = off")
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")


def _orphans(connection: Connection) -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            other = key.referred_table.alias("other")
            pairs = [(one.parent, other.c[one.column.name]) for one in key.elements]
            found = select(other).where(and_(*(ours == theirs for ours, theirs in pairs))).exists()
            named = and_(*(ours.is_not(None) for ours, _ in pairs))
            if connection.execute(select(func.count()).select_from(table).where(named, ~found)).scalar_one():
                yield f"{key.name}: rows without what they belong to"


def _doubles(connection: Connection) -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for name, columns in _keys(table):
            asked = and_(*(column.is_not(None) for column in columns))
            doubled = select(*columns).where(asked).group_by(*columns).having(func.count() > 1).limit(1)
            if connection.execute(doubled).first():
                yield f"{name}: the same key twice"


def _keys(table: Table) -> Iterator[tuple[str, tuple[ColumnElement[Any], ...]]]:
    yield f"{table.name}, primary key", tuple(table.primary_key.columns)
    for one in table.constraints:
        if isinstance(one, UniqueConstraint):
            yield str(one.name), tuple(one.columns)
