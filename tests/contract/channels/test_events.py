"""The webhooks: signed, stored before they are applied, and never counted twice."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from flow.event import SignedCall
from kernel.ids import new_id
from tests.contract.channels.told import state
from tests.contract.doors import cat, receipt_event, response_event
from web.channels.schemas import event_of


def test_an_answer_is_stored_and_filed(house, asked):
    answer = house.webhook(response_event(asked["cat"].id, cat(asked["cat"].id)))

    assert answer.status_code == 200
    assert answer.json()["status"] == "applied"
    assert house.get(f"/fhir/QuestionnaireResponse/{answer.json()['response']}").status_code == 200
    assert state(house) == (1, 1, 0)


def test_the_same_call_a_hundred_times_has_one_effect(house, asked):
    event = response_event(asked["cat"].id, cat(asked["cat"].id))
    name = new_id()
    first = house.webhook(event, webhook_id=name)

    with ThreadPoolExecutor(8) as threads:
        again = list(threads.map(lambda _n: house.webhook(event, webhook_id=name), range(100)))

    assert {answer.status_code for answer in again} == {200}
    assert {answer.json()["status"] for answer in again} == {"duplicate"}
    assert {answer.json()["response"] for answer in again} == {first.json()["response"]}
    assert state(house) == (1, 1, 0)


def test_an_answer_that_came_by_another_door_is_recognised(house, asked):
    body = json.dumps(cat(asked["cat"].id)).encode()
    house.post("/fhir/QuestionnaireResponse", body)

    assert house.webhook(response_event(asked["cat"].id, body)).json()["status"] == "duplicate"
    assert state(house) == (1, 1, 0)


def test_a_call_that_was_stored_but_not_applied_is_applied_when_it_comes_again(house, asked):
    event = response_event(asked["cat"].id, cat(asked["cat"].id))
    receive_event = house.services.use_cases.event
    killed = replace(receive_event, receive=KilledReceive(receive_event.receive.content))
    raw, name = json.dumps(event).encode(), new_id()

    with pytest.raises(RuntimeError):
        killed(SignedCall("webpatient", name, raw), event_of(raw))
    assert state(house) == (1, 0, 0)

    assert house.webhook(event, webhook_id=name).status_code == 200
    assert state(house) == (1, 1, 0)


def test_a_receipt_is_a_fact_that_is_kept_once_and_audited(house, invitation):
    before = house.counted("audit_event")

    for event in ("opened", "accepted", "opened"):
        assert house.webhook(receipt_event(invitation, event)).status_code == 200

    assert state(house) == (3, 0, 2)
    assert house.counted("audit_event") == before + 3


def test_what_is_stored_is_what_was_sent_and_nobody_can_read_it_in_the_database(house, asked):
    event = response_event(asked["cat"].id, cat(asked["cat"].id))
    name = new_id()
    house.webhook(event, webhook_id=name)

    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        assert tx.events.raw("webpatient", name) == json.dumps(event).encode()
    stored = bytes(house.value(f"SELECT body_enc FROM webhook_event WHERE clinic_id = '{house.one.clinic_id}'"))
    assert base64.b64encode(b"QuestionnaireResponse")[:20] not in stored
    assert b"orderId" not in stored


class KilledReceive:
    """Stands in for a process that dies before it files the answer."""

    def __init__(self, content):
        self.content = content

    def __call__(self, *_arguments, **_options):
        raise RuntimeError("killed")
