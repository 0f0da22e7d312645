"""A served application for every test of a door."""

import pytest

from tests.contract.doors import served


@pytest.fixture
def house(tmp_path):
    with served(tmp_path, f"sqlite:///{tmp_path / 'svarbro.sqlite'}") as house:
        yield house
