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


def test_dimensions_actions_and_dates_come_back_as_they_were_decided(house, post, order):
    wanted = {
        "dimensions": {"clinician": "RED"},
        "actions": [{"code": "spirometry", "due": "2099-02-01", "note": "Om morgenen."}, {"code": "follow-up"}],
        "nextDue": "2099-03-01",
    }

    body = post({**order, **wanted}).json()

    assert (body["dimensions"], body["nextDue"], body["newEpisode"]) == ({"clinician": "RED"}, "2099-03-01", False)
    assert (body["onBehalfOf"], body["previousId"]) == (None, None)
    agreed = [(one["code"], one["due"], one["note"], one["state"]) for one in body["actions"]]
    assert agreed == [("spirometry", "2099-02-01", "Om morgenen.", "requested"), ("follow-up", None, "", "requested")]


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"dimensions": {"clinician": "UNKNOWN"}}, {"dimensions.clinician": "not-a-decision"}),
        ({"dimensions": {"2512489996": "RED"}}, {"dimensions": "unknown-dimension"}),
        ({"dimensions": ["RED"]}, {"dimensions": "invalid-field"}),
        ({"actions": [{"code": "exercise-advice"}]}, {"actions.0.code": "not-an-action"}),
        ({"actions": [{"code": "spirometry", "due": "2020-01-01"}]}, {"actions.0.due": "in-the-past"}),
        ({"actions": [{"due": "2099-01-01"}]}, {"actions.0.code": "required"}),
        ({"nextDue": "2020-01-01"}, {"nextDue": "not-in-future"}),
        ({"nextDue": "soon"}, {"nextDue": "invalid-field"}),
        ({"newEpisode": True}, {"newEpisode": "no-episodes"}),
        ({"newEpisode": "true"}, {"newEpisode": "invalid-field"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_what_cannot_be_agreed_is_named_field_by_field(house, post, order, change, errors):
    answer = post({**order, **change})

    assert "2512489996" not in answer.text
    assert refused(house, answer, 422) == errors


def test_an_amendment_says_why_and_names_what_it_amends(house, post, order):
    first = post({**order, "colour": "GREEN"}).json()

    silent = post({**order, "colour": "GREEN", "reason": "", "level": 3})
    second = post({**order, "colour": "RED", "reason": "Ringet op.", "amends": first["id"]})
    late = post({**order, "colour": "YELLOW", "reason": "Set i dag.", "amends": first["id"]})

    assert {error["field"] for error in silent.json()["errors"]} == {"reason"}
    assert second.json()["previousId"] == first["id"]
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "newer-decision")
    assert house.counted("decision") == 2


def test_what_was_agreed_is_moved_until_it_is_done(house, post, order):
    (action,) = post({**order, "actions": [{"code": "spirometry"}]}).json()["actions"]
    path = f"/api/v1/actions/{action['id']}/state"

    def moved(state, token=None):
        headers = {"Content-Type": "application/json"}
        return house.post(path, {"state": state}, token or house.one.doctor_token, headers=headers)

    assert (moved("in-progress").status_code, moved("completed").json()["state"]) == (200, "completed")
    assert moved("cancelled").json()["errors"][0]["code"] == "not-a-move"
    assert moved("done").json()["errors"][0]["code"] == "not-a-state"
    assert [moved("completed", token).status_code for token in (house.other.doctor_token, house.one.system_token)] == [
        404,
        403,
    ]


def test_what_was_never_decided_is_not_confirmed(house, order):
    seen = {name: order[name] for name in ("enrolmentId", "suggestionId")}
    headers = {"Content-Type": "application/json"}

    answer = house.post(f"{PATH}/confirm", seen, house.one.doctor_token, headers=headers)

    assert refused(house, answer, 422) == {"suggestionId": "changed"}
