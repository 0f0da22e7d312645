"""Wording as FHIR: an owner's Questionnaire is read, and ours is served with it."""

import json
from dataclasses import replace

import pytest

from kernel.errors import InvalidInputError
from questionnaires.registry import Registry
from questionnaires.vocabulary import ANCHOR_LOW, INTRO, TRANSLATION, WORDING
from questionnaires.wording import Place, Wording, places, worded
from questionnaires.wording_checks import refuse_other_structure
from questionnaires.wording_fhir import read_wording, worded_source
from tests.unit.questionnaires.forms import item, questionnaire, value_set

CAT = Registry.load().newest("cat")
MMRC = Registry.load().newest("mmrc")


def resource(questionnaire=CAT, **changed):
    body = json.loads(questionnaire.source)
    return {**body, **changed}


def raw(body):
    return json.dumps(body).encode()


def rules(body, questionnaire=CAT, language=None):
    with pytest.raises(InvalidInputError) as refused:
        read_wording(raw(body), questionnaire, language)
    return {(issue.expression, issue.rule) for issue in refused.value.issues}


@pytest.mark.parametrize("questionnaire", Registry.load().all(), ids=lambda one: one.fhir_id)
def test_our_own_resource_read_as_wording_has_every_text_that_the_definition_has(questionnaire):
    found = read_wording(questionnaire.source, questionnaire)

    assert set(found) == {"da", "en"}
    for place, ours in places(questionnaire):
        assert found["da"].get(place, "") == (ours.da if ours else ""), place
        assert found["en"].get(place, "") == (ours.en if ours else ""), place


def test_a_plain_resource_with_texts_alone_is_enough():
    items = [{"linkId": item["linkId"], "text": "ord"} for item in resource()["item"]]

    found = read_wording(raw({"resourceType": "Questionnaire", "title": "CAT", "item": items}), CAT, "da")

    refuse_other_structure(CAT, found["da"], names_gaps=False)
    assert found["da"][Place("cat-8", "text")] == "ord"


def test_an_extension_may_hold_a_plain_text():
    body = resource()
    body["extension"] = [{"url": INTRO, "valueString": "Kort"}]

    assert read_wording(raw(body), CAT)["da"][Place("", "intro")] == "Kort"


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"resourceType": "Patient"}, ("resourceType", "not-a-questionnaire")),
        ({"url": "https://elsewhere.example/cat"}, ("url", "another-url")),
        ({"version": "9.0.0"}, ("version", "another-version")),
        ({"item": list(reversed(json.loads(CAT.source)["item"]))}, ("item", "renumbered-item")),
    ],
)
def test_what_is_another_form_is_refused(changed, rule):
    assert rules(resource(**changed)) == {rule}


def test_a_language_is_stated_once():
    body = resource()
    del body["language"]

    assert rules(body) == {("language", "language")}
    assert rules(resource(), language="en") == {("language", "language")}
    assert set(read_wording(raw(body), CAT, "da")) == {"da", "en"}


def test_items_of_another_type_and_options_in_another_order_are_named():
    body = resource(MMRC)
    body["item"][0]["answerOption"].reverse()
    typed = resource(MMRC)
    typed["item"][0]["type"] = "string"

    assert rules(body, MMRC) == {("mrc-1", "renumbered-option")}
    assert rules(typed, MMRC) == {("mrc-1", "another-type")}


def test_an_option_that_is_added_or_dropped_is_left_to_the_check_of_structure():
    body = resource(MMRC)
    body["item"][0]["answerOption"][0]["valueCoding"]["code"] = "0"
    body["item"].append({"linkId": "mrc-2", "text": "ord"})

    found = read_wording(raw(body), MMRC)

    assert Place("mrc-1", "option:0") in found["da"]
    assert Place("mrc-2", "text") in found["da"]


@pytest.mark.parametrize(
    "odd",
    [
        {"item": "none"},
        {"item": ["none"]},
        {"extension": [{"url": INTRO, "valueString": 1}]},
        {"_title": "none"},
        {"_title": {"extension": [{"url": TRANSLATION, "extension": [{"url": "lang", "valueCode": "en"}]}]}},
        {"title": 1},
    ],
)
def test_what_stands_in_odd_places_is_passed_over(odd):
    assert isinstance(read_wording(raw(resource(**odd)), CAT), dict)


def test_a_translation_may_be_markdown():
    parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueMarkdown": "Titel"}]
    body = resource(_title={"extension": [{"url": TRANSLATION, "extension": parts}]})

    assert read_wording(raw(body), CAT)["de"] == {Place("", "title"): "Titel"}


def licensed(questionnaire, languages=("da",), without=()):
    texts = {place: f"ejer {place}" for place, ours in places(questionnaire) if ours}
    empty = {place: "" for place in texts if place.element in without}
    wordings = {name: Wording(name, "l", questionnaire.canonical, name, {**texts, **empty}) for name in languages}
    return worded(questionnaire, wordings)


@pytest.mark.parametrize("questionnaire", Registry.load().all(), ids=lambda one: one.fhir_id)
def test_the_served_resource_carries_the_owners_texts_and_nothing_else_is_changed(questionnaire):
    shown = licensed(questionnaire, ("da", "en"))

    source = worded_source(shown, "Ejeren")

    found = read_wording(source, questionnaire)
    for place, ours in places(questionnaire):
        assert found["da"].get(place, "") == (f"ejer {place}" if ours else "")
    body, ours = json.loads(source), json.loads(questionnaire.source)
    assert body["copyright"] == "Ejeren"
    assert [one["valueCode"] for one in body["extension"] if one["url"] == WORDING] == ["licensed"]
    for name in ("id", "url", "version", "status", "useContext", "code"):
        assert body.get(name) == ours.get(name)
    assert [item["linkId"] for item in body["item"]] == [item["linkId"] for item in ours["item"]]


def test_our_own_words_of_another_language_are_not_served_beside_the_owners():
    body = json.loads(worded_source(licensed(CAT), "Ejeren"))

    assert "_title" not in body
    assert "en" not in {part["url"] for one in body["extension"] for part in one.get("extension", ())}


def test_what_the_owners_form_does_not_have_is_not_served():
    body = json.loads(worded_source(licensed(CAT, without=("low", "high", "recall", "intro")), "Ejeren"))

    assert ANCHOR_LOW not in {one["url"] for one in body["item"][0].get("extension", ())}
    assert [one["url"] for one in body["extension"]] == [WORDING]


def test_more_languages_are_served_as_translations():
    body = json.loads(worded_source(licensed(CAT, ("da", "de")), "Ejeren"))

    (translation,) = body["item"][0]["_text"]["extension"]
    assert [part.get("valueCode") for part in translation["extension"]] == ["de", None]


def test_an_element_without_extensions_stays_without():
    bare = json.loads(MMRC.source)
    del bare["item"][0]["extension"]

    body = json.loads(worded_source(replace(licensed(MMRC), source=raw(bare)), "Ejeren"))

    assert "extension" not in body["item"][0]


SHARED = questionnaire(
    *(item(name, "choice", answerValueSet="#answers") for name in ("a", "b")), contained=[value_set("answers", 0, 1)]
)


def test_the_words_of_a_value_set_are_read_for_each_item_that_names_it():
    found = read_wording(SHARED.source, SHARED, "da")

    assert found["da"][Place("a", "option:0")] == found["da"][Place("b", "option:0")] == "Svar 0"
    assert found["en"][Place("b", "option:1")] == "Answer 1"


def test_two_items_that_share_a_value_set_are_served_with_options_of_their_own():
    said = {Place("a", "option:0"): "Nej", Place("b", "option:0"): "Slet ikke"}
    served = json.loads(worded_source(worded(SHARED, {"da": Wording("w", "l", SHARED.canonical, "da", said)}), "ours"))

    first, second = (one["answerOption"][0]["valueCoding"]["display"] for one in served["item"])
    assert (first, second) == ("Nej", "Slet ikke")
    assert "contained" not in served


def test_a_wording_that_names_a_value_set_it_does_not_bring_is_refused():
    body = resource(SHARED, contained=[])

    assert rules(body, SHARED, "da") == {("item", "value-set")}
