"""A house whose key file a service opens: while the service is away nothing is filed wrongly, and nothing is lost."""

import pytest
from flask import Response

from app import ring_form_of
from security.key_change import with_new_key
from security.keys import read_key_file, write_key_file
from tests.contract.doors import cat, kol_status, mmrc, served
from tests.contract.keys.transit_engine import TOKEN


@pytest.fixture
def house(tmp_path, sqlite_url, engine, served_engine):
    more = {"SVARBRO_KMS_URL": served_engine[1], "SVARBRO_KMS_TOKEN": TOKEN}
    with served(tmp_path, sqlite_url, more=more) as house:
        yield house


def change_keys(house):
    settings = house.services.settings
    form = ring_form_of(settings)
    ring = with_new_key(read_key_file(settings.keys_file, form), "kek")
    write_key_file(settings.keys_file, ring, form)
    return ring


def answer(house, body):
    return house.post("/fhir/QuestionnaireResponse", body)


def test_a_running_house_asks_the_service_for_no_patient(house, engine):
    asked = house.asked(house.enrol())
    engine.asked.clear()
    engine.fault = Response(status=503)

    filed = answer(house, mmrc(asked["mmrc"].id))

    assert filed.status_code == 201
    assert house.get(f"/fhir/QuestionnaireResponse/{filed.json()['id']}").status_code == 200
    assert not engine.asked


def test_while_changed_keys_cannot_be_opened_an_answer_is_refused_for_now_and_taken_later(house, engine):
    asked = house.asked(house.enrol())
    before = answer(house, mmrc(asked["mmrc"].id)).json()["id"]
    ring = change_keys(house)
    engine.fault = Response(status=503)
    engine.asked.clear()

    refused = [answer(house, cat(asked["cat"].id)) for _ in range(3)]

    assert {one.status_code for one in refused} == {503}
    assert int(refused[0].headers["Retry-After"]) > 0
    assert house.counted("response") == 1
    assert engine.asked.total() == 1
    assert house.get("/healthz").status_code == 200

    engine.fault = None
    house.services.keyring._not_before = 0.0

    after = answer(house, cat(asked["cat"].id))
    assert after.status_code == 201
    assert house.services.keyring.current == ring.current
    for one in (before, after.json()["id"]):
        assert house.get(f"/fhir/QuestionnaireResponse/{one}").status_code == 200


def test_keys_that_change_while_the_service_is_there_are_taken_by_whoever_comes_next(house, engine):
    asked = house.asked(house.enrol())
    ring = change_keys(house)

    assert answer(house, kol_status(asked["kol-status"].id)).status_code == 201
    assert house.services.keyring.current == ring.current
