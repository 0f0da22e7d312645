"""Imported wording: it is laid over a definition, which itself never changes."""

from types import MappingProxyType

import pytest

from questionnaires.model import Text
from questionnaires.registry import Registry
from questionnaires.wording import Place, UsedWording, Wording, hash_of, places, worded

CAT = Registry.load().newest("cat")
MMRC = Registry.load().newest("mmrc")


def texts(questionnaire=CAT, **changed):
    """Give every place of a questionnaire a text of an owner; `cat_1__text` changes one, None leaves it out."""
    given = {place: f"ejer: {place}" for place, ours in places(questionnaire) if ours}
    for name, text in changed.items():
        link_id, _, element = name.replace("_", "-").rpartition("--")
        given[Place(link_id, element)] = text
    return {place: text for place, text in given.items() if text is not None}


def wording(language="da", questionnaire=CAT, **changed):
    return Wording(f"w-{language}", "l-1", questionnaire.canonical, language, texts(questionnaire, **changed))


def test_without_wording_the_definition_is_shown_as_it_is():
    assert worded(CAT, {}) is CAT


def test_only_texts_change():
    shown = worded(CAT, {"da": wording()})

    assert shown.title.da == "ejer: questionnaire, title"
    assert shown.intro.da == "ejer: questionnaire, intro"
    assert shown.recall.da == "ejer: questionnaire, recall"
    first, ours = shown.items[0], CAT.items[0]
    assert [one and one.da for one in (first.text, first.low, first.high)] == [
        f"ejer: cat-1, {element}" for element in ("text", "low", "high")
    ]
    assert [option.display.da for option in first.options[:1]] == ["ejer: cat-1, option:0"]
    assert [(one.code, one.points) for one in first.options] == [(one.code, one.points) for one in ours.options]
    assert shown.by_link_id["cat-1"] is first
    assert (shown.canonical, shown.sha256, list(shown.by_link_id)) == (CAT.canonical, CAT.sha256, list(CAT.by_link_id))


def test_the_definition_itself_never_changes():
    before = CAT.items[0].text

    worded(CAT, {"da": wording()})

    assert CAT.items[0].text is before


def test_beside_the_owners_danish_our_own_english_is_not_shown():
    shown = worded(CAT, {"da": wording()})

    assert shown.items[0].text.in_language("en") == "ejer: cat-1, text"


def test_an_owners_english_leaves_our_danish_where_danish_was_not_imported():
    shown = worded(CAT, {"en": wording("en")})

    assert shown.items[0].text == Text(CAT.items[0].text.da, "ejer: cat-1, text")


def test_more_languages_than_two_are_held():
    shown = worded(CAT, {"de": wording("de"), "da": wording(cat_1__text="dansk"), "en": wording("en")})

    assert shown.items[0].text.more == (("de", "ejer: cat-1, text"),)
    assert shown.items[0].text.in_language("de") == "ejer: cat-1, text"
    assert shown.items[0].text.in_language("fr") == "dansk"


def test_a_further_language_stands_beside_the_ones_before_it():
    once = worded(CAT, {"de": wording("de")})

    again = worded(once, {"so": wording("so"), "de": wording("de", cat_1__text="neu")})

    assert dict(again.items[0].text.more) == {"de": "neu", "so": "ejer: cat-1, text"}
    assert worded(once, {"so": wording("so")}).items[0].text.more == (
        ("de", "ejer: cat-1, text"),
        ("so", "ejer: cat-1, text"),
    )


def test_what_the_owners_form_does_not_have_is_not_shown():
    shown = worded(CAT, {"da": wording(cat_1__low="", __intro="")})

    assert shown.items[0].low is None
    assert shown.intro == Text("")


@pytest.mark.parametrize("element", ["recall", "yes", "no"])
def test_an_owner_may_have_a_text_where_we_have_none(element):
    shown = worded(MMRC, {"da": Wording("w", "l", MMRC.canonical, "da", {Place("mrc-1", element): "ord"})})

    assert getattr(shown.items[0], element) == Text("ord")


def test_the_hash_is_of_texts_and_places_in_whatever_order_they_came():
    given = texts()
    turned = MappingProxyType(dict(reversed(given.items())))

    assert hash_of(given) == hash_of(turned) == wording().sha256
    assert wording(cat_1__text="andet").sha256 != wording().sha256
    assert len(wording().sha256) == 64


def test_a_used_wording_names_language_hash_and_licence():
    assert UsedWording("da", "0" * 64, "l-1").licence_id == "l-1"


def test_nested_items_are_worded_too():
    registry = Registry.load()
    nested = [one for one in registry.all() if any(item.items for item in one.by_link_id.values())]

    for questionnaire in nested:
        shown = worded(questionnaire, {"da": wording(questionnaire=questionnaire)})
        assert {item.text.da for item in shown.by_link_id.values()} == {
            f"ejer: {name}, text" for name in shown.by_link_id
        }
