"""An OperationOutcome: how the FHIR door says what is wrong, element by element."""

from collections.abc import Sequence
from typing import Any

from kernel.errors import Issue
from web.fhir.systems import LINK_ID, RULES

MOST_ISSUES = 100
"""A response with thousands of faults gets its first hundred and a note of how many were left out."""
ALL_WELL = Issue("informational", "No fault was found.", severity="information")


def outcome(issues: Sequence[Issue], *, reference: str | None = None) -> dict[str, Any]:
    """Build the OperationOutcome of these issues, as JSON.

    Args:
        issues: none means that all is well.
        reference: number of the call, for whoever has to look for it; given with errors only.
    """
    shown = [_issue(issue, reference) for issue in (tuple(issues) or (ALL_WELL,))[:MOST_ISSUES]]
    if len(issues) > MOST_ISSUES:
        text = f"{len(issues) - MOST_ISSUES} more issues are not listed."
        shown.append(_issue(Issue("too-costly", text, severity="warning"), reference))
    return {"resourceType": "OperationOutcome", "issue": shown}


def _issue(issue: Issue, reference: str | None) -> dict[str, Any]:
    details: dict[str, Any] = {"text": issue.text}
    if issue.rule:
        details["coding"] = [{"system": RULES, "code": issue.rule}]
    body: dict[str, Any] = {"severity": issue.severity, "code": issue.code, "details": details}
    if issue.link_id:
        body["extension"] = [{"url": LINK_ID, "valueString": issue.link_id}]
    if reference:
        body["diagnostics"] = f"Reference {reference}"
    if issue.expression:
        body["expression"] = [issue.expression]
    return body
