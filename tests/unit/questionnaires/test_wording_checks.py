"""Imported wording is whole and changes texts only: what is added, dropped or renumbered is refused by name."""

import pytest

from kernel.errors import InvalidInputError
from questionnaires.registry import Registry
from questionnaires.wording import Place, places
from questionnaires.wording_checks import LONGEST, refuse_language, refuse_other_structure

CAT = Registry.load().newest("cat")
MMRC = Registry.load().newest("mmrc")


def whole(questionnaire=CAT):
    return {place: "ord" for place, ours in places(questionnaire) if ours}


def faults(texts, questionnaire=CAT, *, names_gaps=True):
    with pytest.raises(InvalidInputError) as refused:
        refuse_other_structure(questionnaire, texts, names_gaps=names_gaps)
    return {(issue.expression, issue.rule) for issue in refused.value.issues}


@pytest.mark.parametrize("questionnaire", [CAT, MMRC], ids=["cat", "mmrc"])
def test_a_text_for_every_place_is_taken(questionnaire):
    refuse_other_structure(questionnaire, whole(questionnaire), names_gaps=True)


def test_an_item_that_is_added_is_named():
    assert faults({**whole(), Place("cat-9", "text"): "ord"}) == {("cat-9, text", "added-item")}


def test_an_option_that_is_added_is_named():
    assert faults({**whole(), Place("cat-1", "option:6"): "ord"}) == {("cat-1, option:6", "added-option")}


def test_a_place_that_no_item_has_is_named():
    assert faults({**whole(), Place("cat-1", "colour"): "ord", Place("", "footer"): "ord"}) == {
        ("cat-1, colour", "unknown-element"),
        ("questionnaire, footer", "unknown-element"),
    }


def test_an_item_that_is_dropped_is_named():
    texts = whole()
    del texts[Place("cat-3", "text")]

    assert faults(texts) == {("cat-3, text", "dropped-item")}


def test_an_item_without_words_counts_as_dropped():
    assert faults({**whole(), Place("cat-3", "text"): ""}) == {("cat-3, text", "dropped-item")}


def test_an_item_that_is_renumbered_is_named_twice():
    texts = whole()
    texts[Place("cat-30", "text")] = texts.pop(Place("cat-3", "text"))

    assert faults(texts) == {("cat-30, text", "added-item"), ("cat-3, text", "dropped-item")}


def test_an_option_that_is_dropped_is_named():
    texts = whole(MMRC)
    del texts[Place("mrc-1", "option:2")]

    assert faults(texts, MMRC) == {("mrc-1, option:2", "dropped-option")}


def test_an_option_that_is_only_its_number_needs_no_words():
    texts = {place: text for place, text in whole().items() if place.element != "option:2"}

    refuse_other_structure(CAT, texts, names_gaps=False)


def test_a_title_is_needed():
    assert faults({**whole(), Place("", "title"): ""}) == {("questionnaire, title", "no-title")}


def test_a_list_that_forgets_a_place_is_refused_and_one_that_leaves_it_empty_is_not():
    texts = whole()
    del texts[Place("cat-1", "low")]

    assert faults(texts) == {("cat-1, low", "silent")}
    refuse_other_structure(CAT, {**texts, Place("cat-1", "low"): ""}, names_gaps=True)
    refuse_other_structure(CAT, texts, names_gaps=False)


@pytest.mark.parametrize(("length", "rules"), [(LONGEST, set()), (LONGEST + 1, {("cat-1, text", "too-long")})])
def test_a_text_has_a_longest_length(length, rules):
    texts = {**whole(), Place("cat-1", "text"): "o" * length}

    if rules:
        assert faults(texts) == rules
    else:
        refuse_other_structure(CAT, texts, names_gaps=True)


@pytest.mark.parametrize("language", ["da", "en", "so", "kmr", "de-CH"])
def test_a_language_is_written_as_the_standard_says(language):
    refuse_language(language)


@pytest.mark.parametrize("language", ["", "d", "dansk", "DA", "da-dk", "da\n"])
def test_what_is_no_language_is_refused(language):
    with pytest.raises(InvalidInputError, match="such as da"):
        refuse_language(language)
