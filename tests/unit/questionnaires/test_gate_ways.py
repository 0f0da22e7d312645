"""The two ways through the gate: a plain response takes the short one, and what only the whole response can tell."""

from typing import Any

import pytest

from kernel.errors import InvalidInputError, InvalidResponseError
from questionnaires.gate import check_bytes, check_resource, check_response
from questionnaires.plan import plan_of
from questionnaires.registry import Registry
from questionnaires.vocabulary import REQUEST_SYSTEM
from tests.unit.questionnaires import any_form
from tests.unit.questionnaires.any_form import a, form, q
from tests.unit.questionnaires.forms import (
    FORM,
    answered,
    check,
    faults,
    item,
    questionnaire,
    raw,
    response,
)

YES = answered("b", {"valueBoolean": True})


class Never(Registry):
    """Knows its questionnaires for the short way only."""

    def plan(self, canonical):
        raise AssertionError(f"the full way was taken: {canonical}")


def test_a_plain_response_takes_the_short_way_alone():
    known = questionnaire(item("b", "boolean"))

    assert check_response(raw(response(YES)), Never({known.canonical: known})).answers == {"b": (True,)}
    with pytest.raises(AssertionError, match="full way"):
        check_response(raw(response(YES, language="da")), Never({known.canonical: known}))


class OneLook(dict[str, Any]):
    """A decoded response that must not be walked member by member."""

    def items(self):
        raise AssertionError("the full way was taken")


def test_a_plain_response_that_is_decoded_already_takes_the_short_way_too():
    plan = plan_of(questionnaire(item("b", "boolean")))

    assert check_resource(OneLook(response(YES)), plan).answers == {"b": (True,)}
    with pytest.raises(AssertionError, match="full way"):
        check_resource(OneLook(response(YES, language="da")), plan)


def test_both_ways_give_the_same():
    known = questionnaire(item("b", "boolean"))
    plan, one = plan_of(known), Registry({known.canonical: known})
    plain, more = response(YES), response(YES, language="da")

    found = [check_response(raw(sent), one) for sent in (plain, more)]
    found += [check_bytes(raw(sent), plan) for sent in (plain, more)]
    found += [check_resource(sent, plan) for sent in (plain, more)]

    assert found == [found[0]] * 6


@pytest.mark.parametrize("status", ["entered-in-error", "done"])
def test_a_status_that_is_not_accepted_is_named_at_its_element(status):
    rule = "unknown-status" if status == "done" else "status-not-accepted"

    assert faults(FORM, status=status) == [(rule, "QuestionnaireResponse.status", None)]


def test_what_a_response_must_say_is_named_at_its_element():
    assert faults(FORM, status=None) == [("missing-element", "QuestionnaireResponse.status", None)]


def test_a_refused_response_says_that_it_breaks_its_questionnaire():
    with pytest.raises(InvalidResponseError) as caught:
        check(FORM, status="done")

    assert "questionnaire" in caught.value.text


@pytest.mark.parametrize("value", [3, ["r1"], {"r": 1}, None], ids=str)
def test_a_request_whose_value_is_no_text_is_told_by_its_type_beside_another_one(value):
    ours = {"identifier": {"system": REQUEST_SYSTEM, "value": value}}

    assert faults(FORM, basedOn=[ours, {"reference": "ServiceRequest/r1"}]) == [
        ("wrong-type", "QuestionnaireResponse.basedOn[0].identifier.value", None)
    ]


DEMANDING = form(
    q("a", "boolean", required=True),
    q("z", "boolean", enableWhen=[any_form.when("a", "=", "Boolean", value=True)]),
    q("r", "group", repeats=True, item=[q("rb", "boolean", required=True)]),
)


def test_what_is_open_in_a_response_in_progress_is_not_missed_even_where_its_item_stands():
    open_items = [{"linkId": "a"}, {"linkId": "r"}]

    assert any_form.rules(DEMANDING, *open_items, status="in-progress") == []
    assert any_form.rules(DEMANDING, *open_items) == ["required", "required"]


def test_an_item_that_stands_twice_is_not_missed_too():
    assert any_form.rules(DEMANDING, {"linkId": "a"}, {"linkId": "a"}) == ["duplicate-linkId"]


def test_a_form_that_asks_for_an_attachment_takes_up_to_two_mebibytes_and_no_byte_more():
    plan = form(q("f", "attachment"), q("b", "boolean"))
    sent = any_form.response(a("b", ("Boolean", True)))
    padded = sent + b" " * (2 * 1024 * 1024 - len(sent))

    assert check_bytes(padded, plan).answers == {"b": (True,)}
    with pytest.raises(InvalidInputError, match="2048 KiB"):
        check_bytes(padded + b" ", plan)


def test_beside_a_form_that_asks_for_an_attachment_the_others_still_take_little():
    known = questionnaire(item("b", "boolean"))
    file = any_form.read(q("f", "attachment"), url="https://any.example", version="1.0.0")
    one = Registry({known.canonical: known, file.canonical: file})
    sent = raw(response(YES, language="da"))
    padded = sent + b" " * (256 * 1024 - len(sent))

    assert check_response(padded, one).answers == {"b": (True,)}
    with pytest.raises(InvalidInputError, match="256 KiB"):
        check_response(padded + b" ", one)
