"""Deciding through the JSON door."""

import pytest

from tests.contract.doors import cat

PATH = "/api/v1/decisions"


@pytest.fixture
def order(house):
    """A decision that can be taken: everything was answered."""
    enrolled = house.enrol()
    house.answer_all(enrolled)
    shown = house.get(f"/api/v1/enrolments/{enrolled.enrolment_id}").json()
    assert shown["awaiting"] is True
    return {
        "enrolmentId": enrolled.enrolment_id,
        "suggestionId": shown["suggestionId"],
        "colour": "YELLOW",
        "level": 2,
        "reason": "Skal ses.",
    }


@pytest.fixture
def post(house):
    def post(body, token=None):
        return house.post(PATH, body, token or house.one.doctor_token, headers={"Content-Type": "application/json"})

    return post


def refused(house, answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert house.counted("decision") == 0
    return {error.get("field"): error["code"] for error in answer.json()["errors"]}


def test_a_decision_is_filed_under_the_clinicians_name_and_can_be_read_as_fhir(house, post, order):
    answer = post(order)

    body = answer.json()
    assert answer.status_code == 201
    assert {name: body[name] for name in order} == order
    assert body["author"] == "Lise Holm, læge"
    assert house.get(answer.headers["Location"]).json()["id"] == body["id"]


def test_after_the_decision_nothing_awaits(house, post, order):
    decision = post(order).json()

    shown = house.get(f"/api/v1/enrolments/{order['enrolmentId']}").json()

    assert shown["awaiting"] is False
    assert shown["decisionId"] == decision["id"]


def test_the_same_decision_twice_is_one(house, post, order):
    assert post(order).json()["id"] == post(order).json()["id"]
    assert house.counted("decision") == 1


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"colour": "UNKNOWN"}, {"colour": "not-a-decision"}),
        ({"colour": "purple"}, {"colour": "not-a-decision"}),
        ({"level": 0}, {"level": "not-a-level"}),
        ({"level": 4}, {"level": "not-a-level"}),
        ({"level": "2"}, {"level": "invalid-field"}),
        ({"colour": "RED", "reason": " "}, {"reason": "reason-missing"}),
        ({"reason": "x" * 2001}, {"reason": "invalid-field"}),
        ({"urgency": "routine"}, {"urgency": "unknown-field"}),
    ],
    ids=["unknown", "purple", "level-0", "level-4", "level-text", "no-reason", "long", "field"],
)
def test_what_is_no_decision_is_named_field_by_field(house, post, order, change, errors):
    assert refused(house, post({**order, **change}), 422) == errors


def test_a_decision_on_a_suggestion_that_was_overtaken_is_a_conflict(house, post):
    enrolled = house.enrol()
    asked = house.asked(enrolled)
    house.post("/fhir/QuestionnaireResponse", cat(asked["cat"].id))
    seen = house.get(f"/api/v1/enrolments/{enrolled.enrolment_id}").json()["suggestionId"]
    house.answer_rest(enrolled)

    order = {"enrolmentId": enrolled.enrolment_id, "suggestionId": seen, "colour": "YELLOW", "reason": "x"}

    assert refused(house, post(order), 409) == {"suggestionId": "newer-answer"}


def test_another_clinics_enrolment_or_suggestion_looks_like_none(house, post, order):
    assert refused(house, post(order, house.other.doctor_token), 404)
    assert refused(house, post({**order, "suggestionId": "nobody"}), 404)


def test_a_system_decides_nothing(house, post, order):
    assert refused(house, post(order, house.one.system_token), 403)
