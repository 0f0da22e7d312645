"""Fixtures: an empty, migrated database of its own for each test, on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from kernel.ids import new_id
from security.keys import KeyRing
from store.database import Store
from store.engine import open_engine
from store.migration import upgrade
from tests.fakes import FakeClock
from tests.postgres import running_postgres

KINDS = ("sqlite", "postgresql")
TEMPLATE = "svarbro_template"
START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
"""A Monday morning."""


class PostgresDatabases:
    """Makes databases on one server.

    Args:
        admin_url: of a database on it; the role may create databases.
    """

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._template = f"{TEMPLATE}_{new_id()[-12:]}"

    def url(self, name: str) -> str:
        """Return the URL of a database on the same server."""
        base, _, query = self._admin_url.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    @contextmanager
    def template(self) -> Iterator[None]:
        """Migrate the database that all others are copied from, for the length of the block."""
        with self.database(self._template, copy_of="template0") as url:
            engine = open_engine(url)
            upgrade(engine)
            engine.dispose()
            yield

    @contextmanager
    def database(self, name: str, *, copy_of: str | None = None) -> Iterator[str]:
        """Make a database for the block, migrated unless said otherwise; yield its URL."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{copy_of or self._template}" STRATEGY file_copy')
        try:
            yield self.url(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        connection = psycopg.connect(self._admin_url.replace("+psycopg", ""), autocommit=True)
        try:
            connection.execute(statement.encode())
        finally:
            connection.close()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Provide a PostgreSQL: the one that SVARBRO_TEST_DATABASE_URL names, or our own."""
    given = os.environ.get("SVARBRO_TEST_DATABASE_URL")
    if given:
        databases = PostgresDatabases(given)
        with databases.template():
            yield databases
        return
    with running_postgres() as server:
        databases = PostgresDatabases(server.url("postgres"))
        with databases.template():
            yield databases


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide a migrated, empty SQLite file to copy."""
    path: Path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """Provide an empty, migrated SQLite database."""
    path = tmp_path / "svarbro.sqlite"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """Provide an empty, migrated PostgreSQL database."""
    with postgres_databases.database(f"test_{new_id()[-12:]}") as url:
        yield url


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
