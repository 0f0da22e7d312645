"""The gate: what passes, what does not, and how each fault is named."""

from datetime import UTC, datetime

import pytest

from kernel.errors import InvalidResponseError, MalformedInputError, UnknownQuestionnaireError
from questionnaires.gate import check_response
from questionnaires.model import Coded
from tests.unit.questionnaires.forms import (
    DECLINED,
    SYSTEM,
    URL,
    answered,
    check,
    choice,
    coding,
    faults,
    integer,
    item,
    option,
    raw,
    registry,
    rules,
    when,
)

ANSWER = "QuestionnaireResponse.item[0].answer[0]"
FORM = registry(
    item("b", "boolean"),
    integer("n"),
    choice("c", 0, 1, 2),
    item("s", "string", maxLength=5),
    item("t", "text"),
    item("d", "display"),
    item("g", "group", item=[item("gb", "boolean"), item("gn", "boolean")]),
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


def test_an_option_without_points_is_an_answer_too():
    unsure = registry(item("c", "choice", answerOption=[option("1", 1), option("dont-know", None)]))

    assert check(unsure, answered("c", coding("dont-know"))).answers["c"] == (Coded(SYSTEM, "dont-know"),)
