"""Extensions that change what a valid response is and that this gate does not evaluate: refused at load, by name."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from questionnaires.vocabulary import FHIR, SDC

EXPRESSION = "its expression is not evaluated here"
ELSEWHERE = "it makes the items of the form depend on another system"
UNSUPPORTED = MappingProxyType(
    {
        SDC + "enableWhenExpression": EXPRESSION,
        SDC + "answerExpression": EXPRESSION,
        SDC + "answerOptionsToggleExpression": EXPRESSION,
        SDC + "targetConstraint": EXPRESSION,
        FHIR + "targetConstraint": EXPRESSION,
        FHIR + "questionnaire-constraint": EXPRESSION,
        FHIR + "cqf-expression": EXPRESSION,
        FHIR + "cqf-calculatedValue": EXPRESSION,
        SDC + "subQuestionnaire": ELSEWHERE,
        SDC + "questionnaireAdaptive": ELSEWHERE,
        FHIR + "questionnaire-referenceProfile": "a response does not hold what the profile is about",
        FHIR + "questionnaire-signatureRequired": "signatures are not checked here",
        FHIR + "questionnaire-unitOpen": "units outside the list are not supported",
        FHIR + "questionnaire-unitSupplementalSystem": "units outside the list are not supported",
        "http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire.item.answerConstraint": (
            "options that only suggest are not supported"
        ),
    }
)
"""URL -> why. Every other extension is ignored, as FHIR asks of extensions that are no modifiers."""

# Texts may be computed; it does not change what a valid response is.
SHOWN_ONLY = ("item", "contained", "text", "_text", "_prefix", "_title", "_display", "_description", "code", "meta")


def unsupported_in(element: dict[str, Any]) -> Iterator[str]:
    """List the URLs of unsupported extensions of a Questionnaire or one item, those of nested items left out."""
    waiting: list[Any] = [{name: member for name, member in element.items() if name not in SHOWN_ONLY}]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            if value.get("url") in UNSUPPORTED:
                yield value["url"]
            waiting.extend(member for name, member in value.items() if name not in SHOWN_ONLY)
