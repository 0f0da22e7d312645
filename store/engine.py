"""How an engine is made: the driver, the way SQLite transactions begin, and nothing shown of a row in an error."""

import os
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 5_000
IMMEDIATE = "svarbro_immediate"
"""Execution option of a connection whose next transaction will write."""
PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)
POSTGRES_DRIVER = "postgresql+psycopg"


def connection_url(url: str) -> URL:
    """Read a database URL; `postgres://` and `postgresql://` get the driver that we install."""
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername=POSTGRES_DRIVER)
    return parsed


def engine_options(url: URL) -> dict[str, Any]:
    """Return what every engine of this service is made with.

    Parameters stay out of error texts: they are people's answers.
    """
    options: dict[str, Any] = {"hide_parameters": True}
    if url.get_backend_name() == "postgresql":
        options["pool_pre_ping"] = True
    return options


def open_engine(url: str) -> Engine:
    """Open an engine without Flask: for migrations, tests and tools."""
    parsed = connection_url(url)
    return prepare(create_engine(parsed, **engine_options(parsed)))


def prepare(engine: Engine) -> Engine:
    """Make a SQLite engine begin its transactions itself; leave every other as it is."""
    if engine.dialect.name == "sqlite":
        _make_private(engine.url)
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def _make_private(url: URL) -> None:
    """Create a new database file readable by its owner only; its WAL file takes the same mode."""
    if url.database and url.database != ":memory:":
        os.close(os.open(url.database, os.O_RDWR | os.O_CREAT, 0o600))


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # None: the driver itself begins nothing; it would begin too late, and never with IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
