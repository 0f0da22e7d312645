"""The application and its demo clinic, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.world import World, build_world


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    """Provide the application on an empty database, once of each kind."""
    world = build_world(tmp_path / "instance", database_url)
    yield world
    world.services.store.close()
