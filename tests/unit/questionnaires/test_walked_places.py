"""The walk through a response: each fault is told once, at its own element, and blames nothing that hangs on it."""

import pytest

from tests.unit.questionnaires.any_form import a, coded, ext, faults, form, g, q, rules, when
from tests.unit.questionnaires.forms import DECLINED

YES, NO = ("Boolean", True), ("Boolean", False)
TWICE = q("r", "group", repeats=True, item=[q("rb", "boolean")])
"""A group that stands several times: a form that has one is walked item by item, never read the short way."""
ON_A = [when("a", "=", "Boolean", value=True)]
FORM = form(
    q("a", "boolean", required=True),
    q("b", "boolean", item=[q("n", "integer", required=True)]),
    q("d", "display"),
    q("g", "group", enableWhen=ON_A, item=[q("gb", "boolean"), q("gc", "boolean")]),
    TWICE,
)
A = a("a", YES)


@pytest.mark.parametrize(
    ("sent", "rule"), [("xyz", "not-a-list"), ({}, "not-a-list"), (3, "not-a-list"), ([], "empty")], ids=str
)
def test_what_is_no_list_of_items_is_told_once_and_not_looked_into(sent, rule):
    optional = form(q("a", "boolean"), q("g", "group", item=[q("gb", "boolean")]), TWICE)

    assert faults(optional, item=sent) == [(rule, "item", None)]
    assert faults(optional, {"linkId": "g", "item": sent}) == [(rule, "item[0].item", None)]


@pytest.mark.parametrize(("sent", "rule"), [("xyz", "not-a-list"), ([], "empty")], ids=str)
def test_answers_that_are_no_list_are_told_once_and_the_item_is_not_missed_too(sent, rule):
    assert faults(FORM, {"linkId": "a", "answer": sent}) == [(rule, "item[0].answer", None)]


@pytest.mark.parametrize("link_id", ["", "a\x1f"], ids=repr)
def test_a_link_id_that_is_no_text_of_fhir_is_told_by_its_type_only(link_id):
    known = form(q("a", "boolean"), TWICE)

    assert faults(known, {"linkId": link_id}) == [("wrong-type", "item[0].linkId", None)]


def test_an_item_of_the_form_in_the_wrong_place_is_looked_at_where_it_stands():
    inside = {"linkId": "gb", "text": 3, "answer": [{"valueBoolean": 1, "id": ""}]}

    assert faults(FORM, A, inside) == [
        ("wrong-place", "item[1]", "gb"),
        ("wrong-type", "item[1].text", None),
        ("wrong-type", "item[1].answer[0].id", None),
        ("not-a-boolean", "item[1].answer[0].valueBoolean", "gb"),
    ]


def test_a_group_in_the_wrong_place_names_what_is_in_it_from_there():
    known = form(q("a", "boolean"), q("g", "group", item=[q("h", "group", item=[q("hb", "boolean")])]), TWICE)

    assert faults(known, g("h", a("hb", ("Boolean", 1)))) == [
        ("wrong-place", "item[0]", "h"),
        ("not-a-boolean", "item[0].item[0].answer[0].valueBoolean", "hb"),
    ]


def test_an_item_that_stands_in_a_group_that_is_not_asked_is_not_asked_wherever_it_belongs():
    moved = g("g", a("n", ("Integer", 3)))

    assert faults(FORM, a("a", NO), moved) == [
        ("wrong-place", "item[1].item[0]", "n"),
        ("not-enabled", "item[1].item[0].answer", "n"),
    ]


def test_the_item_of_a_question_must_stand_in_its_answer_and_is_not_judged_elsewhere():
    astray = {"linkId": "b", "answer": [{"valueBoolean": True}], "item": [{"linkId": "n", "text": 3}]}

    found = faults(FORM, A, astray)

    assert found == [
        ("wrong-place", "item[1].item", "b"),
        ("wrong-type", "item[1].item[0].text", None),
        ("required", "item[1].answer[0].item", "n"),
    ]


def test_what_hangs_on_a_condition_is_not_judged_where_its_item_stands_astray():
    inner = [q("n", "integer", enableWhen=ON_A)]
    known = form(q("a", "boolean"), q("b", "boolean", item=inner), TWICE)
    astray = {"linkId": "b", "answer": [{"valueBoolean": True}], "item": [a("n", ("Integer", 3))]}

    assert faults(known, a("a", NO), astray) == [("wrong-place", "item[1].item", "b")]


def test_an_item_that_stands_twice_decides_about_nothing():
    known = form(q("a", "boolean"), q("b", "boolean", enableWhen=ON_A), TWICE)

    assert faults(known, a("a", NO), a("a", YES), a("b", YES)) == [("duplicate-linkId", "item[1].linkId", "a")]
    assert faults(known, a("a", NO), a("b", YES)) == [("not-enabled", "item[1].answer", "b")]


def test_an_item_in_the_wrong_place_and_in_its_own_stands_twice():
    inside = a("b", {"valueBoolean": True, "item": [a("n", ("Integer", 3)), a("a", YES)]})

    assert faults(FORM, A, inside) == [
        ("wrong-place", "item[1].answer[0].item[1]", "a"),
        ("duplicate-linkId", "item[1].answer[0].item[1].linkId", "a"),
    ]


def test_a_group_and_a_displayed_text_have_no_answer_of_their_own():
    answer = [{"valueBoolean": True}]

    assert faults(FORM, A, {"linkId": "d", "answer": answer}) == [("displayAnswer", "item[1].answer", "d")]
    assert faults(FORM, A, {"linkId": "g", "answer": answer}) == [("groupShouldNotHaveAnswers", "item[1].answer", "g")]


def test_what_stands_beside_the_value_of_an_answer_is_named_in_the_answer():
    answer = {"valueBoolean": True, "id": "", "extra": 1}

    assert faults(FORM, {"linkId": "a", "answer": [answer]}) == [
        ("wrong-type", "item[0].answer[0].id", None),
        ("unknown-element", "item[0].answer[0].extra", None),
    ]


def test_items_in_an_answer_are_looked_at_once():
    inside = a("b", {"valueBoolean": True, "item": [{"linkId": "n", "text": 3, "answer": [{"valueInteger": 3}]}]})

    assert faults(FORM, A, inside) == [("wrong-type", "item[1].answer[0].item[0].text", None)]


def test_an_answer_with_a_value_must_hold_the_required_items_of_the_question():
    assert faults(FORM, A, a("b", YES)) == [("required", "item[1].answer[0].item", "n")]
    assert faults(FORM, A, a("b", DECLINED)) == []
    assert faults(FORM, A, {"linkId": "b"}) == []


def test_a_coding_that_is_no_object_is_no_option_and_nothing_more():
    known = form(q("c", "choice", answerOption=[coded("x")], required=True), TWICE)

    assert faults(known, a("c", ("Coding", "abc"))) == [("not-an-option", "item[0].answer[0].valueCoding", "c")]
    assert faults(known, a("c", ("Coding", {"system": 3, "code": "x"}))) == [
        ("wrong-type", "item[0].answer[0].valueCoding.system", None),
        ("not-an-option", "item[0].answer[0].valueCoding", "c"),
    ]


def test_a_refused_value_that_is_an_object_is_not_missed_too():
    known = form(
        q("q", "quantity", required=True), q("z", "boolean", enableWhen=[when("q", "exists", "Boolean", value=True)])
    )

    assert rules(known, a("q", ("Quantity", {"value": "5"})), a("z", YES)) == ["wrong-type"]


REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


@pytest.mark.parametrize(
    ("extension", "found"),
    [
        ({"url": REASON, "valueCode": "asked-declined"}, ["absent-with-value"]),
        ({"url": REASON, "valueCode": "unknown"}, ["absent-with-value"]),
        ({"url": REASON, "valueString": "x"}, ["absent-with-value"]),
        ({"url": "https://x.example", "valueCode": "asked-declined"}, []),
    ],
    ids=str,
)
def test_a_value_beside_a_coded_absence_is_refused_whatever_the_reason_says(extension, found):
    assert rules(FORM, a("a", {"valueBoolean": True, "extension": [extension]})) == found


def test_an_option_that_stands_alone_may_stand_alone():
    options = [
        coded("x"),
        {**coded("none"), "extension": [ext("questionnaire-optionExclusive", "Boolean", value=True)]},
    ]
    known = form(q("c", "choice", repeats=True, answerOption=options), TWICE)

    assert faults(known, a("c", coded("none"))) == []
    assert faults(known, a("c", coded("x"))) == []
    assert faults(known, a("c", coded("x"), coded("none"))) == [("exclusiveAnswerOption", "item[0].answer[1]", "c")]
