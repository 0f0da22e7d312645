"""A served application for every test of a door, on both databases, logging into the corpus."""

from collections.abc import Iterator

import pytest
import structlog

from tests.contract.doors import House, served
from tests.databases import KINDS, migrated
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


@pytest.fixture(scope="module", params=KINDS)
def first_house(request, tmp_path_factory) -> Iterator[House]:
    """Serve one application on each database for a file of tests: what is asked of every clinic grows with each."""
    with migrated(request, request.param, tmp_path_factory) as (url, directory), served(directory, url) as house:
        yield house


@pytest.fixture
def house(first_house) -> Iterator[House]:
    """Two clinics without patients for one test: nothing of another clinic can reach it."""
    yield House(first_house.services, first_house.address, first_house.http)
    first_house.travel(days=0)


@pytest.fixture(scope="module")
def shared_house(first_house) -> House:
    """Two clinics for all tests of a module: for those that change nothing, or mind no change."""
    return House(first_house.services, first_house.address, first_house.http)
