"""Enrolling by a CarePlan that instantiates one of our programmes."""

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from tests.contract.doors import PERSONS
from tests.contract.fhir.searches import ids

PATH = "/fhir/CarePlan"
CPR = "urn:oid:1.2.208.176.1.2"
PROGRAMME = "https://svarbro.example/fhir/PlanDefinition/kol|2.1.0"
TABLES = ("patient", "enrolment", "slot", "audit_event")


def plan(**others):
    subject = {"identifier": {"system": CPR, "value": PERSONS[0][0]}, "display": PERSONS[0][1]}
    body = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "instantiatesCanonical": [PROGRAMME],
        "subject": subject,
        **others,
    }
    return {name: value for name, value in body.items() if value is not None}


def filed(house):
    return {table: house.counted(table) for table in TABLES}


def test_a_plan_enrols_its_subject_and_the_enrolment_is_read_at_the_address_that_is_told(house):
    answer = house.post(PATH, plan())

    assert answer.status_code == 201, answer.text
    address = answer.headers["Location"].removeprefix(house.address)
    assert house.get(address).json() == answer.json()
    assert answer.json()["instantiatesCanonical"] == [PROGRAMME]
    assert answer.json()["subject"]["reference"].startswith("Patient/")
    assert PERSONS[0][0] not in answer.text
    house.services.use_cases.open_due()
    assert ids(house, "/fhir/Task?status=requested")


def test_a_plan_may_begin_later(house):
    house.post(PATH, plan(period={"start": "2027-03-01"}))
    house.services.use_cases.open_due()
    assert ids(house, "/fhir/Task") == []

    house.post(PATH, plan(period={"start": "2026-11-19T23:30:00+01:00"}), house.other.system_token)
    house.services.use_cases.open_due()
    assert ids(house, "/fhir/Task", house.other.system_token)


def test_who_may_enrol_and_not_read_gets_the_address_only(house):
    answer = house.post(PATH, plan(), house.one.admin_token)

    assert (answer.status_code, answer.text) == (201, "")
    assert house.get(answer.headers["Location"].removeprefix(house.address)).status_code == 200


def test_the_same_plan_twice_is_a_conflict(house):
    house.post(PATH, plan())
    before = filed(house)

    answer = house.post(PATH, plan())

    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (409, "conflict")
    assert filed(house) == before


@pytest.mark.parametrize(
    ("body", "status", "expression"),
    [
        (b"{", 400, None),
        ({"resourceType": "Task"}, 400, "CarePlan"),
        (plan(status="completed"), 422, "CarePlan.status"),
        (plan(intent="option"), 422, "CarePlan.intent"),
        (plan(status=None), 422, "CarePlan.status"),
        (plan(subject=None), 422, "CarePlan.subject"),
        (plan(subject={"reference": "Patient/1"}), 422, "CarePlan.subject.identifier"),
        (plan(subject={"identifier": {"value": "99"}}), 422, "CarePlan.subject.identifier"),
        (
            plan(subject={"identifier": {"system": "urn:oid:1", "value": PERSONS[0][0]}}),
            422,
            "CarePlan.subject.identifier.system",
        ),
        (plan(subject={"identifier": {"system": CPR, "value": PERSONS[0][0]}}), 422, "CarePlan.subject.display"),
        (plan(instantiatesCanonical=None), 422, "CarePlan.instantiatesCanonical"),
        (plan(instantiatesCanonical=[PROGRAMME + "9"]), 422, "CarePlan.instantiatesCanonical"),
        (plan(colour="red"), 422, "CarePlan.colour"),
        (plan(activity=[{"detail": {"kind": 3}}]), 422, "CarePlan.activity[0].detail.kind"),
        (plan(**{"2512489996 Nancy": 1}), 422, "CarePlan"),
    ],
    ids=["not-json", "other-type", "over", "no-plan", "no-status", "no-subject", "reference", "no-number", "system",
         "no-name", "no-programme", "no-version", "unknown-element", "inner", "name"],
)  # fmt: skip
def test_what_cannot_enrol_anybody_is_refused_by_its_element_and_changes_nothing(house, body, status, expression):
    before = filed(house)

    answer = house.post(PATH, body)

    assert answer.status_code == status, answer.text
    OperationOutcome.model_validate_json(answer.content)
    assert [issue.get("expression", [None])[0] for issue in answer.json()["issue"]] == [expression]
    assert PERSONS[0][0] not in answer.text
    assert filed(house) == before


def test_a_package_that_the_clinic_has_not_chosen_enrols_nobody(house):
    before = filed(house)

    answer = house.post(PATH, plan(instantiatesCanonical=["https://svarbro.example/fhir/PlanDefinition/lrs|2.0.0"]))

    assert answer.status_code in (404, 409, 422), answer.text
    OperationOutcome.model_validate_json(answer.content)
    assert filed(house) == before
