"""How an answer reads."""

import pytest

from questionnaires.model import Item, ItemType, Text
from tests.browser.world import build_world
from web.patient.show import answer_in_words, choices

PLAIN = Item("a", ItemType.BOOLEAN, Text("A?"))
AGREE = Item("b", ItemType.BOOLEAN, Text("B."), yes=Text("Enig", "Agree"), no=Text("Uenig", "Disagree"))


@pytest.fixture
def page(tmp_path, sqlite_url):
    world = build_world(tmp_path / "instance", sqlite_url)
    with world.app.test_request_context():
        yield
    world.services.store.close()


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(("item", "words"), [(PLAIN, ["Ja", "Nej"]), (AGREE, ["Enig", "Uenig"])], ids=["plain", "own"])
def test_a_yes_no_item_is_answered_in_its_own_words_where_it_has_them(item, words):
    offered = choices(item, ["false"])

    assert [(one.value, one.label, one.chosen) for one in offered] == [
        ("true", words[0], False),
        ("false", words[1], True),
    ]
    assert [answer_in_words(item, answer) for answer in (True, False)] == words
