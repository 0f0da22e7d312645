"""What `$populate` is asked and gives: whose answers are known, and a response that marks each of them."""

import json
from typing import Any

from flow.populate import Populated
from kernel.errors import InvalidInputError, Issue, MalformedInputError, UnknownQuestionnaireError
from kernel.ids import PatientRef
from questionnaires.model import Questionnaire
from questionnaires.registry import Registry
from security.cpr import Identifier, parse_identifier
from web.fhir.parameters import Given, refused
from web.fhir.response import exact_place
from web.fhir.search import ID, LIKE_A_CPR_NUMBER, REFERENCE
from web.fhir.systems import POPULATED_FROM

SUBJECT = "subject"
CANONICAL = "canonical"
KNOWN = (SUBJECT, CANONICAL, "local", "context", "launchContext")
"""Parameters that are understood; the last three only add what others know, and nothing here needs it."""
PLACE = "Parameters.parameter"


def subject_in_address(value: str | None) -> PatientRef:
    """Read whose answers are asked for in an address: by pseudonym only.

    Raises:
        MalformedInputError: it is missing, or anything else; it is not repeated.
    """
    if value is not None and LIKE_A_CPR_NUMBER.fullmatch(value.rpartition("/")[2]):
        raise _refused("security", "A CPR number never belongs in an address; use the pseudonym.", "http.subject")
    return _reference(value, "http.subject")


def subject_of(given: Given) -> PatientRef | Identifier:
    """Read whose answers are asked for in a body: by reference or by identifier.

    Raises:
        MalformedInputError: neither is there.
    """
    subject = given.values.get(SUBJECT)
    if not isinstance(subject, dict):
        raise _refused("required", "The subject is a Reference.", PLACE)
    identifier = subject.get("identifier")
    if "reference" in subject or not isinstance(identifier, dict):
        return _reference(subject.get("reference"), PLACE)
    try:
        return parse_identifier(str(identifier.get("value", "")))
    except InvalidInputError as error:
        raise _refused("value", error.text, PLACE) from None


def questionnaire_of(given: Given, registry: Registry) -> Questionnaire:
    """Find the questionnaire that a body names by its canonical.

    Raises:
        MalformedInputError: it names none.
        UnknownQuestionnaireError: it is none of ours.
    """
    canonical = given.text(CANONICAL)
    if canonical is None:
        raise refused("required", "The parameter canonical is missing.", PLACE, "missing-parameter")
    try:
        return registry.get(canonical)
    except UnknownQuestionnaireError as error:
        issue = Issue("not-found", error.text, PLACE, rule="questionnaireNotFound")
        raise UnknownQuestionnaireError(error.text, issues=[issue]) from None


def _reference(value: Any, place: str) -> PatientRef:
    text = value if isinstance(value, str) else ""
    match = REFERENCE.fullmatch(text)
    if match is not None and match[1] == "Patient":
        return PatientRef(match[2])
    if ID.fullmatch(text):
        return PatientRef(text)
    raise _refused("value", "The subject is Patient/ and the pseudonym.", place)


def _refused(code: str, text: str, place: str) -> MalformedInputError:
    return refused(code, text, place, "subject")


def populated_parameters(populated: Populated, asked: int) -> str:
    """Write the response, each known answer with the version of the response that it is from, and how much is known.

    Args:
        asked: number of items of the questionnaire that take an answer.

    Source: HL7 SDC 4.0.0, Questionnaire/$populate.
    """
    response = json.loads(populated.raw)
    if populated.source is not None:
        place = exact_place(populated.source, populated.source.version)
        _mark(response.get("item", ()), {"url": POPULATED_FROM, "valueReference": {"reference": place}})
    text = f"{len(populated.known)} of {asked} items have a known answer; each names where it is from."
    issue = {"severity": "information", "code": "informational", "details": {"text": text}}
    issues = {"resourceType": "OperationOutcome", "issue": [issue]}
    parameters = [{"name": "response", "resource": response}, {"name": "issues", "resource": issues}]
    return json.dumps({"resourceType": "Parameters", "parameter": parameters}, ensure_ascii=False)


def _mark(items: list[dict[str, Any]], mark: dict[str, Any]) -> None:
    for item in items:
        for answer in item.get("answer", ()):
            answer["extension"] = [*answer.get("extension", ()), mark]
            _mark(answer.get("item", []), mark)
        _mark(item.get("item", []), mark)
