"""Problem JSON (RFC 9457): how the JSON API and the webhooks say what is wrong, field by field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from kernel.errors import Issue

FIELD = re.compile(r"[A-Za-z_][A-Za-z_.]{0,63}")
RULES_OF_TEXT = {"Unknown field.": "unknown-field", "Missing data for required field.": "required"}
MOST_ISSUES = 100


def problem(status: int, issues: Sequence[Issue], *, reference: str) -> dict[str, Any]:
    """Build the problem document of these issues.

    Args:
        status: HTTP status.
        issues: at least one; the first gives the summary.
        reference: number of the call, for whoever has to look for it.
    """
    return {
        "type": f"https://svarbro.example/problems/{issues[0].rule or issues[0].code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": issues[0].text,
        "instance": f"urn:svarbro:call:{reference}",
        "errors": [_error(issue) for issue in issues[:MOST_ISSUES]],
    }


def issues_of_messages(messages: Mapping[str, Any]) -> tuple[Issue, ...]:
    """Read the complaints of a schema, each with the path of its field.

    The name of an unknown field is repeated only where it looks like a name: a caller may have put anything there.
    """
    return tuple(_issues(messages.get("json", messages.get("query", messages)), ()))


def _issues(messages: Any, path: tuple[str, ...]) -> Iterator[Issue]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            # A number is a place in a list: the names of an object are text.
            is_shown = isinstance(name, int) or FIELD.fullmatch(str(name))
            shown = str(name) if is_shown else "(unprintable)"
            yield from _issues(inner, (*path, *(() if shown == "_schema" else (shown,))))
    elif isinstance(messages, str):
        rule = RULES_OF_TEXT.get(messages, "invalid-field")
        yield Issue("required" if rule == "required" else "value", messages, ".".join(path) or None, rule=rule)
    else:
        for inner in messages:
            yield from _issues(inner, path)


def _error(issue: Issue) -> dict[str, Any]:
    error: dict[str, Any] = {"code": issue.rule or issue.code, "detail": issue.text}
    if issue.expression:
        error["field"] = issue.expression
        # Elements of a FHIR document are named by FHIRPath and have no place in the JSON that carries them.
        if "[" not in issue.expression and not issue.expression[0].isupper():
            error["pointer"] = "#/" + issue.expression.replace(".", "/")
    if issue.link_id:
        error["linkId"] = issue.link_id
    return error
