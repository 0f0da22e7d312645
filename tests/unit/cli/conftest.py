"""Commands find the content read once for all tests of a process: reading it takes a second, each time."""

from types import SimpleNamespace

import pytest

from tests.released import RELEASED

READ = (("Registry", RELEASED.questionnaires), ("Catalogue", RELEASED.catalogue))
"""What single commands read without the rest."""


@pytest.fixture(autouse=True)
def content_read_once(monkeypatch):
    """Give every command the content that stands in the files, without reading them again."""
    monkeypatch.setattr("app.load_released", lambda: RELEASED)
    monkeypatch.setattr("delivery.content.load_released", lambda: RELEASED)
    for command in ("score", "suggest", "validate"):
        for name, known in READ:
            monkeypatch.setattr(
                f"cli.{command}.{name}", SimpleNamespace(load=lambda *_, known=known: known), raising=False
            )
