"""What a Questionnaire says of when and with what an item is answered: judged at load, and held afterwards."""

import pytest

from tests.unit.questionnaires.any_form import SDC, SYSTEM, a, coded, ext, faults, form, q, rules, unread, when

B = q("b", "boolean")
EXPRESSION = {"language": "text/fhirpath", "expression": "true"}
CONDITIONS = [
    ("names x, which is no item", when("x", "exists", "Boolean", value=True)),
    ("with an answer it cannot have", when("n", "=", "String", "1")),
    ("with an answer it cannot have", when("n", "exists", "Integer", 1)),
    ("with an answer it cannot have", when("n", "=", "Decimal", 1.5)),
    ("with an answer it cannot have", when("f", "=", "String", "x")),
    ("with an answer it cannot have", when("d", "exists", "Boolean", value=True)),
    ("in order, which have none", when("c", ">", "Coding", {"code": "x"})),
    ("hang on itself", when("z", "exists", "Boolean", value=True)),
    ("enableWhen[0].operator", when("n", "~", "Integer", 1)),
    ("enableWhen[0].answer", {"question": "n", "operator": "="}),
    ("enableWhen: answer[x] has no value", {"question": "n", "operator": "=", "_answerInteger": {"id": "x"}}),
]


@pytest.mark.parametrize(("told", "condition"), CONDITIONS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_condition_that_can_never_be_judged_is_named_at_load(told, condition):
    known = [q("n", "integer"), q("c", "choice"), q("d", "display"), q("f", "attachment")]

    assert told in unread(*known, q("z", "boolean", enableWhen=[condition]))


def test_several_conditions_must_say_how_they_join():
    both = [when("n", "=", "Integer", 1), when("n", "=", "Integer", 2)]

    assert "z: enableBehavior must say" in unread(q("n", "integer"), q("z", "boolean", enableWhen=both))
    assert unread(q("n", "integer"), q("z", "boolean", enableWhen=both, enableBehavior="any")) == ""


def test_items_that_hang_on_each_other_are_named():
    circle = [
        q("a", "boolean", enableWhen=[when("b", "=", "Boolean", value=True)]),
        q("b", "boolean", enableWhen=[when("a", "=", "Boolean", value=True)]),
    ]
    inside = q("g", "group", item=[B], enableWhen=[when("b", "=", "Boolean", value=True)])

    assert "hang on itself" in unread(*circle)
    assert "hang on itself" in unread(inside)


def test_read_only_takes_what_it_starts_with_and_nothing_else():
    fixed = form(q("s", "string", readOnly=True, required=True, initial=[{"valueString": "x"}]))
    computed = form(q("n", "integer", ext("calculatedExpression", "Expression", EXPRESSION, SDC), readOnly=True))
    empty = form(q("n", "integer", readOnly=True))

    assert rules(fixed, a("s", ("String", "x"))) == []
    assert faults(fixed, a("s", ("String", "y"))) == [("readOnly", "item[0].answer[0].valueString", "s")]
    assert rules(computed, a("n", ("Integer", 7))) == []
    assert rules(empty) == []
    assert rules(empty, a("n", ("Integer", 7))) == ["readOnly"]


def test_an_initial_whole_number_of_a_decimal_is_its_answer():
    fixed = form(q("n", "decimal", readOnly=True, initial=[{"valueDecimal": 2}]))

    assert rules(fixed, a("n", ("Decimal", 2.0))) == []


def test_an_option_that_is_chosen_at_the_start_is_an_initial_answer():
    options = [coded("x"), {**coded("y"), "initialSelected": True}]
    fixed = form(q("c", "choice", readOnly=True, answerOption=options))

    assert rules(fixed, a("c", ("Coding", {"system": SYSTEM, "code": "y"}))) == []
    assert rules(fixed, a("c", ("Coding", {"system": SYSTEM, "code": "x"}))) == ["readOnly"]
