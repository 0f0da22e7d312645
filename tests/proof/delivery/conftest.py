"""What the proofs of delivery share."""

from collections.abc import Iterator

import pytest

from tests.databases import PostgresDatabases, given_or_own


@pytest.fixture
def database(database_url: str) -> str:
    """Name the kind of database of a test, for the ledger."""
    return database_url.partition(":")[0].partition("+")[0]


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Provide a PostgreSQL that measures and tidies its tables by itself, as one in production does."""
    with given_or_own(autovacuum="on") as databases:
        yield databases
