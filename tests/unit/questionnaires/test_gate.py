"""The gate, the whole response: what passes, and how each fault is named."""

from datetime import UTC, datetime

import pytest

from kernel.errors import InvalidResponseError, MalformedInputError, UnknownQuestionnaireError
from questionnaires.gate import CHANGING_STATUSES, check_response
from questionnaires.model import Coded
from tests.unit.questionnaires.forms import (
    DECLINED,
    FORM,
    SYSTEM,
    URL,
    answered,
    check,
    coding,
    faults,
    integer,
    item,
    raw,
    registry,
    response,
    rules,
    when,
)


def test_a_full_response_gives_its_answers():
    checked = check(
        FORM,
        answered("b", {"valueBoolean": False}),
        answered("n", {"valueInteger": 10}),
        answered("c", coding("2", display="Svar 2"), text="Om c"),
        answered("s", {"valueString": "Hånd"}),
        answered("t", {"valueString": "En linje\nog en til"}),
        {"linkId": "d"},
        {"linkId": "g", "item": [answered("gb", {"valueBoolean": True}), {"linkId": "gn"}]},
        authored="2026-11-20T12:00:00.5+01:00",
    )

    assert checked.answers == {
        "b": (False,),
        "n": (10,),
        "c": (Coded(SYSTEM, "2"),),
        "s": ("Hånd",),
        "t": ("En linje\nog en til",),
        "gb": (True,),
    }
    assert (checked.questionnaire, checked.status) == (f"{URL}|1.0.0", "completed")
    assert checked.authored == datetime(2026, 11, 20, 11, 0, 0, 500000, UTC)
    assert not checked.skipped


def test_a_response_without_any_item_is_complete_when_nothing_is_required():
    checked = check(FORM)

    assert checked.answers == {}
    assert (checked.authored, checked.request, checked.subject, checked.subject_identifier) == (None, None, None, None)


def test_a_decline_is_kept_apart_from_a_gap():
    checked = check(FORM, answered("b", DECLINED), {"linkId": "n"})

    assert checked.skipped == {"b"}
    assert checked.answers == {}


CLOSED = registry(
    item("a", "boolean"),
    item("b", "boolean", enableWhen=[when("a")]),
    item("c", "boolean", enableWhen=[when("b")]),
    item("g", "group", enableWhen=[when("a")], item=[item("gb", "boolean")]),
    item("d", "display", enableWhen=[when("a")]),
)


def test_an_item_that_is_not_asked_takes_no_answer():
    no = answered("a", {"valueBoolean": False})

    assert faults(CLOSED, no, answered("b", {"valueBoolean": True})) == [
        ("not-enabled", "QuestionnaireResponse.item[1].answer", "b")
    ]
    assert rules(CLOSED, no, answered("b", DECLINED)) == ["not-enabled"]
    assert rules(CLOSED, no, {"linkId": "b"}, {"linkId": "d"}) == []
    assert rules(CLOSED, no, {"linkId": "g", "item": [answered("gb", {"valueBoolean": True})]}) == ["not-enabled"]
    assert rules(CLOSED, answered("c", {"valueBoolean": True})) == ["not-enabled"]


def test_what_is_nested_in_a_declined_question_is_not_asked():
    nested = registry(item("b", "boolean", item=[integer("n")]))
    declined = {**DECLINED, "item": [answered("n", {"valueInteger": 3})]}

    assert rules(nested, answered("b", declined)) == ["not-enabled"]


def test_an_item_that_is_asked_takes_one():
    yes = answered("a", {"valueBoolean": True})
    group = {"linkId": "g", "item": [answered("gb", {"valueBoolean": True})]}

    assert (
        rules(CLOSED, yes, answered("b", {"valueBoolean": True}), answered("c", {"valueBoolean": False}), group) == []
    )


def test_a_refused_answer_does_not_accuse_what_hangs_on_it():
    broken = answered("a", {"valueBoolean": "true"})
    group = {"linkId": "g", "item": [answered("gb", {"valueBoolean": True})]}
    rest = [answered("b", {"valueBoolean": True}), answered("c", {"valueBoolean": True}), group]

    assert rules(CLOSED, broken, *rest) == ["not-a-boolean"]


REQUIRED = registry(
    item("a", "boolean", required=True),
    item("b", "boolean", required=True, enableWhen=[when("a")]),
    item("g", "group", required=True, item=[item("gb", "boolean"), item("gn", "boolean", required=True)]),
)


def test_required_items_are_all_named():
    assert faults(REQUIRED) == [
        ("required", "QuestionnaireResponse.item", "a"),
        ("required", "QuestionnaireResponse.item", "g"),
        ("required", "QuestionnaireResponse.item", "gn"),
    ]


def test_the_nearest_element_names_what_is_required():
    found = faults(REQUIRED, {"linkId": "a"}, {"linkId": "g", "item": [answered("gb", {"valueBoolean": True})]})

    assert found == [
        ("required", "QuestionnaireResponse.item[0]", "a"),
        ("required", "QuestionnaireResponse.item[1].item", "gn"),
    ]


def test_a_required_item_is_not_met_by_a_decline_and_not_blamed_twice_for_a_refused_answer():
    group = {"linkId": "g", "item": [answered("gn", {"valueBoolean": True})]}

    assert rules(REQUIRED, answered("a", DECLINED), group) == ["required"]
    assert rules(REQUIRED, answered("a", {"valueBoolean": 1}), group) == ["not-a-boolean"]
    assert rules(REQUIRED, answered("a", {"valueBoolean": False}), group) == []
    assert rules(REQUIRED, answered("a", {"valueBoolean": True}), group) == ["required"]


def test_in_progress_is_lenient_about_completeness_and_nothing_else():
    assert rules(REQUIRED, status="in-progress") == []
    assert rules(REQUIRED, answered("a", {"valueBoolean": 1}), status="in-progress") == ["not-a-boolean"]
    assert rules(REQUIRED, status="amended") == ["required"] * 3


def test_what_was_entered_in_error_is_accepted_as_a_change_only_and_need_not_be_complete():
    wrong = raw(response(status="entered-in-error"))

    assert check_response(wrong, REQUIRED, statuses=CHANGING_STATUSES).status == "entered-in-error"
    assert rules(REQUIRED, status="entered-in-error") == ["status-not-accepted"]


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("entered-in-error", ["status-not-accepted"]),
        ("stopped", ["status-not-accepted"]),
        ("done", ["unknown-status"]),
        ("Completed", ["unknown-status"]),
        (3, ["wrong-type"]),
        (None, ["missing-element"]),
    ],
)
def test_the_status_must_be_one_that_is_accepted(status, found):
    assert rules(FORM, status=status) == found


@pytest.mark.parametrize(
    "resource",
    [{}, {"resourceType": "Patient"}, {"resourceType": None}, {"resourceType": ["QuestionnaireResponse"]}],
)
def test_another_resource_is_malformed(resource):
    with pytest.raises(MalformedInputError) as caught:
        check_response(raw(resource), FORM)

    assert [(one.rule, one.expression) for one in caught.value.issues] == [
        ("wrong-resource", "QuestionnaireResponse.resourceType")
    ]


@pytest.mark.parametrize("canonical", [URL, f"{URL}|2.0.0", "https://elsewhere.example|1.0.0", f"{URL}|1.0.0#x"])
def test_an_unknown_canonical_is_never_guessed(canonical):
    with pytest.raises(UnknownQuestionnaireError) as caught:
        check(FORM, questionnaire=canonical)

    assert [(one.rule, one.expression) for one in caught.value.issues] == [
        ("questionnaireNotFound", "QuestionnaireResponse.questionnaire")
    ]


@pytest.mark.parametrize("canonical", [None, 3, "", {"reference": "x"}])
def test_a_response_must_name_its_questionnaire(canonical):
    with pytest.raises(InvalidResponseError) as caught:
        check(FORM, questionnaire=canonical)

    assert caught.value.issues[0].expression == "QuestionnaireResponse.questionnaire"


def test_every_fault_is_told_at_once():
    found = rules(
        FORM,
        answered("b", {"valueBoolean": 1}),
        answered("n", {"valueInteger": 99}),
        answered("c", coding("9")),
        answered("x", {"valueBoolean": True}),
        status="done",
        authored="yesterday",
    )

    assert sorted(str(rule) for rule in found) == [
        "not-a-boolean",
        "not-an-option",
        "out-of-range",
        "unknown-linkId",
        "unknown-status",
        "wrong-type",
    ]


def test_the_list_of_faults_has_an_end_and_says_so():
    entries = [answered(f"x{number}", {"valueBoolean": True}) for number in range(501)]

    with pytest.raises(InvalidResponseError) as caught:
        check(FORM, *entries)

    assert len(caught.value.issues) == 501
    assert caught.value.issues[-1].rule == "too-many"
    assert len(faults(FORM, *entries[:500])) == 500


def test_no_message_repeats_what_was_sent():
    secret = "Nancy Berggren 2512489996"
    entries = [answered("b", {"valueBoolean": secret, secret: secret}), answered("c", coding(secret)), {secret: secret}]

    with pytest.raises(InvalidResponseError) as caught:
        check(FORM, *entries, authored=secret, status=secret, subject={secret: 1})

    told = repr(caught.value.issues) + str(caught.value)
    assert "Nancy" not in told
    assert "2512489996" not in told
    assert "QuestionnaireResponse.subject.?" in told


def test_the_one_name_of_fhir_with_digits_is_told():
    with pytest.raises(InvalidResponseError) as caught:
        check(FORM, extension=[{"url": "a:b", "valueBase64Binary": "a"}])

    assert [issue.expression for issue in caught.value.issues] == [
        "QuestionnaireResponse.extension[0].valueBase64Binary"
    ]


@pytest.mark.parametrize(
    ("based_on", "request_id"),
    [
        ([{"reference": "ServiceRequest/r1"}], "r1"),
        ([{"identifier": {"system": "https://svarbro.example/fhir/sid/request", "value": "r1"}}], "r1"),
        ([{"reference": "CarePlan/p1"}, {"reference": "ServiceRequest/r1"}], "r1"),
        ([{"reference": "ServiceRequest/r1"}, {"reference": "ServiceRequest/r1"}], "r1"),
        ([{"reference": "https://elsewhere.example/fhir/ServiceRequest/r1"}], None),
        ([{"identifier": {"system": "https://elsewhere.example", "value": "r1"}}], None),
        ([{"identifier": {"system": "https://svarbro.example/fhir/sid/request"}}], None),
        ([{"display": "x"}], None),
    ],
)
def test_our_request_is_read_from_based_on(based_on, request_id):
    assert check(FORM, basedOn=based_on).request == request_id


def test_two_of_our_requests_are_ambiguous():
    both = [{"reference": "ServiceRequest/r1"}, {"reference": "ServiceRequest/r2"}]

    assert faults(FORM, basedOn=both) == [("ambiguous-request", "QuestionnaireResponse.basedOn", None)]


def test_a_broken_based_on_is_told_by_its_structure():
    assert rules(FORM, basedOn="ServiceRequest/r1") == ["not-a-list"]
    assert rules(FORM, basedOn=["ServiceRequest/r1"]) == ["not-an-object"]


def test_the_subject_is_read_by_reference_and_by_identifier():
    cpr = {"system": "urn:oid:1.2.208.176.1.2", "value": "2512489996"}

    both = check(FORM, subject={"reference": "Patient/p1", "identifier": cpr})

    assert (both.subject, both.subject_identifier) == ("Patient/p1", (cpr["system"], "2512489996"))
    assert check(FORM, subject={"identifier": {"value": "x"}}).subject_identifier is None
    assert "2512489996" not in repr(both)
