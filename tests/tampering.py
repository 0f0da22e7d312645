"""Whoever holds the database can change a sealed row: the guards are taken away first, as such a person would."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from store.database import Store


@contextmanager
def tampering(store: Store) -> Iterator[Connection]:
    """Give a writing transaction in which no trigger fires; on SQLite they are there again afterwards."""
    with store.queue() as queue:
        connection = queue.connection
        if connection.dialect.name == "postgresql":
            as_owner(connection)
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection
            return
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name <> 'watch_states'"
        guards = connection.exec_driver_sql(query).all()
        for guard in guards:
            connection.exec_driver_sql(f"DROP TRIGGER {guard.name}")
        yield connection
        for guard in guards:
            connection.exec_driver_sql(guard.sql)


def as_owner(connection: Connection) -> None:
    """Lay down the role that the store's transaction took on, as only whoever signed in as owner can."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL ROLE NONE")
