"""Parameters that a caller chooses: names and values that the rules allow, and no fault repeats what was sent."""

import pytest

from kernel.errors import InvalidInputError
from scoring.chosen import chosen_params
from tests.unit.scoring.content import CATALOGUE, load, small_rule
from tests.unit.scoring.small_scores import BY_PARAM, FORM, GAPS

GOLD = next(rule for rule in CATALOGUE.derived_scores() if rule.version.id == "gold-abe")
CAT = next(rule for rule in CATALOGUE.rules() if rule.version.id == "cat")


@pytest.fixture
def known(tmp_path):
    return load(tmp_path, small_rule(BY_PARAM, parameters=GAPS), registry=FORM)


def rule_of(catalogue):
    (rule,) = catalogue.rules()
    return rule


def faults(catalogue, rule, given):
    with pytest.raises(InvalidInputError) as caught:
        chosen_params(catalogue, rule, given)
    assert caught.value.text == caught.value.issues[0].text
    return [(one.code, one.rule, one.expression, one.text) for one in caught.value.issues]


def test_nothing_chosen_is_nothing(known):
    assert chosen_params(known, rule_of(known), {}) == {}


@pytest.mark.parametrize("value", ["in-proportion", "as-no"])
def test_a_parameter_of_the_rule_is_taken(known, value):
    assert chosen_params(known, rule_of(known), {"gaps": value}) == {"gaps": value}


def test_a_parameter_of_another_rule_may_be_given_and_is_left_out():
    (name,) = GOLD.allowed
    assert name not in CAT.allowed

    assert chosen_params(CATALOGUE, CAT, {name: GOLD.allowed[name][0]}) == {}


def test_a_parameter_that_no_rule_has_is_named(known):
    assert faults(known, rule_of(known), {"edition": 2023}) == [
        ("value", "unknown-parameter", "params.edition", "There is no parameter edition.")
    ]


@pytest.mark.parametrize("name", ["2512489996", "gaps2", "", "a b", "-gaps", "x" * 65])
def test_a_name_that_could_hold_anything_is_not_repeated(known, name):
    assert faults(known, rule_of(known), {name: "as-no"}) == [
        ("value", "unknown-parameter", "params.?", "There is no parameter ?.")
    ]


@pytest.mark.parametrize("value", ["as-yes", "AS-NO", "", 1, True, None, ["as-no"]], ids=repr)
def test_a_value_that_the_rule_does_not_take_is_refused_with_those_that_it_takes(known, value):
    assert faults(known, rule_of(known), {"gaps": value}) == [
        ("value", "parameter-not-allowed", "params.gaps", "The parameter gaps takes in-proportion, as-no.")
    ]


def test_a_number_is_compared_with_its_type():
    assert CAT.allowed == {"minAnswered": (6, 7, 8)}

    for taken in (6, 7, 8):
        assert chosen_params(CATALOGUE, CAT, {"minAnswered": taken}) == {"minAnswered": taken}
    for refused in (5, 9, True, 6.0, "6"):
        assert [one[1] for one in faults(CATALOGUE, CAT, {"minAnswered": refused})] == ["parameter-not-allowed"]


def test_what_the_rule_itself_takes_counts_before_what_others_take():
    """ODI takes 8 and 9 under the same name; CAT does not take 9."""
    assert faults(CATALOGUE, CAT, {"minAnswered": 9})[0][3] == "The parameter minAnswered takes 6, 7, 8."


def test_where_the_rule_has_no_such_parameter_whatever_any_rule_takes_is_taken():
    (mmrc,) = (rule for rule in CATALOGUE.rules() if rule.version.id == "mmrc")

    assert chosen_params(CATALOGUE, mmrc, {"minAnswered": 9, "cut": "gt50"}) == {}
    assert [one[1] for one in faults(CATALOGUE, mmrc, {"minAnswered": 5})] == ["parameter-not-allowed"]


def test_every_fault_is_told_at_once(known):
    found = faults(known, rule_of(known), {"gaps": "as-yes", "edition": 2023})

    assert [(rule, place) for _, rule, place, _ in found] == [
        ("parameter-not-allowed", "params.gaps"),
        ("unknown-parameter", "params.edition"),
    ]


def test_a_value_that_any_rule_with_the_parameter_takes_is_taken_where_the_rule_has_none_of_it():
    (name,) = GOLD.allowed

    assert [one[1] for one in faults(CATALOGUE, CAT, {name: 1900})] == ["parameter-not-allowed"]
