"""How often: required, repeats, fewest and most, in groups that stand once, several times or not at all."""

import pytest

from tests.unit.questionnaires.any_form import a, check, ext, faults, form, g, q, rules

YES = ("Boolean", True)
MOST = ext("questionnaire-maxOccurs", "Integer", 2)
LEAST = ext("questionnaire-minOccurs", "Integer", 2)
HIDDEN = ext("questionnaire-hidden", "Boolean", value=True)
TWO_TO_TWO = form(q("s", "boolean", LEAST, MOST, repeats=True))


@pytest.mark.parametrize(("times", "found"), [(1, "minCount"), (2, None), (3, "maxCount")])
def test_a_repeating_question_has_its_fewest_and_most_answers(times, found):
    place = {"minCount": "item[0]", "maxCount": "item[0].answer[2]"}.get(str(found))

    assert faults(TWO_TO_TWO, a("s", *[YES] * times)) == ([] if found is None else [(found, place, "s")])


def test_a_fewest_number_is_a_demand_of_its_own():
    assert faults(TWO_TO_TWO) == [("minCount", "item", "s")]
    assert rules(TWO_TO_TWO, status="in-progress") == []
    assert rules(form(q("s", "boolean", LEAST, repeats=True, required=True))) == ["required"]


def test_a_refused_answer_still_counts():
    assert rules(TWO_TO_TWO, a("s", YES, ("Integer", 1))) == ["not-a-boolean"]


@pytest.mark.parametrize(("times", "found"), [(0, "minCount"), (1, "minCount"), (2, None), (3, "maxCount")])
def test_a_repeating_group_stands_its_fewest_and_most_times(times, found):
    group = form(q("g", "group", LEAST, MOST, repeats=True, item=[q("b", "boolean")]))
    place = {0: "item", 1: "item[0]", 3: "item[2]"}.get(times)

    entries = [g("g", a("b", YES))] * times

    assert faults(group, *entries) == ([] if found is None else [(found, place, "g")])


def test_a_group_that_may_stand_once_does_not_stand_twice():
    once = form(q("g", "group", item=[q("b", "boolean")]))

    assert rules(once, g("g", a("b", YES)), g("g", a("b", YES))) == ["duplicate-linkId"]


def test_repeated_groups_stand_together():
    both = form(q("g", "group", repeats=True, item=[q("b", "boolean")]), q("c", "boolean"))

    assert faults(both, g("g", a("b", YES)), a("c", YES), g("g", a("b", YES))) == [("wrong-order", "item[2]", "g")]


def test_answers_of_a_repeated_group_come_out_in_order():
    plan = form(q("g", "group", repeats=True, item=[q("n", "integer", repeats=True)]))
    entries = [g("g", a("n", ("Integer", 3), ("Integer", 1))), g("g"), g("g", a("n", ("Integer", 2)))]

    assert check(plan, *entries).answers == {"n": (3, 1, 2)}


INNER = [q("b", "boolean", required=True), q("c", "boolean")]


def test_a_missing_group_means_the_same_as_an_empty_one():
    optional = form(q("g", "group", item=INNER))

    assert faults(optional) == [("required", "item", "b")]
    assert faults(optional, g("g")) == [("required", "item[0].item", "b")]


def test_a_repeating_group_that_is_left_out_demands_nothing():
    repeated = form(q("g", "group", repeats=True, item=INNER))

    assert rules(repeated) == []
    assert faults(repeated, g("g", a("b", YES)), g("g", a("c", YES))) == [("required", "item[1].item", "b")]


def test_a_required_repeating_group_has_an_answer_in_one_of_its_occurrences():
    repeated = form(q("g", "group", required=True, repeats=True, item=[q("c", "boolean")]))

    assert faults(repeated) == [("required", "item", "g")]
    assert faults(repeated, g("g"), g("g")) == [("required", "item[0]", "g")]
    assert rules(repeated, g("g"), g("g", a("c", YES))) == []


def test_what_is_required_in_an_answer_is_required_in_each():
    nested = form(q("m", "string", repeats=True, item=[q("b", "boolean", required=True)]))
    full = {"valueString": "x", "item": [a("b", YES)]}

    assert rules(nested) == []
    assert rules(nested, a("m", full, full)) == []
    assert faults(nested, a("m", full, ("String", "y"))) == [("required", "item[0].answer[1].item", "b")]


def test_nobody_is_asked_for_what_nobody_sees():
    hidden = form(q("h", "boolean", HIDDEN, required=True), q("g", "group", HIDDEN, required=True, item=INNER))

    assert rules(hidden) == []
    assert rules(hidden, a("h", YES), g("g", a("c", YES))) == []
    assert rules(hidden, a("h", ("Integer", 1))) == ["not-a-boolean"]
