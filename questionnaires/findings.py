"""Collects what is wrong with a response, and tells each fault in fixed words: never the answer itself."""

import re
from types import MappingProxyType
from typing import Union

from kernel.errors import Issue

Place = tuple[Union["Place", None], str, int]
"""Where in the resource: (the place around it, element name, index or -1); rendered only for a fault."""

MOST_ISSUES = 500
# No digits, for a sender could put a CPR number into a name; one name of FHIR has some.
SAFE_NAME = re.compile(r"[A-Za-z_][A-Za-z]{0,63}|_?valueBase64Binary")
SAFE_LINK_ID = re.compile(r"(?!.*[0-9]{6})[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")

# rule -> (FHIR issue-type code, what to tell)
RULES = MappingProxyType(
    {
        "unknown-element": ("structure", "FHIR R4 knows no such element here."),
        "wrong-type": ("structure", "The value is not of the FHIR R4 type of this element."),
        "not-an-object": ("structure", "An object is expected here."),
        "not-a-list": ("structure", "A list is expected here."),
        "empty": ("structure", "An empty object or list is not allowed."),
        "missing-element": ("required", "An element that must be there is missing."),
        "extension-value": ("structure", "An extension has either one value or extensions of its own."),
        "many-values": ("structure", "An answer has one value."),
        "unknown-code": ("code-invalid", "The code is not one that FHIR R4 binds this element to."),
        "invariant": ("invariant", "The parts of this value contradict each other (per-1, qty-3 or att-1)."),
        "contained-type": ("not-supported", "A resource of this type cannot be contained here."),
        "contained-id": ("invariant", "What is contained has an id of its own and is referred to (dom-3)."),
        "not-supported": ("not-supported", "This element could change the meaning and is not understood here."),
        "unknown-status": ("code-invalid", "The status is not one of FHIR R4."),
        "status-not-accepted": ("business-rule", "A response with this status is not accepted here."),
        "ambiguous-request": ("invalid", "The response names more than one of our requests."),
        "unknown-linkId": ("not-found", "The questionnaire has no such item."),
        "duplicate-linkId": ("duplicate", "The item stands in the response twice."),
        "wrong-place": ("structure", "The item does not belong inside this one."),
        "wrong-order": ("structure", "The items are not in the order of the questionnaire."),
        "groupShouldNotHaveAnswers": ("structure", "A group has no answer of its own."),
        "displayAnswer": ("structure", "A displayed text has no answer."),
        "not-a-boolean": ("value", "The item asks for true or false as valueBoolean."),
        "not-a-number": ("value", "The item asks for a whole number as valueInteger."),
        "not-on-step": ("value", "The item asks for a whole number, without decimals."),
        "out-of-range": ("value", "The number lies outside what the item allows."),
        "not-an-option": ("code-invalid", "The answer is none of the item's options (system and code as valueCoding)."),
        "invalidAnswerType": ("value", "The answer is not of the kind that the item asks for."),
        "maxLength": ("too-long", "The text is longer than the item allows."),
        "minLength": ("value", "The text is shorter than the item allows."),
        "regex": ("value", "The text is not of the form that the item asks for."),
        "invalidNewLine": ("value", "The item asks for one line; a line end is not allowed."),
        "invalidUrlValue": ("value", "The item asks for a URL with a scheme, as valueUri."),
        "minValue": ("value", "The value lies, or may lie, below what the item allows."),
        "maxValue": ("value", "The value lies, or may lie, above what the item allows."),
        "minValueIncompatUnits": ("value", "The unit cannot be compared with that of the item's lower limit."),
        "maxValueIncompatUnits": ("value", "The unit cannot be compared with that of the item's upper limit."),
        "maxDecimalPlaces": ("value", "The number has more decimals than the item allows."),
        "invalidUnit": ("code-invalid", "The quantity is in no unit that the item allows."),
        "invalidRefResourceType": ("value", "The reference is to no resource of a type that the item allows."),
        "maxAttachmentSize": ("too-long", "The attachment is larger than the item allows, or its size is not known."),
        "mimeType": ("value", "The attachment is of no content type that the item allows."),
        "exclusiveAnswerOption": ("value", "The option stands alone: no other answer beside it."),
        "readOnly": ("business-rule", "The item is read-only, and this is not what it starts with."),
        "minCount": ("required", "The item needs more answers, or must stand more times."),
        "maxCount": ("value", "The item takes fewer answers, or stands fewer times."),
        "repeats": ("value", "The item takes one answer only."),
        "no-value": ("required", "The answer has neither a value nor the coded absence asked-declined."),
        "absent-with-value": ("invalid", "A coded absence stands alone: no value and no other answer beside it."),
        "not-enabled": ("business-rule", "The item is not asked after the other answers, so it takes no answer."),
        "required": ("required", "The item must be answered."),
        "questionnaireDraft": ("informational", "The questionnaire is a draft."),
        "questionnaireRetired": ("informational", "The questionnaire is retired."),
        "questionnaireInactive": ("informational", "The questionnaire does not say that it is in use."),
    }
)


class Findings:
    """The faults of one resource.

    Args:
        contained: ids of what it contains; None for a resource of which every local reference is left alone.
    """

    def __init__(self, contained: frozenset[str] | None = frozenset()) -> None:
        self.issues: list[Issue] = []
        self.more = False
        self.pointed: set[str] = set()
        """Ids that a local reference names."""
        self._contained = contained

    def resolves(self, reference: str) -> bool:
        """Tell whether a reference can be followed as far as this resource goes (FHIR invariant ref-1)."""
        if self._contained is None or not reference.startswith("#"):
            return True
        self.pointed.add(reference[1:])
        return reference[1:] in self._contained

    def add(self, rule: str, place: Place, link_id: str | None = None) -> None:
        """Note one fault; beyond 500 they are only noted to exist."""
        if len(self.issues) >= MOST_ISSUES:
            self.more = True
            return
        self.issues.append(issue_of(rule, link_id, expression_of(place)))

    def all(self) -> tuple[Issue, ...]:
        """List the faults, with a last one if there were too many to tell."""
        if self.more:
            more = Issue("too-costly", f"More than {MOST_ISSUES} faults; the rest is not listed.", rule="too-many")
            return (*self.issues, more)
        return tuple(self.issues)


def issue_of(rule: str, link_id: str | None, expression: str | None = None) -> Issue:
    """Tell a broken rule; an unknown linkId comes from outside and is repeated only if it can be no CPR number."""
    code, text = RULES[rule]
    is_told = link_id is not None and (rule != "unknown-linkId" or SAFE_LINK_ID.fullmatch(link_id))
    return Issue(code, text, expression, link_id if is_told else None, rule)


def expression_of(place: Place) -> str:
    """Render a place as `QuestionnaireResponse.item[2].answer[0].valueCoding`; odd names become `?`."""
    around, name, index = place
    told = name if SAFE_NAME.fullmatch(name) else "?"
    here = told if index < 0 else f"{told}[{index}]"
    return here if around is None else f"{expression_of(around)}.{here}"
