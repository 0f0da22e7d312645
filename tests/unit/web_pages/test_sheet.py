"""What a page shows of an item: once per version and language, in the words and the language of the questionnaire."""

from dataclasses import replace

import pytest

from questionnaires.model import Item, ItemType, Option, Text
from questionnaires.registry import Registry
from tests.every_type import QUESTIONNAIRE
from web.patient.sheet import Sheets, layout

CAT = Registry.load().newest("cat")
FIRST = next(iter(CAT.by_link_id))


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_sheet_holds_the_words_of_the_questionnaire_exactly(language):
    sheet = Sheets().of(CAT, FIRST, language)
    item = CAT.by_link_id[FIRST]
    assert item.low
    assert item.high

    assert (sheet.title, sheet.heading) == (CAT.title.in_language(language), item.text.in_language(language))
    assert (sheet.low, sheet.high) == (item.low.in_language(language), item.high.in_language(language))
    assert [(one.value, one.label) for one in sheet.labels] == [
        (option.code, option.display.in_language(language)) for option in item.options
    ]
    assert [one.end for one in sheet.labels] == ["low", "", "", "", "", "high"]
    assert sheet.lang == ""


def test_a_sheet_is_made_once_and_again_for_other_words():
    sheets = Sheets()
    worded = replace(CAT, title=Text("Ejerens titel"))

    assert sheets.of(CAT, FIRST, "da") is sheets.of(CAT, FIRST, "da")
    assert sheets.of(CAT, FIRST, "en") is not sheets.of(CAT, FIRST, "da")
    assert sheets.of(worded, FIRST, "da").title == "Ejerens titel"


def test_words_without_a_translation_say_that_they_are_danish():
    item = replace(CAT.by_link_id[FIRST], text=Text("Ejerens ord"))
    worded = replace(CAT, items=(item,), by_link_id={FIRST: item})

    assert [Sheets().of(worded, FIRST, language).lang for language in ("da", "en")] == ["", "da"]


@pytest.mark.parametrize(
    ("link_id", "expected"),
    [
        ("yes-no", "radios"),
        ("decimal", "decimal"),
        ("integer", "number"),
        ("date", "date"),
        ("moment", "moment"),
        ("time", "time"),
        ("string", "line"),
        ("text", "lines"),
        ("url", "url"),
        ("choice", "radios"),
        ("words", "radios"),
        ("several", "checkboxes"),
        ("open", "radios"),
        ("weight", "quantity"),
        ("file", "file"),
    ],
)
def test_each_type_has_a_layout(link_id, expected):
    assert Sheets().of(QUESTIONNAIRE, link_id, "da").layout == expected


def test_an_open_choice_offers_something_else_last():
    labels = Sheets().of(QUESTIONNAIRE, "open", "en").labels

    assert [one.label for one in labels][-1] == "Something else"


def test_the_same_code_of_two_systems_is_two_choices():
    options = (Option("one", "a", Text("A"), None), Option("two", "a", Text("B"), None))
    item = Item("x", ItemType.CHOICE, Text("?"), options=options)
    form = replace(CAT, items=(item,), by_link_id={"x": item})

    assert len({one.value for one in Sheets().of(form, "x", "da").labels}) == 2
    assert layout(item) == "radios"
