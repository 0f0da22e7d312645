"""What the tests of reading and searching share."""

from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from tests.contract.doors import BODIES, House

ASKED = len(BODIES)
"""Questionnaires that a KOL start asks: so many requests, responses and suggestions."""
CONTENT = ("Questionnaire", "PlanDefinition")
RECORDS = (
    "QuestionnaireResponse",
    "Task",
    "Observation",
    "ClinicalImpression",
    "CarePlan",
    "Communication",
    "Provenance",
)
TYPES = (*CONTENT, *RECORDS)


def found(house, path, token=None):
    answer = house.get(path, token)
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    get_fhir_model_class("Bundle").model_validate(bundle)
    for entry in bundle.get("entry", []):
        for contained in entry["resource"].get("contained", []):
            get_fhir_model_class(contained["resourceType"]).model_validate(contained)
    return bundle


def ids(house, path, token=None):
    return [entry["resource"]["id"] for entry in found(house, path, token).get("entry", [])]


def walk(house, path):
    """Follow the next links; return the ids of all pages."""
    walked = []
    while path:
        bundle = found(house, path)
        walked += [entry["resource"]["id"] for entry in bundle.get("entry", [])]
        following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        path = following[0].removeprefix(house.address) if following else None
    return walked


def tell(house: House) -> Any:
    """Let one patient answer everything and be decided on; return enrolment, response ids and decision."""
    enrolled = house.enrol()
    responses = house.answer_all(enrolled)
    impressions = ids(house, "/fhir/ClinicalImpression?code=TriagingResult&status=completed")
    order = {"enrolmentId": enrolled.enrolment_id, "suggestionId": impressions[-1], "colour": "YELLOW", "level": 2}
    order["reason"] = "Skal ses."
    headers = {"Content-Type": "application/json"}
    decided = house.post("/api/v1/decisions", order, house.one.doctor_token, headers=headers)
    assert decided.status_code == 201, decided.text
    return enrolled, responses, decided.json()
