"""Columns as the text that is stored, byte for byte the same on both databases: what a fingerprint is made of."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, Integer, Table, Text, cast, func

from store.types import UtcDateTime

MOMENT = "YYYY-MM-DD HH24:MI:SS.US"
"""How SQLite stores a moment; PostgreSQL is asked to write it so."""


def stored_text(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[str]:
    """Make the expression that gives a column as text; nothing is parsed, so nothing can be passed over."""
    if isinstance(column.type, Boolean):
        return cast(cast(column, Integer), Text)
    if isinstance(column.type, UtcDateTime) and connection.dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", column), MOMENT)
    return cast(column, Text)


def stored_texts(connection: Connection, table: Table, names: Iterable[str]) -> list[ColumnElement[str]]:
    """Make the expressions of several columns, each labelled with its name."""
    return [stored_text(connection, table.c[name]).label(name) for name in names]
