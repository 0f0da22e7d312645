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
from tests.log_corpus import corpus_dir


@pytest.fixture(scope="session", autouse=True)
def logged() -> Iterator[None]:
    """Keep what the doors log, every field of it, for the search of the corpus."""
    before = structlog.get_config()
    with (corpus_dir() / "doors.log").open("a", encoding="utf-8") as stream:
        structlog.configure(
            processors=[structlog.processors.JSONRenderer(default=str)],
            logger_factory=structlog.PrintLoggerFactory(stream),
        )
        yield
        structlog.configure(**before)


@pytest.fixture
def house(tmp_path, database_url) -> Iterator[House]:
    """Serve an application with two clinics and no patients."""
    with served(tmp_path, database_url) as house:
        yield house


@pytest.fixture(scope="module", params=KINDS)
def shared_house(request, tmp_path_factory) -> Iterator[House]:
    """Serve one application for all tests of a module: for those that change nothing, or mind no change."""
    directory: Path = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), directory / "svarbro.sqlite")
        with served(directory, f"sqlite:///{directory / 'svarbro.sqlite'}") as house:
            yield house
        return
    with request.getfixturevalue("postgres_databases").empty() as url:
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        with served(directory, url) as house:
            yield house
