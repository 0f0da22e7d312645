"""How a response came about when the patient did not hold the pen: by which means, and who gave the answers."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from questionnaires.vocabulary import FHIR

COMPLETION_MODE = FHIR + "questionnaireresponse-completionMode"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
PERSON_SYSTEM = "https://svarbro.example/fhir/sid/person"
"""Ids of staff, as the FHIR door writes them."""


class Mode(StrEnum):
    """By which means the answers came; codes of HL7's ParticipationMode."""

    PHONE = "PHONE"
    TOGETHER = "FACE"
    PAPER = "HANDWRIT"


class Answerer(StrEnum):
    """Who gave the answers; FHIR types of `QuestionnaireResponse.source`."""

    PATIENT = "Patient"
    RELATIVE = "RelatedPerson"
    CARE_HOME = "PractitionerRole"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a response came about.

    Args:
        by: id of the member of staff who wrote the answers down; empty where it is not known.
    """

    mode: Mode
    answerer: Answerer
    by: str = ""


def marked(raw: bytes, manner: Manner) -> bytes:
    """Write into a response of ours how it came about: `source`, `author` and FHIR's completion mode.

    Args:
        raw: from `build_response`, with a subject.
    """
    resource: dict[str, Any] = json.loads(raw)
    coding = {"system": PARTICIPATION, "code": manner.mode.value}
    source = resource["subject"] if manner.answerer is Answerer.PATIENT else {"type": manner.answerer.value}
    about = {
        "extension": [{"url": COMPLETION_MODE, "valueCodeableConcept": {"coding": [coding]}}],
        "source": source,
        "author": {"type": "Practitioner", "identifier": {"system": PERSON_SYSTEM, "value": manner.by}},
    }
    items = resource.pop("item", None)
    whole = {**resource, **about} if items is None else {**resource, **about, "item": items}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def manner_of(raw: bytes) -> Manner | None:
    """Read how a response came about; None where it does not say, or says something else.

    Args:
        raw: a response that was accepted.
    """
    resource: dict[str, Any] = json.loads(raw)
    codes = {
        coding.get("code")
        for extension in resource.get("extension", ())
        if extension.get("url") == COMPLETION_MODE
        for coding in extension.get("valueCodeableConcept", {}).get("coding", ())
        if coding.get("system") == PARTICIPATION
    }
    source = resource.get("source", {})
    kind = source.get("type") or str(source.get("reference", "")).partition("/")[0]
    if not codes & set(Mode) or kind not in set(Answerer):
        return None
    by = resource.get("author", {}).get("identifier", {}).get("value", "")
    return Manner(Mode(min(codes & set(Mode))), Answerer(kind), by)
