"""A served application for every test of a door, on both databases, logging into the corpus."""

from collections.abc import Iterator

import pytest
import structlog

from tests.contract.doors import House, served
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
