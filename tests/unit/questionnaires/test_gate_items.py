"""The gate, the tree of items: known, once, in order, in their place."""

import pytest

from tests.unit.questionnaires.forms import (
    FORM,
    answered,
    check,
    faults,
    integer,
    item,
    registry,
    rules,
)


def test_an_unknown_item_is_named():
    assert faults(FORM, answered("x", {"valueBoolean": True})) == [
        ("unknown-linkId", "QuestionnaireResponse.item[0].linkId", "x")
    ]


def test_an_unknown_item_that_could_be_a_cpr_number_is_not_repeated():
    ((rule, expression, link_id),) = faults(FORM, answered("2512489996", {"valueBoolean": True}))

    assert (rule, expression, link_id) == ("unknown-linkId", "QuestionnaireResponse.item[0].linkId", None)


def test_an_unknown_item_is_still_looked_at():
    assert rules(FORM, answered("x", {"valueBoolean": "true"})) == ["unknown-linkId", "wrong-type"]
    assert rules(FORM, answered("x", {"valueBoolean": True, "valueString": "x"})) == ["unknown-linkId", "many-values"]


def test_an_item_twice_is_named_and_its_first_answer_does_not_win_silently():
    twice = [answered("b", {"valueBoolean": False}), answered("b", {"valueBoolean": True})]

    assert faults(FORM, *twice) == [("duplicate-linkId", "QuestionnaireResponse.item[1].linkId", "b")]


def test_items_must_follow_the_order_of_the_questionnaire():
    assert faults(FORM, answered("n", {"valueInteger": 1}), answered("b", {"valueBoolean": True})) == [
        ("wrong-order", "QuestionnaireResponse.item[1]", "b")
    ]


@pytest.mark.parametrize(
    ("entry", "expression", "link_id"),
    [
        (answered("gb", {"valueBoolean": True}), "QuestionnaireResponse.item[0]", "gb"),
        (
            {"linkId": "g", "item": [answered("b", {"valueBoolean": True})]},
            "QuestionnaireResponse.item[0].item[0]",
            "b",
        ),
        (
            answered("b", {"valueBoolean": True, "item": [answered("n", {"valueInteger": 1})]}),
            "QuestionnaireResponse.item[0].answer[0].item[0]",
            "n",
        ),
    ],
)
def test_an_item_must_stand_where_the_questionnaire_has_it(entry, expression, link_id):
    assert faults(FORM, entry) == [("wrong-place", expression, link_id)]


def test_a_question_holds_its_items_in_the_answer():
    nested = registry(item("b", "boolean", item=[integer("n")]))
    inner = answered("n", {"valueInteger": 3})

    assert check(nested, answered("b", {"valueBoolean": True, "item": [inner]})).answers == {"b": (True,), "n": (3,)}
    assert rules(nested, answered("b", {"valueBoolean": True}, item=[inner])) == ["wrong-place"]


def test_groups_and_displays_have_no_answer():
    assert rules(FORM, answered("g", {"valueBoolean": True})) == ["groupShouldNotHaveAnswers"]
    assert rules(FORM, answered("d", {"valueBoolean": True})) == ["displayAnswer"]


@pytest.mark.parametrize(
    ("entries", "rule"),
    [
        ("x", "not-a-list"),
        ({}, "not-a-list"),
        ([], "empty"),
        ([{}], "empty"),
        ([None], "not-an-object"),
        ([{"answer": [{"valueBoolean": True}]}], "missing-element"),
        ([{"linkId": 3}], "wrong-type"),
        ([{"linkId": ""}], "wrong-type"),
        ([{"linkId": "b", "answer": []}], "empty"),
        ([{"linkId": "b", "answer": "x"}], "not-a-list"),
        ([{"linkId": "b", "answer": {"valueBoolean": True}}], "not-a-list"),
        ([{"linkId": "g", "item": []}], "empty"),
        ([{"linkId": "b", "text": 3}], "wrong-type"),
        ([{"linkId": "b", "text": 3, "answer": [{"valueBoolean": True}]}], "wrong-type"),
        ([{"linkId": "b", "prefix": "1"}], "unknown-element"),
        ([{"linkId": "b", "modifierExtension": [{"url": "https://x.example", "valueCode": "y"}]}], "not-supported"),
    ],
)
def test_items_must_be_fhir(entries, rule):
    assert rule in rules(FORM, item=entries)


def test_a_known_item_is_named_whatever_its_link_id_looks_like():
    uuid = "0193e5f0-1234567-7000"

    assert faults(registry(item(uuid, "boolean")), answered(uuid, {"valueBoolean": 1})) == [
        ("not-a-boolean", "QuestionnaireResponse.item[0].answer[0].valueBoolean", uuid)
    ]
