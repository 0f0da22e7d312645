"""The same answers are explained in the same words: files that a person has read say which."""

import pytest

from tests.browser.world import build_world
from tests.unit.web_pages.explanations import KEPT, STORIES, explained


@pytest.fixture
def world(tmp_path, sqlite_url):
    world = build_world(tmp_path / "instance", sqlite_url)
    yield world
    world.services.store.close()


@pytest.mark.parametrize("name", STORIES)
def test_an_explanation_is_word_by_word_the_one_that_was_read(world, name):
    assert explained(world, name) == (KEPT / f"{name}.txt").read_text(encoding="utf-8")


def test_no_file_tells_a_story_that_is_not_lived_through():
    assert {path.stem for path in KEPT.iterdir()} == set(STORIES)
