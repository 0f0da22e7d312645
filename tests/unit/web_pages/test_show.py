"""How an answer reads, of every type and in both languages."""

from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from questionnaires.dated import dated_of
from questionnaires.model import Attachment, Item, ItemType, Quantity, Text
from web.patient.words import answer_in_words

PLAIN = Item("a", ItemType.BOOLEAN, Text("A?"))
AGREE = Item("b", ItemType.BOOLEAN, Text("B."), yes=Text("Enig", "Agree"), no=Text("Uenig", "Disagree"))
ANY = Item("c", ItemType.STRING, Text("C?"))
READ: dict[str, tuple[Any, str, str]] = {
    "36,70": (Decimal("36.70"), "36,7", "36.7"),
    "a great number": (Decimal("1E+3"), "1000", "1000"),
    "a day": (dated_of("2026-11-05"), "5. november 2026", "5 November 2026"),
    "a month": (dated_of("2026-11"), "11-2026", "11-2026"),
    "a moment": (
        dated_of("2026-11-05T08:05:00+01:00"), "5. november 2026 kl. 8.05", "5 November 2026 at 8.05"
    ),
    "a time": (time(8, 5), "kl. 8.05", "at 8.05"),
    "a weight": (Quantity(Decimal("72.5"), "http://unitsofmeasure.org", "kg", "kg"), "72,5 kg", "72.5 kg"),
    "less than": (Quantity(Decimal(5), "", "", "", "<"), "<5", "<5"),
    "a file": (Attachment("image/png", 120_400, title="ryg.png"), "ryg.png (120 kB)", "ryg.png (120 kB)"),
    "a file without a name": (Attachment("image/png", 3), "image/png (1 kB)", "image/png (1 kB)"),
}  # fmt: skip


@pytest.fixture
def world_url(sqlite_url):
    return sqlite_url


@pytest.mark.parametrize(("item", "words"), [(PLAIN, ["Ja", "Nej"]), (AGREE, ["Enig", "Uenig"])], ids=["plain", "own"])
def test_a_yes_no_item_is_answered_in_its_own_words_where_it_has_them(world, item, words):
    with world.app.test_request_context():
        assert [answer_in_words(item, answer) for answer in (True, False)] == words


def test_an_answer_reads_as_people_write_it(world):
    told = []
    for language in ("da", "en"):
        with world.app.test_request_context(f"/p/start?lang={language}"):
            told.append([answer_in_words(ANY, answer) for answer, _, _ in READ.values()])

    assert told == [[danish for _, danish, _ in READ.values()], [english for _, _, english in READ.values()]]
