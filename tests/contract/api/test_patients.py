"""Patients' status through the JSON door."""

import pytest

from tests.contract.doors import PERSONS

PATH = "/api/v1/patients/status"
NANCY, SVERRE = PERSONS[0][0], PERSONS[1][0]


@pytest.fixture
def post(house):
    def post(statuses, token=None, **others):
        body = {"source": "cpr", "statuses": statuses, **others}
        return house.post(PATH, body, token, headers={"Content-Type": "application/json"})

    return post


def errors(answer):
    assert answer.status_code == 422, answer.text
    return {error.get("field"): error["code"] for error in answer.json()["errors"]}


def test_a_feed_stops_what_is_open_and_tells_what_it_changed(house, post):
    enrolled = house.enrol()

    answer = post([{"identifier": NANCY, "status": "dead"}, {"identifier": SVERRE, "status": "moved", "value": True}])

    assert answer.status_code == 200
    assert answer.json() == {"received": 2, "changed": 1, "unchanged": 0, "unknown": [1]}
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        assert tx.occasions.open_of(enrolled.patient_ref) is None
        assert [feed.source for feed in tx.statuses.feeds()] == ["cpr"]


def test_who_is_not_digital_is_asked_by_the_clinic(house, post):
    enrolled = house.enrol()

    assert post([{"identifier": NANCY, "status": "digital", "value": False}]).json()["changed"] == 1

    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        assert tx.enrolments.get(enrolled.enrolment_id).channel == "clinic"


def test_a_feed_without_news_is_a_feed(post):
    assert post([]).json() == {"received": 0, "changed": 0, "unchanged": 0, "unknown": []}


def test_another_clinic_tells_nothing_of_this_clinic_s_patients(house, post):
    enrolled = house.enrol()

    assert post([{"identifier": NANCY, "status": "dead"}], house.other.system_token).json()["unknown"] == [0]

    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        assert tx.statuses.of(enrolled.patient_ref) == {}


@pytest.mark.parametrize(
    ("entry", "field", "code"),
    [
        ({"identifier": "251248", "status": "dead"}, "statuses.1.identifier", "not-an-identifier"),
        ({"identifier": NANCY, "status": "asleep"}, "statuses.1.status", "unknown-status"),
        ({"identifier": NANCY, "status": "dead", "since": "2999-01-01"}, "statuses.1.since", "in-the-future"),
        ({"identifier": NANCY, "status": "dead", "value": "yes"}, "statuses.1.value", "invalid-field"),
        ({"identifier": NANCY}, "statuses.1.status", "required"),
        ({"identifier": NANCY, "status": "dead", NANCY: 1}, "statuses.1.(unprintable)", "unknown-field"),
    ],
)
def test_every_entry_that_cannot_be_used_is_named_and_nothing_is_recorded(house, post, entry, field, code):
    house.enrol()

    answer = post([{"identifier": NANCY, "status": "dead"}, entry])

    assert errors(answer) == {field: code}
    assert NANCY not in answer.text
    assert house.counted("patient_status") == 0


@pytest.mark.parametrize("source", ["", "CPR", "a b", "x" * 41])
def test_a_feed_has_a_plain_name(post, source):
    assert errors(post([], source=source)).keys() == {"source"}


def test_only_those_who_may_tell_of_patients(house, post):
    assert post([], "").status_code == 401
    assert post([], house.one.admin_token).status_code == 200
