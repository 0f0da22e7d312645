"""Every fault carries the FHIR issue type of its kind, its rule and its element; its words never what was sent."""

import pytest

from kernel.errors import InvalidInputError, MalformedInputError, UnknownQuestionnaireError
from questionnaires.answers import RefusedAnswerError
from questionnaires.findings import RULES, Findings, issue_of
from questionnaires.gate import check_response
from questionnaires.strict_json import MOST_BYTES, parse_object, too_large
from tests.unit.questionnaires.forms import FORM, URL, answered, check, coding, item, raw, registry, response

ISSUE_TYPES = {
    *("invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired", "forbidden"),
    *("suppressed", "processing", "not-supported", "duplicate", "multiple-matches", "not-found", "deleted", "too-long"),
    *("code-invalid", "extension", "too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store"),
    *("exception", "timeout", "incomplete", "throttled", "informational"),
}
"""FHIR R4 value set issue-type."""


def issues(send, *args, **more):
    with pytest.raises(InvalidInputError) as caught:
        send(*args, **more)
    return [(one.code, one.rule, one.expression, one.severity) for one in caught.value.issues]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_an_issue_type_of_fhir_and_words(rule):
    told = issue_of(rule, "a", "Questionnaire.item[0]")

    assert told.code in ISSUE_TYPES
    assert told.text.endswith(".")
    assert (told.rule, told.link_id, told.expression) == (rule, "a", "Questionnaire.item[0]")


@pytest.mark.parametrize(
    ("sent", "code", "rule"),
    [
        ({"b": {"valueBoolean": 1}}, "value", "not-a-boolean"),
        ({"n": {"valueInteger": 99}}, "value", "out-of-range"),
        ({"c": coding("9")}, "code-invalid", "not-an-option"),
        ({"s": {"valueString": "abcdef"}}, "too-long", "maxLength"),
        ({"x": {"valueBoolean": True}}, "not-found", "unknown-linkId"),
        ({"d": {"valueBoolean": True}}, "structure", "displayAnswer"),
    ],
    ids=str,
)
def test_a_fault_of_an_answer_has_the_issue_type_of_its_kind(sent, code, rule):
    found = issues(check, FORM, *(answered(link_id, answer) for link_id, answer in sent.items()))

    assert [(one[0], one[1]) for one in found] == [(code, rule)]


def test_what_must_be_there_is_told_as_required():
    demanding = registry(item("b", "boolean", required=True))

    assert issues(check, demanding) == [("required", "required", "QuestionnaireResponse.item", "error")]
    assert issues(check, FORM, questionnaire=None) == [
        ("required", "missing-element", "QuestionnaireResponse.questionnaire", "error")
    ]


def test_a_questionnaire_that_is_not_here_is_told_as_not_found_and_by_no_name():
    with pytest.raises(UnknownQuestionnaireError) as caught:
        check(FORM, questionnaire=f"{URL}|9.9.9")

    (told,) = caught.value.issues
    assert (told.code, told.rule) == ("not-found", "questionnaireNotFound")
    assert told.text == caught.value.text
    assert "9.9.9" not in told.text


@pytest.mark.parametrize(
    ("body", "code", "rule", "expression"),
    [
        (raw({"resourceType": "Patient"}), "structure", "wrong-resource", "QuestionnaireResponse.resourceType"),
        (b"[]", "structure", "not-an-object", None),
        (b"{", "structure", "not-json", None),
        (b'{"a":1,"a":1}', "structure", "duplicate-key", None),
        (b'{"a":"\\u0000"}', "invalid", "nul", None),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "structure", "too-deep", None),
        (b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", "structure", "too-deep", None),
        (b'{"a":"' + b"x" * MOST_BYTES + b'"}', "too-long", "too-large", None),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_body_that_cannot_be_read_says_how(body, code, rule, expression):
    with pytest.raises(MalformedInputError) as caught:
        check_response(body, FORM)

    assert [(one.code, one.rule, one.expression) for one in caught.value.issues] == [(code, rule, expression)]
    assert caught.value.text == caught.value.issues[0].text
    assert caught.value.text.startswith(("The body ", "A key ", "A QuestionnaireResponse "))


def test_a_body_that_is_too_large_is_told_how_large_it_may_be():
    assert too_large(256 * 1024).text == "The body is larger than 256 KiB."
    assert too_large(2 * 1024 * 1024).text == "The body is larger than 2048 KiB."


def test_of_a_key_that_stands_twice_only_the_position_is_told():
    with pytest.raises(MalformedInputError) as caught:
        parse_object(b'{"Nancy at home": 1, "Nancy at home": 2}')

    assert caught.value.text == "A key stands twice in one object, at line 1 column 38."


def test_more_faults_than_are_listed_are_told_as_too_costly():
    findings = Findings()
    for _ in range(501):
        findings.add("empty", (None, "QuestionnaireResponse", -1))

    *listed, last = findings.all()

    assert len(listed) == 500
    assert (last.code, last.rule) == ("too-costly", "too-many")
    assert "500" in last.text


def test_exactly_five_hundred_faults_are_all_there_are():
    findings = Findings()
    for _ in range(500):
        findings.add("empty", (None, "QuestionnaireResponse", -1))

    assert [one.rule for one in findings.all()] == ["empty"] * 500


def test_a_refused_answer_says_its_rule():
    assert str(RefusedAnswerError("regex")) == RefusedAnswerError("regex").rule == "regex"


@pytest.mark.parametrize("more", [{}, {"language": "da"}], ids=["short way", "full way"])
def test_a_response_as_large_as_allowed_is_read_and_one_byte_more_is_not(more):
    sent = raw(response(answered("b", {"valueBoolean": True}), **more))
    padded = sent + b" " * (MOST_BYTES - len(sent))

    assert check_response(padded, FORM).answers == {"b": (True,)}
    assert issues(check_response, padded + b" ", FORM) == [("too-long", "too-large", None, "error")]
