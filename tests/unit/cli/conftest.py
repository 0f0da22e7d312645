"""Commands find the content read once for all tests of a process: reading it takes a second, each time."""

import pytest

from tests.released import RELEASED


@pytest.fixture(autouse=True)
def content_read_once(monkeypatch):
    """Give every command the content that stands in the files, without reading them again."""
    monkeypatch.setattr("app.load_released", lambda: RELEASED)
    monkeypatch.setattr("delivery.content.load_released", lambda: RELEASED)
