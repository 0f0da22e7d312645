"""`$extract`: a transaction Bundle of Observations, of a filed response or of one that the caller brings."""

import json

import pytest
from fhir.resources.R4B.bundle import Bundle

from tests.builders import KOL_STATUS
from tests.contract.doors import cat, kol_status
from tests.contract.fhir.changes import change, filed, refused

PATH = "/fhir/QuestionnaireResponse"


@pytest.fixture
def answered(house):
    enrolled = house.enrol()
    return enrolled, house.answer_all(enrolled, cat_points=3)


def bundle(answer):
    assert answer.status_code == 200, answer.text
    Bundle.model_validate_json(answer.content)
    body = answer.json()
    assert (body["resourceType"], body["type"]) == ("Bundle", "transaction")
    return body["entry"]


def resources(answer):
    return [entry["resource"] for entry in bundle(answer)]


def score_of(observation):
    return observation["code"]["coding"][-1]["code"]


def test_a_filed_response_gives_its_scores_about_the_pseudonym(house, answered):
    enrolled, ids = answered

    (observation,) = resources(house.get(f"{PATH}/{ids['cat']}/$extract"))

    assert observation["status"] == "final"
    assert score_of(observation) == "catTotal"
    assert observation["valueQuantity"]["value"] == 24
    assert observation["subject"] == {"reference": f"Patient/{enrolled.patient_ref}"}
    assert observation["derivedFrom"] == [{"reference": f"QuestionnaireResponse/{ids['cat']}"}]
    assert observation["basedOn"][0]["reference"].startswith("ServiceRequest/")


def test_it_can_be_asked_by_get_and_by_post_and_is_the_same_each_time(house, answered):
    _, ids = answered
    path = f"{PATH}/{ids['kol-status']}/$extract"

    got, posted = house.get(path), house.post(path, {"resourceType": "Parameters"})

    assert got.content == posted.content
    assert len(bundle(got)) == len(house.services.content.catalogue.rule_for(KOL_STATUS).scores)


def test_each_entry_is_put_under_an_id_that_stays_over_versions(house, answered):
    _, ids = answered
    path = f"{PATH}/{ids['cat']}/$extract"
    (first,) = bundle(house.get(path))

    assert change(house, ids["cat"], points=5).status_code == 200
    (second,) = bundle(house.get(path))
    assert change(house, ids["cat"], version='W/"2"', status="entered-in-error").status_code == 200
    (third,) = bundle(house.get(path))

    assert first["request"] == {"method": "PUT", "url": f"Observation/{first['resource']['id']}"}
    assert first["fullUrl"] == f"urn:uuid:{first['resource']['id']}"
    assert first["request"] == second["request"] == third["request"]
    assert [entry["resource"]["status"] for entry in (first, second, third)] == ["final", "amended", "entered-in-error"]
    assert second["resource"]["valueQuantity"]["value"] == 40


def test_extracting_a_filed_response_is_in_the_audit(house, answered):
    enrolled, ids = answered
    house.get(f"{PATH}/{ids['cat']}/$extract")

    patients = house.value(
        f"SELECT patients FROM audit_event WHERE action = 'extract' AND entity = 'QuestionnaireResponse/{ids['cat']}'"
    )

    assert enrolled.patient_ref in str(patients)


@pytest.mark.parametrize("wrapped", [False, True], ids=["alone", "in parameters"])
def test_a_response_that_the_caller_brings_is_taken_apart_and_not_filed(house, wrapped):
    body = cat(None, 3, subject={"reference": "Patient/theirs"}, authored="2027-01-10T10:00:00Z")
    before = filed(house)
    parameter = {"name": "questionnaire-response", "resource": body}

    answer = house.post(
        f"{PATH}/$extract", {"resourceType": "Parameters", "parameter": [parameter]} if wrapped else body
    )

    (entry,) = bundle(answer)
    assert entry["request"] == {"method": "POST", "url": "Observation"}
    assert "id" not in entry["resource"]
    assert entry["resource"]["subject"] == {"reference": "Patient/theirs"}
    assert entry["resource"]["effectiveDateTime"].startswith("2027-01-10T10:00:00")
    assert filed(house) == before


def test_a_response_with_an_id_is_put_and_named(house):
    body = cat(None, 3, id="theirs-1")

    (first,), (again,) = (bundle(house.post(f"{PATH}/$extract", body)) for _ in range(2))

    assert first == again
    assert first["resource"]["derivedFrom"] == [{"reference": "QuestionnaireResponse/theirs-1"}]


def test_a_score_that_cannot_be_computed_is_extracted_with_its_reason(house):
    body = cat(None, 3)
    body["item"] = body["item"][:2]

    (observation,) = resources(house.post(f"{PATH}/$extract", body))

    codes = [coding["code"] for coding in observation["dataAbsentReason"]["coding"]]
    assert codes == ["unknown", "too-many-missing"]


@pytest.mark.parametrize(
    ("body", "status", "code", "expression"),
    [
        pytest.param(cat(None, 9), 422, "code-invalid", "item[0].answer[0].valueCoding", id="invalid"),
        pytest.param(cat(None, status="in-progress"), 422, "business-rule", "status", id="unfinished"),
    ],
)
def test_what_is_not_valid_or_not_finished_is_refused_by_its_element(house, body, status, code, expression):
    refused(house.post(f"{PATH}/$extract", body), status, code, f"QuestionnaireResponse.{expression}")


def test_another_parameter_is_refused(house):
    body = {"resourceType": "Parameters", "parameter": [{"name": "mood", "valueString": "x"}]}

    refused(house.post(f"{PATH}/$extract", body), 400, "not-supported", "Parameters.parameter[0].name")


def test_nobody_extracts_what_is_not_theirs(house, answered):
    _, ids = answered
    path = f"{PATH}/{ids['cat']}/$extract"

    refused(house.get(path, house.other.system_token), 404, "not-found", None)
    refused(house.get(f"{PATH}/nobody/$extract"), 404, "not-found", None)
    refused(house.get(f"{PATH}/%20/$extract"), 404, "not-found", None)
    refused(house.get(path, house.one.admin_token), 403, "forbidden", None)
    refused(house.get(path, ""), 401, "login", None)
    refused(house.post(f"{PATH}/$extract", kol_status(None), house.one.admin_token), 403, "forbidden", None)


def test_bytes_that_are_no_json_are_a_bad_request(house):
    refused(house.post(f"{PATH}/$extract", json.dumps(cat(None)).encode()[:-1]), 400, "structure", None)
