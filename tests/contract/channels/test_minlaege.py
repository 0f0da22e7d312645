"""Min Læge's door is WebPatient's in every respect, and each app speaks of its own orders only."""

import pytest

from tests.contract.doors import add_clinic, cat, receipt_event, response_event

PATH = "/channels/minlaege/events"


@pytest.fixture
def clinic(house):
    return add_clinic(house.services, "Lægerne med Min Læge", channel="minlaege")


@pytest.fixture
def asked(house, clinic):
    return house.asked(house.enrol(tenant=clinic), clinic)


@pytest.fixture
def invitation(house, clinic, asked):
    where = f"kind = 'invitation' AND clinic_id = '{clinic.clinic_id}'"
    return house.value(f"SELECT id FROM outbox WHERE {where}")


def told(house, event, channel="minlaege"):
    secret = house.services.keyring.webhook_secrets[channel][0]
    return house.webhook(event, secret=secret, path=f"/channels/{channel}/events")


def test_an_answer_in_min_laege_is_filed(house, asked):
    answer = told(house, response_event(asked["cat"].id, cat(asked["cat"].id)))

    assert (answer.status_code, answer.json()["status"]) == (200, "applied")
    assert told(house, response_event(asked["cat"].id, cat(asked["cat"].id))).json()["status"] == "duplicate"


def test_a_receipt_of_min_laege_is_kept(house, clinic, invitation):
    assert told(house, receipt_event(invitation, "opened")).status_code == 200

    with house.services.store.read(clinic.clinic_id, clinic.system) as tx:
        assert tx.events.channel_state(invitation) == "opened"


def test_webpatient_cannot_speak_of_min_laeges_orders(house, asked, invitation):
    assert told(house, response_event(asked["cat"].id, cat(asked["cat"].id)), "webpatient").status_code == 404
    assert told(house, receipt_event(invitation), "webpatient").json()["status"] == "unmatched"
    assert house.counted("receipt") == 0


def test_webpatients_secret_does_not_open_min_laeges_door(house, asked):
    secret = house.services.keyring.webhook_secrets["webpatient"][0]

    answer = house.webhook(response_event(asked["cat"].id, cat(asked["cat"].id)), secret=secret, path=PATH)

    assert answer.status_code == 401
