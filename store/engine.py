"""How an engine is made: the driver, the way SQLite transactions begin, and nothing shown of a row in an error."""

import os
from collections.abc import Mapping
from typing import Any

import jiter
from psycopg.errors import OperationalError, error_from_result
from psycopg.pq import ExecStatus
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

BUSY_TIMEOUT_MS = 5_000
IMMEDIATE = "svarbro_immediate"
"""Execution option of a connection whose transactions will write."""
BEGIN = "BEGIN"
LOST = "The connection to the database was lost."
BEGINS = "svarbro_begins"
"""Execution option of a connection to PostgreSQL: the statements that its transactions begin with."""
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
    options: dict[str, Any] = {"hide_parameters": True, "json_deserializer": read_json}
    if url.get_backend_name() == "postgresql":
        options["pool_pre_ping"] = True
    return options


def read_json(text: str | bytes) -> Any:
    """Read a JSON column; the parser of the gate is three times as fast as the standard library's."""
    return jiter.from_json(text.encode() if isinstance(text, str) else text)


def open_engine(url: str) -> Engine:
    """Open an engine without Flask: for migrations, tests and tools."""
    parsed = connection_url(url)
    return prepare(create_engine(parsed, **engine_options(parsed)))


def prepare(engine: Engine) -> Engine:
    """Make a SQLite engine set up its connections; leave every other as it is."""
    if engine.dialect.name == "sqlite":
        _make_private(engine.url)
        event.listen(engine, "connect", _set_up)
    event.listen(engine, "checkin", _forget)
    return engine


class SqliteDialect(SQLiteDialect_pysqlite):
    """SQLite that begins its transactions itself, and those that will write with IMMEDIATE.

    A listener for `begin` would do the same, and make SQLAlchemy look for listeners at every statement.
    """

    supports_statement_cache = True

    def set_connection_execution_options(self, connection: Connection, opts: Mapping[str, Any]) -> None:
        """Remember with the connection, until it is given back, whether its transactions will write."""
        super().set_connection_execution_options(connection, opts)
        if IMMEDIATE in opts:
            connection.info[IMMEDIATE] = opts[IMMEDIATE]

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """Begin now, not with the first change."""
        writes = dbapi_connection.info.get(IMMEDIATE, False)
        dbapi_connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")


class PostgresDialect(PGDialect_psycopg):
    """PostgreSQL whose transactions take on a role with the very call that begins them: that costs no call of its own.

    The driver begins nothing then; it still commits and rolls back what was begun.
    """

    supports_statement_cache = True

    def create_connect_args(self, url: URL) -> Any:
        """Connect so that the driver begins nothing by itself."""
        arguments, options = super().create_connect_args(url)  # type: ignore[no-untyped-call]  # SQLAlchemy's own
        return arguments, {**options, "autocommit": True}

    def set_connection_execution_options(self, connection: Connection, opts: Mapping[str, Any]) -> None:
        """Remember with the connection, until it is given back, how its transactions begin."""
        super().set_connection_execution_options(connection, opts)
        if BEGINS in opts:
            connection.info[BEGINS] = opts[BEGINS]

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """Begin now, below the driver's cursors: they take several times as long over several statements."""
        connection: Any = dbapi_connection.driver_connection
        try:
            result = connection.pgconn.exec_(dbapi_connection.info.get(BEGINS, BEGIN).encode())
        except MemoryError:
            # So the driver tells of a connection that was lost before.
            raise OperationalError(LOST) from None
        if connection.broken:
            raise OperationalError(LOST)
        if result.status != ExecStatus.COMMAND_OK:
            raise error_from_result(result, encoding="utf-8")


registry.register("sqlite", __name__, SqliteDialect.__name__)
registry.register("postgresql.psycopg", __name__, PostgresDialect.__name__)


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


def _forget(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info.pop(IMMEDIATE, None)
    entry.info.pop(BEGINS, None)
