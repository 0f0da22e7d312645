import pytest

from tests.way import Way


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    way.add_clinic()
    return way
