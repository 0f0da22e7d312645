"""The gate, one answer: an exact JSON type each, no conversion."""

import pytest

from questionnaires.model import Coded
from tests.unit.questionnaires.forms import (
    DECLINED,
    FORM,
    SYSTEM,
    answered,
    check,
    choice,
    coding,
    faults,
    integer,
    item,
    option,
    registry,
    rules,
)

ANSWER = "QuestionnaireResponse.item[0].answer[0]"


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        pytest.param({"valueBoolean": "true"}, "not-a-boolean", id="text"),
        pytest.param({"valueBoolean": 1}, "not-a-boolean", id="1 is not true"),
        pytest.param({"valueBoolean": 0}, "not-a-boolean", id="0 is not false"),
        pytest.param({"valueBoolean": None}, "not-a-boolean", id="null"),
        pytest.param({"valueInteger": 1}, "not-a-boolean", id="integer"),
        pytest.param({"valueString": "ja"}, "not-a-boolean", id="string"),
        pytest.param(coding("1"), "not-a-boolean", id="coding"),
    ],
)
def test_a_yes_no_item_takes_true_or_false_only(value, rule):
    (key,) = value

    assert faults(FORM, answered("b", value)) == [(rule, f"{ANSWER}.{key}", "b")]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        pytest.param({"valueInteger": "3"}, "not-a-number", id="text of a number"),
        pytest.param({"valueInteger": True}, "not-a-number", id="true is not 1"),
        pytest.param({"valueInteger": False}, "not-a-number", id="false is not 0"),
        pytest.param({"valueInteger": None}, "not-a-number", id="null"),
        pytest.param({"valueInteger": [3]}, "not-a-number", id="list"),
        pytest.param({"valueInteger": 3.0}, "not-on-step", id="3.0 is no whole number"),
        pytest.param({"valueInteger": 2.5}, "not-on-step", id="decimals"),
        pytest.param({"valueInteger": -1}, "out-of-range", id="one below"),
        pytest.param({"valueInteger": 11}, "out-of-range", id="one above"),
        pytest.param({"valueInteger": 10**20}, "out-of-range", id="huge"),
        pytest.param({"valueDecimal": 3.5}, "not-on-step", id="decimal"),
        pytest.param({"valueDecimal": 3}, "not-a-number", id="whole number under the wrong name"),
        pytest.param({"valueBoolean": True}, "not-a-number", id="boolean"),
        pytest.param({"valueString": "3"}, "not-a-number", id="string"),
    ],
)
def test_a_count_takes_whole_numbers_in_its_range_only(value, rule):
    (key,) = value

    assert faults(FORM, answered("n", value)) == [(rule, f"{ANSWER}.{key}", "n")]


@pytest.mark.parametrize("number", [0, 10])
def test_the_ends_of_a_range_belong_to_it(number):
    assert check(FORM, answered("n", {"valueInteger": number})).answers["n"] == (number,)


def test_a_count_without_bounds_takes_what_fhir_takes():
    free = registry(integer("n", None, None))

    assert rules(free, answered("n", {"valueInteger": -(2**31)})) == []
    assert rules(free, answered("n", {"valueInteger": 2**31 - 1})) == []
    assert rules(free, answered("n", {"valueInteger": 2**31})) == ["out-of-range"]
    assert rules(free, answered("n", {"valueInteger": -(2**31) - 1})) == ["out-of-range"]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        pytest.param(coding("3"), "valueCoding", id="unknown code"),
        pytest.param(coding("2", "https://elsewhere.example"), "valueCoding", id="other system"),
        pytest.param(coding("2 "), "valueCoding", id="trailing space"),
        pytest.param({"valueCoding": {"code": "2"}}, "valueCoding", id="no system"),
        pytest.param({"valueCoding": {"system": SYSTEM}}, "valueCoding", id="no code"),
        pytest.param({"valueCoding": {"display": "Svar 2"}}, "valueCoding", id="display alone"),
        pytest.param({"valueCoding": "2"}, "valueCoding", id="not an object"),
        pytest.param({"valueCoding": {"system": SYSTEM, "code": ["2"]}}, "valueCoding", id="code in a list"),
        pytest.param({"valueCoding": {"system": {}, "code": "2"}}, "valueCoding", id="system that is an object"),
        pytest.param({"valueString": "2"}, "valueString", id="string"),
        pytest.param({"valueInteger": 2}, "valueInteger", id="points instead of the coding"),
        pytest.param({"valueDecimal": 2.5}, "valueDecimal", id="decimal"),
    ],
)
def test_a_choice_takes_its_options_only(value, key):
    assert ("not-an-option", f"{ANSWER}.{key}", "c") in faults(FORM, answered("c", value))


def test_a_coding_must_be_fhir_beside_being_an_option():
    numbers = {"valueCoding": {"system": SYSTEM, "code": 2}}

    assert rules(FORM, answered("c", coding("2", points=2))) == ["unknown-element"]
    assert rules(FORM, answered("c", coding("2", display=""))) == ["wrong-type"]
    assert rules(FORM, answered("c", coding("2", userSelected="yes"))) == ["wrong-type"]
    assert set(rules(FORM, answered("c", numbers))) == {"wrong-type", "not-an-option"}
    assert rules(FORM, answered("c", coding("2", version="1", userSelected=True, id="x"))) == []


@pytest.mark.parametrize(
    ("link_id", "value", "rule"),
    [
        ("s", {"valueString": "123456"}, "maxLength"),
        ("s", {"valueString": ""}, "invalidAnswerType"),
        ("s", {"valueString": "a\x01"}, "invalidAnswerType"),
        ("s", {"valueString": 5}, "invalidAnswerType"),
        ("t", {"valueInteger": 5}, "invalidAnswerType"),
        ("t", {"valueMarkdown": "x"}, "unknown-element"),
    ],
)
def test_a_text_takes_text_of_its_length_only(link_id, value, rule):
    assert rule in rules(FORM, answered(link_id, value))


def test_a_text_of_exactly_its_length_passes():
    assert rules(FORM, answered("s", {"valueString": "æøåÆØ"})) == []


def test_one_answer_unless_the_item_repeats():
    two = [{"valueBoolean": True}, {"valueBoolean": False}]
    many = registry(choice("c", 0, 1, repeats=True))

    assert faults(FORM, answered("b", *two)) == [("repeats", "QuestionnaireResponse.item[0].answer[1]", "b")]
    assert check(many, answered("c", coding("0"), coding("1"))).answers["c"] == (Coded(SYSTEM, "0"), Coded(SYSTEM, "1"))


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        pytest.param({"valueBoolean": True, "valueInteger": 1}, "many-values", id="two values"),
        pytest.param({"id": "a"}, "no-value", id="no value"),
        pytest.param({"extension": [{"url": "https://x.example", "valueCode": "y"}]}, "no-value", id="other extension"),
        pytest.param(
            {"extension": [{**DECLINED["extension"][0], "valueCode": "unknown"}]}, "no-value", id="other absence"
        ),
        pytest.param({**DECLINED, "valueBoolean": True}, "absent-with-value", id="absence and value"),
        pytest.param({"_valueBoolean": {"id": "a"}}, "no-value", id="value that is only an extension"),
        pytest.param({}, "empty", id="empty"),
        pytest.param(None, "not-an-object", id="null"),
        pytest.param(True, "not-an-object", id="no object"),
    ],
)
def test_an_answer_is_one_value_or_one_coded_absence(answer, rule):
    found = faults(FORM, answered("b", answer))

    assert found[0][0] == rule
    assert found[0][1] == ANSWER


def test_a_coded_absence_stands_alone():
    many = registry(choice("c", 0, 1, repeats=True))

    assert rules(many, answered("c", coding("0"), DECLINED)) == ["absent-with-value"]
    assert rules(FORM, answered("b", DECLINED, DECLINED)) == ["repeats", "absent-with-value"]


def test_a_broken_extension_of_an_answer_is_told_as_such():
    assert rules(FORM, answered("b", {"valueBoolean": True, "extension": "x"})) == ["not-a-list"]
    assert rules(FORM, answered("b", {"extension": [3]})) == ["not-an-object", "no-value"]
    assert rules(FORM, answered("b", {"extension": [{"url": DECLINED["extension"][0]["url"]}]})) == [
        "extension-value",
        "no-value",
    ]


def test_an_option_without_points_is_an_answer_too():
    unsure = registry(item("c", "choice", answerOption=[option("1", 1), option("dont-know", None)]))

    assert check(unsure, answered("c", coding("dont-know"))).answers["c"] == (Coded(SYSTEM, "dont-know"),)
