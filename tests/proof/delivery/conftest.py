"""What the proofs of delivery share."""

import pytest


@pytest.fixture
def database(database_url: str) -> str:
    """Name the kind of database of a test, for the ledger."""
    return database_url.partition(":")[0].partition("+")[0]
