"""Made-up questionnaires of every item type: valid responses pass, and each broken rule is named at its place."""

import json
from copy import deepcopy

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kernel.errors import InvalidInputError
from questionnaires.gate import check_bytes, check_in_full
from questionnaires.plan import plan_of
from questionnaires.quick import read_quick
from questionnaires.reading import read_questionnaire
from questionnaires.statuses import ACCEPTED_STATUSES
from questionnaires.strict_json import parse_object
from tests.property.questionnaires.breaking import BREAKERS, expression
from tests.property.questionnaires.made_form import made_forms
from tests.property.questionnaires.made_response import fill

SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck))


def plan(form):
    return plan_of(read_questionnaire(json.dumps(form).encode(), "made.json"))


def faults(made, response):
    try:
        check_bytes(json.dumps(response).encode(), made)
    except InvalidInputError as error:
        return [(one.rule, one.expression) for one in error.issues]
    return []


@SETTINGS
@given(form=made_forms(), data=st.data())
def test_a_valid_response_to_any_questionnaire_passes(form, data):
    made = plan(form)

    response, _ = fill(data.draw, form)

    assert faults(made, response) == []


@SETTINGS
@given(form=made_forms(), data=st.data())
def test_one_broken_rule_is_named_at_its_place(form, data):
    made = plan(form)
    response, filling = fill(data.draw, form)
    chances = [chance for breaker in BREAKERS for chance in breaker(filling)]
    assume(chances)
    rules, place, harm = data.draw(st.sampled_from(chances))

    broken = deepcopy(response)
    harm(broken)
    found = faults(made, broken)

    assert any(rule in rules and str(at).startswith(expression(place)) for rule, at in found), (rules, place, found)


@SETTINGS
@given(form=made_forms(), data=st.data())
def test_both_ways_through_the_gate_agree(form, data):
    made = plan(form)
    response, filling = fill(data.draw, form)
    chances = [chance for breaker in BREAKERS for chance in breaker(filling)]
    if chances and data.draw(st.booleans()):
        data.draw(st.sampled_from(chances))[2](response)
    decoded = parse_object(json.dumps(response).encode())

    short = read_quick(decoded, made, ACCEPTED_STATUSES)

    if short is not None:
        assert short == check_in_full(decoded, made, ACCEPTED_STATUSES)


@SETTINGS
@given(form=made_forms(), data=st.data())
def test_in_progress_forgives_gaps_and_nothing_else(form, data):
    made = plan(form)
    response, filling = fill(data.draw, form)
    response["status"] = "in-progress"
    chances = [chance for breaker in BREAKERS for chance in breaker(filling)]
    assume(chances)
    rules, place, harm = data.draw(st.sampled_from(chances))

    harm(response)
    found = faults(made, response)

    if rules == ("required",):
        assert not any(rule == "required" for rule, _ in found)
    else:
        assert any(rule in rules and str(at).startswith(expression(place)) for rule, at in found)
