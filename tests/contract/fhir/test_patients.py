"""Patients: read by pseudonym, found by a number in the body, and never listed."""

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.patient import Patient

from delivery.patient_status import StatusKind, StatusReport
from tests.contract.doors import PERSONS
from tests.contract.fhir.searches import found

CPR = "urn:oid:1.2.208.176.1.2"
SEARCH = "/fhir/Patient/_search"
NUMBER, NAME = PERSONS[0]


@pytest.fixture
def enrolled(house):
    return house.enrol()


def look(house, token=None, path=SEARCH, **form):
    return house.call("POST", path, token, data={key.replace("__", "_"): value for key, value in form.items()})


def refused(answer, status, code):
    assert answer.status_code == status, answer.text
    OperationOutcome.model_validate_json(answer.content)
    issue = answer.json()["issue"][0]
    assert issue["code"] == code
    assert NUMBER not in answer.text
    return issue


def test_a_pseudonym_is_read_with_name_and_number_by_who_may_see_it(house, enrolled):
    answer = house.get(f"/fhir/Patient/{enrolled.patient_ref}")

    Patient.model_validate_json(answer.content)
    body = answer.json()
    assert body["id"] == enrolled.patient_ref
    assert body["identifier"] == [{"use": "official", "system": CPR, "value": NUMBER}]
    assert body["name"] == [{"use": "official", "text": NAME, "family": "Berggren", "given": ["Nancy"]}]
    assert body["managingOrganization"]["display"] == "Lægerne Et"
    assert "deceasedBoolean" not in body


def test_an_administrator_reads_the_name_without_the_number(house, enrolled):
    body = house.get(f"/fhir/Patient/{enrolled.patient_ref}", house.one.admin_token).json()

    assert body["name"][0]["text"] == NAME
    assert "identifier" not in body
    assert NUMBER not in str(body)


@pytest.mark.parametrize("identifier", [f"{CPR}|{NUMBER}", NUMBER, f"{CPR}|251248-9996", f"|{NUMBER}"])
def test_a_number_in_the_body_finds_its_pseudonym_and_stands_in_no_address(house, enrolled, identifier):
    answer = look(house, identifier=identifier)
    known = answer.status_code == 200 and answer.json().get("entry")

    if identifier.startswith("|"):
        assert not known
        return
    (entry,) = answer.json()["entry"]
    assert entry["resource"]["id"] == enrolled.patient_ref
    assert entry["fullUrl"] == f"{house.address}/fhir/Patient/{enrolled.patient_ref}"
    assert answer.json()["link"] == [{"relation": "self", "url": f"{house.address}/fhir/Patient"}]


@pytest.mark.parametrize(
    "identifier",
    [f"{CPR}|{PERSONS[1][0]}", f"urn:oid:1.2.208.176.1.6.1.1|{NUMBER}", f"urn:oid:1|{NUMBER}"],
    ids=["nobody", "other-kind", "other-system"],
)
def test_a_number_of_nobody_or_of_another_system_finds_nobody(house, enrolled, identifier):
    answer = look(house, identifier=identifier, _total="accurate")

    assert (answer.status_code, answer.json()["total"]) == (200, 0)
    assert "entry" not in answer.json()


def test_a_pseudonym_is_found_by_its_id_and_both_must_agree(house, enrolled):
    other = house.enrol(person=1)

    assert [e["resource"]["id"] for e in found(house, f"/fhir/Patient?_id={enrolled.patient_ref}")["entry"]] == [
        enrolled.patient_ref
    ]
    assert "entry" not in found(house, "/fhir/Patient?_id=nobody")
    assert "entry" not in look(house, identifier=NUMBER, _id=other.patient_ref).json()
    assert look(house, identifier=NUMBER, _id=enrolled.patient_ref).json()["entry"]
    assert "entry" not in look(house, identifier=NUMBER, _count="0").json()


@pytest.mark.parametrize(
    "path",
    [f"/fhir/Patient?identifier={NUMBER}", f"/fhir/Patient?identifier={CPR}|{NUMBER}", "/fhir/Patient?identifier=x",
     f"/fhir/Patient?identifier:of-type={NUMBER}"],
    ids=["number", "system", "other", "modifier"],
)  # fmt: skip
def test_a_number_in_an_address_is_refused(house, enrolled, path):
    issue = refused(house.get(path), 400, "security")

    assert issue["expression"] == ["http.identifier"]
    refused(look(house, path=path.replace("Patient?", "Patient/_search?"), _id="x"), 400, "security")
    refused(house.get(f"/fhir/Patient?_id={NUMBER}"), 400, "security")


def test_there_is_no_list_of_all_and_no_look_at_many(house, enrolled):
    refused(house.get("/fhir/Patient"), 400, "required")
    refused(look(house, _count="5"), 400, "required")
    refused(look(house, identifier=f"{NUMBER},{PERSONS[1][0]}"), 400, "too-costly")
    refused(house.get(f"/fhir/Patient?_id={enrolled.patient_ref},nobody"), 400, "too-costly")


def test_what_is_no_number_is_refused_without_repeating_it(house):
    answer = look(house, identifier=f"{CPR}|3113489996")

    refused(answer, 400, "value")
    assert "3113489996" not in answer.text


def test_another_clinic_and_who_may_not_find_nobody(house, enrolled):
    path = f"/fhir/Patient/{enrolled.patient_ref}"
    foreign = refused(house.get(path, house.other.system_token), 404, "not-found")
    unknown = refused(house.get("/fhir/Patient/nobody", house.other.system_token), 404, "not-found")

    assert foreign["details"] == unknown["details"]
    assert "entry" not in look(house, house.other.system_token, identifier=NUMBER).json()
    refused(look(house, house.one.admin_token, identifier=NUMBER), 403, "forbidden")


def test_a_patient_who_is_told_to_be_dead_is_shown_so(house, enrolled):
    with house.services.store.write(house.one.clinic_id, house.one.system) as tx:
        report = StatusReport(kind=StatusKind.DEAD, value=True, since=tx.now.date())
        tx.statuses.record(enrolled.patient_ref, report, "test")

    assert house.get(f"/fhir/Patient/{enrolled.patient_ref}").json()["deceasedBoolean"] is True


def test_every_look_leaves_an_audit_row_found_or_not(house, enrolled):
    before = house.counted("audit_event")

    house.get(f"/fhir/Patient/{enrolled.patient_ref}")
    look(house, identifier=NUMBER)
    look(house, identifier=PERSONS[2][0])

    assert house.counted("audit_event") == before + 3
