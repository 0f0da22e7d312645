"""OperationOutcomes of the FHIR door."""

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from kernel.errors import Issue
from web.fhir.outcome import outcome


def test_an_issue_names_element_item_and_rule():
    issue = Issue("value", "Not one of the options.", "QuestionnaireResponse.item[0]", "cat-1", "not-an-option")

    body = outcome([issue], reference="r-1")

    OperationOutcome.model_validate(body)
    (written,) = body["issue"]
    assert written["severity"] == "error"
    assert written["code"] == "value"
    assert written["details"]["text"] == "Not one of the options."
    assert written["details"]["coding"][0]["code"] == "not-an-option"
    assert written["expression"] == ["QuestionnaireResponse.item[0]"]
    assert written["extension"][0]["valueString"] == "cat-1"
    assert written["diagnostics"] == "Reference r-1"


def test_no_issue_means_that_all_is_well():
    body = outcome([])

    OperationOutcome.model_validate(body)
    assert [(issue["severity"], issue["code"]) for issue in body["issue"]] == [("information", "informational")]


@pytest.mark.parametrize(("given", "listed"), [(99, 99), (100, 100), (101, 101), (10_000, 101)])
def test_a_hundred_issues_are_listed_and_the_rest_counted(given, listed):
    body = outcome([Issue("value", "x")] * given)

    assert len(body["issue"]) == listed
    if given > 100:
        assert body["issue"][-1]["details"]["text"].startswith(f"{given - 100} more")
