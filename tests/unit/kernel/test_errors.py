"""The family of errors: what each tells FHIR and HTTP."""

import pytest

from kernel import errors
from kernel.errors import (
    AccessError,
    ConflictError,
    ContentError,
    DeliveryError,
    HandoverError,
    InvalidInputError,
    InvalidResponseError,
    Issue,
    MalformedInputError,
    NotFoundError,
    NotOpenError,
    PlanError,
    SettingsError,
    StoreError,
    SvarbroError,
    TokenExpiredError,
    UnauthenticatedError,
    UnavailableError,
    UnknownQuestionnaireError,
)

ISSUE_TYPES = {  # FHIR R4 issue-type, the codes that we use (hl7.org/fhir/R4/valueset-issue-type.html)
    "business-rule",
    "required",
    "conflict",
    "exception",
    "expired",
    "forbidden",
    "invalid",
    "login",
    "not-supported",
    "throttled",
    "not-found",
    "structure",
    "transient",
}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (SvarbroError, 500),
        (SettingsError, 500),
        (ContentError, 500),
        (InvalidInputError, 422),
        (MalformedInputError, 400),
        (UnknownQuestionnaireError, 422),
        (InvalidResponseError, 422),
        (AccessError, 403),
        (UnauthenticatedError, 401),
        (TokenExpiredError, 410),
        (StoreError, 500),
        (NotFoundError, 404),
        (ConflictError, 409),
        (NotOpenError, 409),
        (UnavailableError, 503),
        (HandoverError, 502),
        (DeliveryError, 502),
        (PlanError, 502),
    ],
)
def test_each_error_carries_its_http_status(kind, status):
    assert kind("text").status == status


def test_every_error_of_the_family_has_a_fhir_issue_type():
    family = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SvarbroError)]

    assert len(family) > 15
    assert {kind.issue_code for kind in family} <= ISSUE_TYPES


def test_an_error_without_issues_says_itself_as_one_issue():
    error = NotFoundError("No such enrolment.")

    assert error.issues == (Issue("not-found", "No such enrolment."),)
    assert error.issues[0].severity == "error"
    assert str(error) == error.text == "No such enrolment."


def test_an_error_keeps_every_issue_it_is_given():
    issues = [Issue("required", "Answer it.", "QuestionnaireResponse.item[0]", "cat-1"), Issue("value", "Too high.")]

    error = InvalidResponseError("The response breaks its questionnaire.", issues=issues)

    assert error.issues == tuple(issues)


def test_a_handover_that_failed_may_be_tried_again_unless_it_says_otherwise():
    error = DeliveryError("No answer.")

    assert (error.permanent, error.maybe_accepted, error.retry_after_s, error.http_status) == (False, False, None, None)


def test_a_handover_that_failed_says_what_the_sender_must_know():
    error = PlanError("Refused.", permanent=True, maybe_accepted=True, retry_after_s=2.5, http_status=422)

    assert (error.permanent, error.maybe_accepted, error.retry_after_s, error.http_status) == (True, True, 2.5, 422)
    assert error.issues == (Issue("transient", "Refused."),)
