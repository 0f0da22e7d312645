"""A served application for every test of a door, on both databases, logging into the corpus."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from store.engine import open_engine
from store.migration import upgrade
from tests.contract.doors import House, served
from tests.databases import KINDS
from tests.log_corpus import own_dir


@pytest.fixture(scope="session", autouse=True)
def logged() -> Iterator[None]:
    """Keep what the doors log, every field of it, for the search of the corpus."""
    before = structlog.get_config()
    with (own_dir() / "doors.log").open("a", encoding="utf-8") as stream:
        structlog.configure(
            processors=[structlog.processors.JSONRenderer(default=str)],
            logger_factory=structlog.PrintLoggerFactory(stream),
        )
        yield
        structlog.configure(**before)


@pytest.fixture(scope="session")
def sqlite_house(tmp_path_factory, migrated_sqlite) -> Iterator[House]:
    """Serve one application on SQLite, for all tests of the doors."""
    directory: Path = tmp_path_factory.mktemp("house")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    with served(directory, f"sqlite:///{directory / 'svarbro.sqlite'}") as house:
        yield house


@pytest.fixture(scope="session")
def postgresql_house(tmp_path_factory, postgres_databases) -> Iterator[House]:
    """Serve one application on PostgreSQL, for all tests of the doors."""
    with postgres_databases.empty() as url:
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        with served(tmp_path_factory.mktemp("house"), url) as house:
            yield house


@pytest.fixture(scope="session", params=KINDS)
def first_house(request) -> House:
    """Provide the application on each database; both live on, so that files of tests may come in any order."""
    house: House = request.getfixturevalue(f"{request.param}_house")
    return house


@pytest.fixture
def house(first_house) -> Iterator[House]:
    """Two clinics without patients for one test: nothing of another clinic can reach it."""
    yield House(first_house.services, first_house.address, first_house.http)
    first_house.travel(days=0)


@pytest.fixture(scope="module")
def shared_house(first_house) -> House:
    """Two clinics for all tests of a module: for those that change nothing, or mind no change."""
    return House(first_house.services, first_house.address, first_house.http)
