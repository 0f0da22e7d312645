"""Changes of a response that are refused: by version, by element, by place; and nothing is changed by them."""

import pytest

from tests.contract.doors import PERSONS, cat, mmrc
from tests.contract.fhir.changes import PATH, change, filed, refused
from tests.contract.fhir.searches import tell

CPR = "urn:oid:1.2.208.176.1.2"


@pytest.fixture
def told(house):
    """One patient, all answered and decided on: the answered CAT and its response."""
    enrolled, responses, _decision = tell(house)
    return enrolled, responses["cat"]


def test_a_change_names_the_version_it_was_made_on(house, told):
    _enrolled, response_id = told
    before = filed(house)

    refused(change(house, response_id, version=None), 428, "required", "http.If-Match")

    assert filed(house) == before


@pytest.mark.parametrize("version", ["*", "1", 'W/"0"', 'W/"1", W/"2"', 'W/"x"'])
def test_a_version_that_is_none_of_ours_cannot_be_meant(house, told, version):
    _enrolled, response_id = told

    refused(change(house, response_id, version=version), 400, "value", "http.If-Match")


@pytest.mark.parametrize("version", ['W/"2"', 'W/"9"'])
def test_a_version_that_is_not_the_current_one_is_stale(house, told, version):
    _enrolled, response_id = told
    before = filed(house)

    refused(change(house, response_id, version=version), 412, "conflict", "http.If-Match")

    assert filed(house) == before


def test_of_two_changes_made_on_one_version_the_second_is_stale_and_the_next_builds_on_the_first(house, told):
    _enrolled, response_id = told
    assert change(house, response_id, points=5).status_code == 200

    refused(change(house, response_id, points=4), 412, "conflict", "http.If-Match")

    third = change(house, response_id, points=4, version='"2"')
    assert (third.status_code, third.headers["ETag"]) == (200, 'W/"3"')


def test_the_same_change_sent_again_is_one_version(house, told):
    _enrolled, response_id = told
    change(house, response_id)
    before = filed(house)

    lost, repeated = change(house, response_id), change(house, response_id, version='W/"2"')

    assert (lost.status_code, repeated.status_code) == (200, 200)
    assert lost.headers["ETag"] == repeated.headers["ETag"] == 'W/"2"'
    assert filed(house) == before


@pytest.mark.parametrize(
    ("others", "status", "code", "expression"),
    [
        ({"status": "completed"}, 422, "business-rule", "QuestionnaireResponse.status"),
        ({"status": "in-progress"}, 422, "business-rule", "QuestionnaireResponse.status"),
        ({"status": "stopped"}, 422, "business-rule", "QuestionnaireResponse.status"),
        ({"id": "another"}, 400, "value", "QuestionnaireResponse.id"),
        ({"drop": ["id"]}, 400, "value", "QuestionnaireResponse.id"),
        ({"points": 6}, 422, "code-invalid", "QuestionnaireResponse.item[0].answer[0].valueCoding"),
        ({"basedOn": [{"reference": "ServiceRequest/0192f3a4"}]}, 422, "not-found", "QuestionnaireResponse.basedOn"),
        ({"subject": {"reference": "Patient/nobody"}}, 422, "not-found", "QuestionnaireResponse.subject"),
        (
            {"subject": {"identifier": {"system": CPR, "value": PERSONS[1][0]}}},
            422,
            "not-found",
            "QuestionnaireResponse.subject.identifier",
        ),
    ],
    ids=["completed", "in-progress", "stopped", "other-id", "no-id", "no-option", "request", "subject",
         "number"],
)  # fmt: skip
def test_a_change_that_breaks_a_rule_is_refused_by_its_element_and_changes_nothing(
    house, told, others, status, code, expression
):
    _enrolled, response_id = told
    before = filed(house)
    fields = {"id": response_id, "status": "amended", **others}
    drop, points = fields.pop("drop", ()), fields.pop("points", 5)
    body = {name: value for name, value in cat(None, points, **fields).items() if name not in drop}
    headers = {"Content-Type": "application/fhir+json", "If-Match": 'W/"1"'}

    answer = house.call("PUT", f"{PATH}/{response_id}", json=body, headers=headers)

    refused(answer, status, code, expression)
    assert filed(house) == before


def test_another_questionnaire_is_no_correction(house, told):
    _enrolled, response_id = told
    body = mmrc(None, id=response_id, status="amended")
    headers = {"Content-Type": "application/fhir+json", "If-Match": 'W/"1"'}

    answer = house.call("PUT", f"{PATH}/{response_id}", json=body, headers=headers)

    refused(answer, 422, "not-found", "QuestionnaireResponse.questionnaire")


def test_what_is_not_there_cannot_be_changed_and_another_clinics_looks_the_same(house, told):
    _enrolled, response_id = told

    foreign = change(house, response_id, token=house.other.system_token)
    unknown = change(house, "0192f3a4-7b1c-7c3d-8e2f-012345678901", token=house.other.system_token)

    refused(foreign, 404, "not-found", None)
    assert foreign.json()["issue"][0]["details"] == unknown.json()["issue"][0]["details"]
    for path in (f"{PATH}/{response_id}/_history", f"{PATH}/{response_id}/_history/1"):
        refused(house.get(path, house.other.system_token), 404, "not-found", None)
    refused(house.get(f"{PATH}/{response_id}/_history/2"), 404, "not-found", None)
    refused(house.get(f"{PATH}/{'x' * 65}/_history"), 404, "not-found", None)


def test_a_later_version_has_no_address_of_its_own(house, told):
    _enrolled, response_id = told
    change(house, response_id)
    version_id = house.value(f"SELECT id FROM response WHERE version = 2 AND clinic_id = '{house.one.clinic_id}'")

    refused(house.get(f"{PATH}/{version_id}"), 404, "not-found", None)
    refused(change(house, version_id), 404, "not-found", None)


def test_who_may_not_change_a_response_changes_nothing(house, told):
    _enrolled, response_id = told

    refused(change(house, response_id, token=house.one.admin_token), 403, "forbidden", None)


def test_a_create_may_be_tied_to_there_being_none(house):
    request_id = house.asked(house.enrol())["cat"].id
    condition = {"If-None-Exist": f"based-on=ServiceRequest/{request_id}"}

    first = house.post(PATH, cat(request_id), headers=condition)
    second = house.post(PATH, cat(request_id, 3), headers=condition)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["ETag"] == 'W/"1"'
    assert second.json()["item"] == cat(None)["item"]


def test_a_condition_that_fits_several_or_nothing_that_is_known_is_refused(house, told):
    enrolled, _response_id = told
    before = filed(house)

    several = house.post(PATH, cat(None), headers={"If-None-Exist": f"patient={enrolled.patient_ref}"})
    unknown = house.post(PATH, cat(None), headers={"If-None-Exist": "colour=red"})
    nothing = house.post(PATH, cat(None), headers={"If-None-Exist": "_count=1"})
    versioned = house.post(PATH, cat(None), headers={"If-Match": 'W/"1"'})

    refused(several, 412, "multiple-matches", "http.If-None-Exist")
    refused(unknown, 400, "not-supported", "http.colour")
    refused(nothing, 400, "value", "http.If-None-Exist")
    refused(versioned, 400, "value", "http.If-Match")
    assert filed(house) == before
