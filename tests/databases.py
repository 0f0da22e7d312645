"""Fixtures: an empty, migrated database of its own for each test, on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import psycopg
import pytest

from delivery.transitions import TRANSITIONS
from kernel.ids import new_id
from security.keys import KeyRing
from store import tables
from store.base import Base
from store.database import Store
from store.engine import open_engine
from store.migration import upgrade
from tests.fakes import FakeClock
from tests.postgres import running_postgres

ALL_TABLES = tables.__all__
"""Naming them here makes sure that the metadata is complete."""
KINDS = ("sqlite", "postgresql")
START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
"""A Monday morning."""


class PostgresDatabases:
    """Makes databases on one server.

    Args:
        admin_url: of a database on it; the role may create databases.
    """

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._kept = ExitStack()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Make a database without tables for the block; yield its URL."""
        with self._copied("template0") as name:
            yield self._url(name)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Make a database with our tables for the block, a copy of one that is migrated once; yield its URL."""
        with self._copied(self._with_tables) as name:
            yield self._url(name)

    def close(self) -> None:
        """Drop what was copied from."""
        self._kept.close()

    @cached_property
    def _with_tables(self) -> str:
        name = self._kept.enter_context(self._copied("template0"))
        engine = open_engine(self._url(name))
        upgrade(engine)
        engine.dispose()
        return name

    @contextmanager
    def _copied(self, template: str) -> Iterator[str]:
        name = f"test_{new_id()[-12:]}"
        run(self._admin_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield name
        finally:
            run(self._admin_url, f'DROP DATABASE "{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        base, _, query = self._admin_url.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}?{query}"


def run(url: str, statements: str) -> None:
    """Run statements on a PostgreSQL database."""
    connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    try:
        connection.execute(statements.encode())
    finally:
        connection.close()


DISCONNECT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
UNGUARDED = "SET session_replication_role = replica"
"""Lets no trigger fire: audit rows and scores refuse to be deleted."""
WIPE = [DISCONNECT_OTHERS, UNGUARDED, *(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables))]
"""Empties a database after a test wrote a few rows: a hundred times faster than making another one, or TRUNCATE."""

ALLOWED = ", ".join(f"('{start}', '{end}')" for start, ends in TRANSITIONS.items() for end in sorted(ends))
WATCH_STATES = f"""
CREATE TRIGGER watch_states BEFORE UPDATE OF state ON outbox
WHEN old.state <> new.state AND (old.state, new.state) NOT IN (VALUES {ALLOWED})
BEGIN SELECT RAISE(ABORT, 'a change of state that delivery/transitions.py does not name'); END
"""
"""In every test on SQLite the database itself refuses a change of a message that the table does not name."""

Wipe = Callable[[], None]


@contextmanager
def given_or_own(**settings: str) -> Iterator[PostgresDatabases]:
    """Give the PostgreSQL that SVARBRO_TEST_DATABASE_URL names, or our own with these settings, for the block."""
    given = os.environ.get("SVARBRO_TEST_DATABASE_URL")
    if given:
        with closing(PostgresDatabases(given)) as databases:
            yield databases
        return
    with running_postgres(settings) as server, closing(PostgresDatabases(server.url("postgres"))) as databases:
        yield databases


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Provide a PostgreSQL."""
    with given_or_own() as databases:
        yield databases


@pytest.fixture(scope="session")
def shared_postgresql_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """Provide the migrated PostgreSQL database that all tests use, one after another."""
    with postgres_databases.migrated() as url:
        yield url


@pytest.fixture(scope="session")
def wipe(shared_postgresql_url: str) -> Iterator[Wipe]:
    """Provide what empties that database; one connection for all tests, because a new one must learn every table."""
    connection = psycopg.connect(shared_postgresql_url.replace("+psycopg", ""), autocommit=True)
    statements = "; ".join(WIPE).encode()

    def empty() -> None:
        connection.execute(statements)

    yield empty
    connection.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide a migrated, empty SQLite file to copy."""
    path: Path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(WATCH_STATES)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@contextmanager
def migrated(
    request: pytest.FixtureRequest, kind: str, directories: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Give an empty, migrated database that lasts as long as the block, and a directory: for a whole module."""
    directory: Path = directories.mktemp(kind)
    if kind == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), directory / "svarbro.sqlite")
        yield f"sqlite:///{directory / 'svarbro.sqlite'}", directory
        return
    with request.getfixturevalue("postgres_databases").migrated() as url:
        yield url, directory


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """Provide an empty, migrated SQLite database."""
    path = tmp_path / "svarbro.sqlite"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(shared_postgresql_url: str, wipe: Wipe) -> Iterator[str]:
    """Provide an empty, migrated PostgreSQL database."""
    yield shared_postgresql_url
    wipe()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """Provide an empty, migrated database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def clock() -> FakeClock:
    """Provide a clock that stands still until a test moves it."""
    return FakeClock(START)


@pytest.fixture(scope="session")
def keyring() -> KeyRing:
    """Provide the keys of the test session."""
    return KeyRing.generate()


@contextmanager
def opened(url: str, keyring: KeyRing, clock: FakeClock, directory: Path) -> Iterator[Store]:
    """Open a store on a database for the block."""
    store = Store(open_engine(url), keyring, clock, directory / "writer.lock")
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def store(database_url: str, keyring: KeyRing, clock: FakeClock, tmp_path: Path) -> Iterator[Store]:
    """Provide a store on an empty database, once of each kind."""
    with opened(database_url, keyring, clock, tmp_path) as store:
        yield store


@pytest.fixture
def sqlite_store(sqlite_url: str, keyring: KeyRing, clock: FakeClock, tmp_path: Path) -> Iterator[Store]:
    """Provide a store on SQLite alone, for tests in which the database does not matter."""
    with opened(sqlite_url, keyring, clock, tmp_path) as store:
        yield store
