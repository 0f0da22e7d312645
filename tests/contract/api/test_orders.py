"""Orders, appointments, discharges, state and control month through the JSON door."""

from datetime import timedelta

import pytest

from delivery.recurrence import danish_date

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def enrolled(house):
    enrolled = house.enrol()
    house.answer_rest(enrolled)
    house.travel(days=1)
    return enrolled


def path(enrolled, what):
    return f"/api/v1/enrolments/{enrolled.enrolment_id}/{what}"


def put(house, where, body, token=None):
    return house.call("PUT", where, token, json=body)


def today(house):
    return danish_date(house.services.clock.now())


def test_send_now_opens_an_occasion_without_a_link(house, enrolled):
    answer = house.post(path(enrolled, "orders"), {"when": "send-now"}, headers=JSON)

    assert answer.status_code == 201, answer.text
    assert answer.json()["link"] is None
    assert answer.json()["occasion"]
    assert answer.json()["result"] == "sent"
    assert list(house.asked(enrolled)) == ["kol-status", "mmrc", "cat"]


def test_the_link_of_fill_now_opens_the_patients_form(house, enrolled):
    answer = house.post(path(enrolled, "orders"), {"when": "fill-now"}, house.one.doctor_token, headers=JSON)

    link = answer.json()["link"]
    assert house.get(link[link.index("/p/i/") :], "", allow_redirects=False).status_code == 303


def test_who_runs_the_clinic_gets_no_link(house, enrolled):
    answer = house.post(path(enrolled, "orders"), {"when": "fill-now"}, house.one.admin_token, headers=JSON)

    assert answer.status_code == 403


def test_appointments_and_discharges_plan_a_slot(house, enrolled):
    day = today(house) + timedelta(days=30)
    answer = house.post(path(enrolled, "appointments"), {"date": day.isoformat()}, headers=JSON)

    assert answer.status_code == 201, answer.text
    assert answer.json()["nominalDate"] == (day - timedelta(days=14)).isoformat()
    assert answer.json()["state"] == "planned"
    answer = house.post(path(enrolled, "discharges"), {"date": today(house).isoformat()}, headers=JSON)
    assert answer.json()["nominalDate"] == (today(house) + timedelta(days=7)).isoformat()


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("orders", {"when": "tomorrow"}, "when"),
        ("orders", {}, "when"),
        ("orders", {"when": "send-now", "more": 1}, "more"),
        ("appointments", {"date": "2026-02-30"}, "date"),
        ("appointments", {"date": "2020-01-01"}, "date"),
        ("discharges", {"date": "2999-01-01"}, "date"),
    ],
)
def test_what_is_wrong_with_an_order_is_named(house, enrolled, what, body, field):
    answer = house.post(path(enrolled, what), body, headers=JSON)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_state_is_set_and_set_again_and_the_end_is_the_end(house, enrolled):
    for state in ("paused", "paused", "active", "ended"):
        answer = put(house, path(enrolled, "state"), {"state": state})
        assert (answer.status_code, answer.json()["state"]) == (200, state)

    assert put(house, path(enrolled, "state"), {"state": "active"}).status_code == 409
    assert house.post(path(enrolled, "orders"), {"when": "send-now"}, headers=JSON).status_code == 409
    assert put(house, path(enrolled, "state"), {"state": "asleep"}).status_code == 422


def test_who_may_not_be_written_to_is_sent_nothing_and_the_answer_says_why(house, enrolled):
    status = {"source": "cpr", "statuses": [{"identifier": "2512489996", "status": "protected", "value": True}]}
    assert house.post("/api/v1/patients/status", status, headers=JSON).status_code == 200

    answer = house.post(path(enrolled, "orders"), {"when": "send-now"}, headers=JSON)

    assert answer.status_code == 409
    assert [error["code"] for error in answer.json()["errors"]] == ["protected"]


def test_a_control_month_is_set_and_taken_away(house, enrolled):
    for month in (3, None):
        answer = put(house, path(enrolled, "control-month"), {"month": month})
        assert (answer.status_code, answer.json()["controlMonth"]) == (200, month)
    for wrong in (13, "3", True):
        assert put(house, path(enrolled, "control-month"), {"month": wrong}).status_code == 422


def test_another_clinic_finds_no_such_enrolment(house, enrolled):
    token = house.other.system_token

    assert house.post(path(enrolled, "orders"), {"when": "send-now"}, token, headers=JSON).status_code == 404
    assert put(house, path(enrolled, "state"), {"state": "ended"}, token).status_code == 404


def test_the_document_tells_of_every_order(house):
    paths = house.get("/api/v1/openapi.json", token="").json()["paths"]

    for what, method in (
        ("orders", "post"),
        ("appointments", "post"),
        ("discharges", "post"),
        ("state", "put"),
        ("control-month", "put"),
    ):
        answers = paths[f"/api/v1/enrolments/{{enrolment_id}}/{what}"][method]["responses"]
        assert {"400", "401", "403", "404", "409", "415", "422"} <= answers.keys()
