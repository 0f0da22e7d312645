"""Appointments by the JSON door and by a file: the whole calendar of a source, each fault named."""

import json

ELSE = "0201919990"
PATH = "/api/v1/patients/appointments"
JSON = {"Content-Type": "application/json"}
NANCY = "2512489996"


def told(house, *appointments, **other):
    body = {"source": "lps", "appointments": list(appointments), **other}
    return house.post(PATH, json.dumps(body).encode(), headers=JSON)


def kept(house, enrolled):
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        return [one.isoformat() for one in tx.appointments.of_patient(enrolled.patient_ref)]


def test_a_calendar_is_kept_in_place_of_the_one_before(house):
    enrolled = house.enrol()
    told(house, {"identifier": NANCY, "startsAt": "2099-07-01T10:15"})

    own, stranger = ({"identifier": one, "startsAt": "2099-01-01T10:15"} for one in (NANCY, ELSE))
    answer = told(house, own, stranger)

    assert (answer.status_code, answer.json()) == (200, {"received": 2, "kept": 1, "unknown": [1]})
    assert kept(house, enrolled) == ["2099-01-01T09:15:00+00:00"]


def test_a_time_that_cannot_be_read_is_named_and_nothing_changes(house):
    enrolled = house.enrol()
    told(house, {"identifier": NANCY, "startsAt": "2099-07-01T10:15"})

    answer = told(house, {"identifier": NANCY, "startsAt": "tomorrow"})

    assert answer.status_code == 422
    assert "appointments.0.startsAt" in answer.text
    assert NANCY not in answer.text
    assert len(kept(house, enrolled)) == 1
