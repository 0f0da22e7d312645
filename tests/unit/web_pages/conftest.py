"""The application and its demo clinic, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.world import World, build_world


@pytest.fixture
def world_url(database_url: str) -> str:
    """Name the empty database of the application: one of each kind, unless a file of tests says otherwise."""
    return database_url


@pytest.fixture
def world(tmp_path: Path, world_url: str) -> Iterator[World]:
    """Provide the application on an empty database."""
    world = build_world(tmp_path / "instance", world_url)
    yield world
    world.services.store.close()
