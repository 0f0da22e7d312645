"""Changing a filed response: corrected or withdrawn, under the version that the caller saw, with all that follows."""

import pytest
from fhir.resources.R4B.bundle import Bundle

from tests.contract.doors import cat
from tests.contract.fhir.changes import PATH, change, filed, refused
from tests.contract.fhir.searches import ASKED, found, ids, tell


@pytest.fixture
def told(house):
    """One patient, all answered and decided on: the answered CAT and its response."""
    enrolled, responses, _decision = tell(house)
    return enrolled, responses["cat"]


def newest_suggestion(house):
    return found(house, "/fhir/ClinicalImpression?code=TriagingResult&_count=100")["entry"][-1]["resource"]


def score_of(house, response_id, *, status=""):
    path = f"/fhir/Observation?derived-from=QuestionnaireResponse/{response_id}&code=catTotal{status}"
    return [entry["resource"] for entry in found(house, path).get("entry", [])]


def test_a_correction_is_a_new_version_under_the_same_id_and_the_old_one_is_kept(house, told):
    _enrolled, response_id = told
    before = house.get(f"{PATH}/{response_id}")

    answer = change(house, response_id)

    now = house.get(f"{PATH}/{response_id}")
    assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"2"')
    assert answer.headers["Location"] == f"{house.address}{PATH}/{response_id}"
    assert (answer.json()["id"], answer.json()["meta"]["versionId"]) == (response_id, "2")
    assert now.headers["ETag"] == 'W/"2"'
    assert (now.json()["status"], now.json()["item"]) == ("amended", cat(None, 5)["item"])
    assert house.get(f"{PATH}/{response_id}/_history/1").json() == before.json()
    assert house.get(f"{PATH}/{response_id}/_history/2").json() == now.json()
    assert ids(house, f"{PATH}?status=amended") == [response_id]
    assert ids(house, f"{PATH}?_id={response_id}&status=completed") == []
    assert len(ids(house, PATH)) == ASKED


def test_its_history_tells_every_version_newest_first(house, told):
    _enrolled, response_id = told
    change(house, response_id)

    bundle = house.get(f"{PATH}/{response_id}/_history").json()

    Bundle.model_validate(bundle)
    assert (bundle["type"], bundle["total"]) == ("history", 2)
    assert [entry["resource"]["meta"]["versionId"] for entry in bundle["entry"]] == ["2", "1"]
    assert [entry["request"] for entry in bundle["entry"]] == [
        {"method": "PUT", "url": f"QuestionnaireResponse/{response_id}"},
        {"method": "POST", "url": "QuestionnaireResponse"},
    ]
    assert [entry["response"]["etag"] for entry in bundle["entry"]] == ['W/"2"', 'W/"1"']
    assert {entry["fullUrl"] for entry in bundle["entry"]} == {f"{house.address}{PATH}/{response_id}"}


def test_a_correction_is_scored_anew_and_the_old_score_is_said_to_hold_no_more(house, told):
    _enrolled, response_id = told
    (old,) = score_of(house, response_id)

    change(house, response_id)

    (new,) = score_of(house, response_id)
    assert (old["valueQuantity"]["value"], old["status"]) == (8, "final")
    assert (new["valueQuantity"]["value"], new["status"]) == (40, "amended")
    assert new["derivedFrom"] == [{"reference": f"QuestionnaireResponse/{response_id}/_history/2"}]
    again = house.get(f"/fhir/Observation/{old['id']}").json()
    assert (again["valueQuantity"]["value"], again["status"]) == (8, "entered-in-error")
    assert again["derivedFrom"] == [{"reference": f"QuestionnaireResponse/{response_id}/_history/1"}]
    assert [one["id"] for one in score_of(house, response_id, status="&status=entered-in-error")] == [old["id"]]


def test_a_correction_gives_a_new_suggestion_in_the_same_occasion_and_awaits_a_decision(house, told):
    enrolled, response_id = told
    before = newest_suggestion(house)
    on_it = f"/fhir/ClinicalImpression?investigation={response_id}&code=TriagingResult"
    count_before = len(ids(house, on_it))
    reports = house.value(f"SELECT count(*) FROM outbox WHERE enrolment_id = '{enrolled.enrolment_id}'")

    change(house, response_id)

    after = newest_suggestion(house)
    read = house.get(f"/fhir/ClinicalImpression/{before['id']}").json()
    plan = house.get(f"/fhir/CarePlan/{enrolled.enrolment_id}").json()
    assert after["id"] != before["id"]
    assert after["status"] == "completed"
    assert f"QuestionnaireResponse/{response_id}/_history/2" in str(after["investigation"])
    assert f"QuestionnaireResponse/{response_id}/_history/1" in str(read["investigation"])
    assert {"value": "40"}.items() <= named(after, "cat").items()
    assert plan["extension"][0]["valueBoolean"] is True
    assert len(ids(house, on_it)) == count_before + 1
    count = house.value(f"SELECT count(*) FROM outbox WHERE enrolment_id = '{enrolled.enrolment_id}'")
    assert count > reports


def named(impression, name):
    """What a suggestion says of one of its inputs."""
    for parameter in impression["contained"][0]["parameter"]:
        parts = {part["name"]: part for part in parameter.get("part", [])}
        if parts and parts["name"]["valueString"] == name:
            return {key: next(v for k, v in part.items() if k != "name") for key, part in parts.items()}
    return {}


def test_an_occasion_that_is_still_open_gets_its_suggestion_anew_too(house):
    enrolled = house.enrol()
    response_id = house.post(PATH, cat(house.asked(enrolled)["cat"].id, 1)).json()["id"]

    assert change(house, response_id).status_code == 200

    suggestion = newest_suggestion(house)
    assert suggestion["status"] == "in-progress"
    assert named(suggestion, "cat")["value"] == "40"


def test_what_was_entered_in_error_counts_for_nothing_and_can_still_be_read(house, told):
    enrolled, response_id = told
    (old,) = score_of(house, response_id)

    answer = change(house, response_id, status="entered-in-error", drop=["item"])

    assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"2"')
    assert house.get(f"{PATH}/{response_id}").json()["status"] == "entered-in-error"
    assert house.get(f"{PATH}/{response_id}/_history/1").json()["status"] == "completed"
    assert score_of(house, response_id) == []
    assert house.get(f"/fhir/Observation/{old['id']}").json()["status"] == "entered-in-error"
    suggestion = newest_suggestion(house)
    assert named(suggestion, "cat")["state"] == "missing"
    assert response_id not in str(suggestion["investigation"])
    assert suggestion["finding"][0]["itemCodeableConcept"]["coding"][0]["code"] != "green"
    assert house.get(f"/fhir/CarePlan/{enrolled.enrolment_id}").json()["extension"][0]["valueBoolean"] is True


def test_what_was_withdrawn_takes_no_more_changes(house, told):
    _enrolled, response_id = told
    change(house, response_id, status="entered-in-error")
    before = filed(house)

    answer = change(house, response_id, version='W/"2"')

    refused(answer, 409, "business-rule", "QuestionnaireResponse.status")
    assert filed(house) == before


def test_the_first_answer_sent_again_after_a_correction_is_still_the_one_that_was_filed(house):
    request_id = house.asked(house.enrol())["cat"].id
    response_id = house.post(PATH, cat(request_id)).json()["id"]
    change(house, response_id)

    again, another = house.post(PATH, cat(request_id)), house.post(PATH, cat(request_id, 3))

    assert (again.status_code, again.json()["id"]) == (200, response_id)
    assert another.status_code == 409


def test_a_correction_makes_no_answer_younger(house, told):
    _enrolled, response_id = told
    house.travel(days=30)

    change(house, response_id, authored="2026-12-20T10:00:00+01:00")

    assert named(newest_suggestion(house), "cat")["ageDays"] >= 29


def test_a_change_leaves_an_audit_row_and_so_does_a_look_at_the_history(house, told):
    _enrolled, response_id = told
    before = house.counted("audit_event")

    change(house, response_id)
    house.get(f"{PATH}/{response_id}/_history/1")

    own = f"clinic_id = '{house.one.clinic_id}'"
    assert house.counted("audit_event") == before + 2
    assert house.value(
        f"SELECT count(*) FROM audit_event WHERE {own} AND action = 'amend' "
        f"AND entity = 'QuestionnaireResponse/{response_id}/_history/2'"
    ) == 1  # fmt: skip
