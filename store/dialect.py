"""The few statements that the two databases spell differently."""

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert


def insert_for(connection: Connection, table: Table) -> PostgresInsert | SqliteInsert:
    """Start an INSERT that may say what to do on a conflict."""
    return insert_named(connection.dialect.name, table)


def insert_named(dialect: str, table: Table) -> PostgresInsert | SqliteInsert:
    """Start such an INSERT for a database by its name, for statements that are made once."""
    return PostgresInsert(table) if dialect == "postgresql" else SqliteInsert(table)


def take_turns(connection: Connection, name: str) -> None:
    """Let nobody else past here with the same name before this transaction ends; SQLite has one writer anyway."""
    if _is_postgresql(connection):
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
