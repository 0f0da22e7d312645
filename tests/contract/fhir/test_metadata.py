"""The CapabilityStatement promises what is there, and no more."""

import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement


@pytest.fixture(scope="module")
def house(shared_house):
    return shared_house


EXERCISED = {
    "Questionnaire": {"_id", "url", "version", "status", "title", "name"},
    "PlanDefinition": {"_id", "url", "version", "status", "title", "name"},
    "QuestionnaireResponse": {
        "authored",
        "_lastUpdated",
        "_id",
        "patient",
        "subject",
        "status",
        "questionnaire",
        "based-on",
    },
    "Task": {"authored-on", "_lastUpdated", "_id", "patient", "subject", "status", "code"},
    "Observation": {"date", "_lastUpdated", "_id", "patient", "subject", "status", "code", "derived-from"},
    "ClinicalImpression": {"date", "_id", "patient", "subject", "status", "code", "investigation"},
    "CarePlan": {"_id", "patient", "subject", "status"},
    "Patient": {"_id", "identifier"},
    "Communication": {"_id", "patient", "subject", "status", "medium"},
    "Provenance": {"recorded", "_id", "patient", "target"},
    "AuditEvent": {"date", "_id", "patient", "subtype", "agent", "entity"},
}
"""What the tests of searching search by."""


JSON = "application/fhir+json"
OPERATIONS = {
    ("Questionnaire", "calculated-expressions"): [("GET", "nobody/", 404), ("GET", "cat-2.0.0/", 200)],
    ("Questionnaire", "answer-significance"): [("GET", "nobody/", 404), ("GET", "cat-2.0.0/", 200)],
    ("Questionnaire", "populate"): [("POST", "", 400), ("POST", "nobody/", 404), ("GET", "nobody/", 404)],
    ("QuestionnaireResponse", "validate"): [("POST", "", 200)],
    ("QuestionnaireResponse", "extract"): [("POST", "", 400), ("POST", "nobody/", 404), ("GET", "nobody/", 404)],
}
"""(type, operation) -> method, id before it, and what an empty object or an unknown id is answered with."""


def statement(house):
    answer = house.get("/fhir/metadata", token="")
    assert answer.status_code == 200
    CapabilityStatement.model_validate_json(answer.content)
    return answer.json()


def test_it_is_open_and_tells_version_format_and_address(house):
    body = statement(house)

    assert body["fhirVersion"] == "4.0.1"
    assert "application/fhir+json" in body["format"]
    assert body["implementation"]["url"] == f"{house.address}/fhir"


def test_it_lists_exactly_the_search_parameters_that_the_tests_exercise(house):
    listed = {
        entry["type"]: {parameter["name"] for parameter in entry["searchParam"]}
        for entry in statement(house)["rest"][0]["resource"]
    }

    assert listed == EXERCISED


def test_every_listed_interaction_has_a_route_and_every_other_is_refused(house):
    for entry in statement(house)["rest"][0]["resource"]:
        kind, codes = entry["type"], {interaction["code"] for interaction in entry["interaction"]}
        calls = {
            "read": ("GET", f"/fhir/{kind}/nobody", 404),
            "search-type": ("GET", f"/fhir/{kind}", 400 if kind == "Patient" else 200),
            "create": ("POST", f"/fhir/{kind}", 415),
            "update": ("PUT", f"/fhir/{kind}/nobody", 415),
            "vread": ("GET", f"/fhir/{kind}/nobody/_history/1", 404),
            "history-instance": ("GET", f"/fhir/{kind}/nobody/_history", 404),
            "delete": ("DELETE", f"/fhir/{kind}/nobody", None),
            "patch": ("PATCH", f"/fhir/{kind}/nobody", None),
        }
        for code, (method, path, status) in calls.items():
            refused = 404 if "_history" in path else 405
            assert house.call(method, path).status_code == (status if code in codes else refused), (code, path)


def test_every_listed_operation_is_there(house):
    listed = {
        (entry["type"], operation["name"]): operation["definition"]
        for entry in statement(house)["rest"][0]["resource"]
        for operation in entry.get("operation", [])
    }

    assert set(listed) == set(OPERATIONS)
    assert all(definition.startswith("http") for definition in listed.values())
    for (kind, name), places in OPERATIONS.items():
        for method, place, status in places:
            answer = house.call(method, f"/fhir/{kind}/{place}${name}", data=b"{}", headers={"Content-Type": JSON})
            assert answer.status_code == status, (method, kind, name, answer.text)


def test_it_need_not_be_sent_twice(house):
    tag = house.get("/fhir/metadata").headers["ETag"]

    assert house.get("/fhir/metadata", headers={"If-None-Match": tag}).status_code == 304
