"""The tray at the JSON door: seen by the clinic's people, sorted by them, and by nobody else."""

import pytest

from tests.contract.doors import cat, mmrc, response_event

PATH = "/api/v1/unmatched"


@pytest.fixture
def asked(house):
    return house.asked(house.enrol())


@pytest.fixture
def entry(house, asked):
    house.webhook(response_event(asked["cat"].id, mmrc(asked["mmrc"].id)))
    (entry,) = house.get(PATH, house.one.doctor_token).json()["entries"]
    return entry


def sort(house, entry, verb, body, token=None):
    headers = {"Content-Type": "application/json"}
    return house.post(f"{PATH}/{entry['id']}/{verb}", body, token or house.one.doctor_token, headers=headers)


def test_the_tray_shows_all_but_the_answers(house, asked, entry):
    assert entry.keys() == {"id", "channel", "questionnaire", "title", "receivedAt", "possible"}
    assert (entry["channel"], entry["questionnaire"]) == ("webpatient", asked["mmrc"].questionnaire)
    (possible,) = entry["possible"]
    assert (possible["requestId"], possible["name"]) == (asked["mmrc"].id, "Nancy Berggren")


def test_an_answer_is_assigned_to_the_request_that_it_belongs_to(house, asked, entry):
    answer = sort(house, entry, "assignment", {"requestId": asked["mmrc"].id})

    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/fhir/QuestionnaireResponse/{answer.json()['responseId']}"
    assert house.get(answer.headers["Location"]).status_code == 200
    assert house.get(PATH, house.one.doctor_token).json() == {"entries": []}


def test_an_answer_is_discarded_once_and_with_a_reason(house, entry):
    assert sort(house, entry, "discard", {}).status_code == 422
    assert sort(house, entry, "discard", {"reason": " "}).status_code == 422
    assert sort(house, entry, "discard", {"reason": "Ikke vores"}).status_code == 201
    assert sort(house, entry, "discard", {"reason": "Ikke vores"}).status_code == 409


def test_an_answer_does_not_fit_another_questionnaire(house, asked, entry):
    answer = sort(house, entry, "assignment", {"requestId": asked["cat"].id})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "QuestionnaireResponse.questionnaire"


@pytest.mark.parametrize(("verb", "body"), [("assignment", {"requestId": "x"}), ("discard", {"reason": "x"})])
def test_the_tray_is_the_clinics_peoples_own(house, entry, verb, body):
    assert sort(house, entry, verb, body, house.one.system_token).status_code == 403
    assert sort(house, entry, verb, body, house.other.doctor_token).status_code == 404
    assert house.get(PATH).status_code == 403
    assert house.get(PATH, house.other.doctor_token).json() == {"entries": []}


def test_an_answer_that_names_nobody_is_still_refused(house):
    assert house.webhook(response_event("nobody", cat("nobody"))).status_code == 404
