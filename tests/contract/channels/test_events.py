"""The webhooks: signed, stored before they are applied, and never counted twice."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from flow.enrol import EnrolmentOrder
from flow.event import SignedCall
from kernel.ids import new_id
from security.keys import new_webhook_secret
from tests.contract.doors import CANONICAL, PERSONS, cat, mmrc, receipt_event, response_event
from web.channels.schemas import event_of

CPR = "urn:oid:1.2.208.176.1.2"
EINER = ("0201609995", "Einer Lauridsen")
"""Enrolled at one clinic of the database only."""


@pytest.fixture
def enrolled(house):
    return house.enrol()


@pytest.fixture
def asked(house, enrolled):
    return house.asked(enrolled)


@pytest.fixture
def invitation(house, asked):
    where = f"kind = 'invitation' AND clinic_id = '{house.one.clinic_id}'"
    return house.value(f"SELECT id FROM outbox WHERE {where}")


def refused(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {error.get("field"): error["code"] for error in answer.json()["errors"]}


def state(house):
    return tuple(house.counted(table) for table in ("webhook_event", "response", "receipt"))


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


@pytest.mark.parametrize(
    "forgery",
    [
        {"secret": new_webhook_secret()},
        {"skew_s": -301},
        {"skew_s": 301},
        {"headers": {"webhook-signature": ""}},
        {"headers": {"webhook-id": ""}},
        {"headers": {"webhook-timestamp": "now"}},
        {"sent": b'{"type": "response"}'},
    ],
    ids=["secret", "old", "new", "unsigned", "unnamed", "undated", "changed"],
)
def test_what_the_channel_did_not_sign_now_is_refused(house, asked, forgery):
    event = response_event(asked["cat"].id, cat(asked["cat"].id))

    answer = house.webhook(event, **forgery)

    refused(answer, 401)
    assert state(house) == (0, 0, 0)


@pytest.mark.parametrize("skew_s", [-295, 295])
def test_a_clock_may_be_five_minutes_off(house, asked, skew_s):
    event = response_event(asked["cat"].id, cat(asked["cat"].id))

    assert house.webhook(event, skew_s=skew_s).status_code == 200


def test_an_unknown_channel_is_not_found(house, asked):
    refused(house.webhook(b"{}", path="/channels/unheard-of/events"), 404)
    refused(house.get("/channels/webpatient/events", ""), 405)


def test_a_channel_speaks_of_its_own_orders_only(house, asked, invitation):
    secret = house.services.keyring.webhook_secrets["minlaege"][0]
    path = "/channels/minlaege/events"

    answer = house.webhook(response_event(asked["cat"].id, cat(asked["cat"].id)), secret=secret, path=path)
    receipt = house.webhook(receipt_event(invitation), secret=secret, path=path)
    unknown = house.webhook(response_event("nobody", cat("nobody")), secret=secret, path=path)

    assert refused(answer, 404) == refused(receipt, 404) == refused(unknown, 404) == {"data.orderId": "unknown-order"}
    assert answer.json()["detail"] == unknown.json()["detail"]
    assert state(house) == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"type": "score"}, {"type": "invalid-field"}),
        ({"score": 7}, {"score": "unknown-field"}),
        ({"timestamp": "2026-11-20T10:00:00"}, {"timestamp": "invalid-field"}),
        ({"data": []}, {"data": "invalid-field"}),
        ({"data": {}}, {"data.orderId": "required", "data.document": "required"}),
    ],
    ids=["type", "score", "naive", "list", "empty"],
)
def test_an_envelope_that_cannot_be_used_is_named_field_by_field(house, asked, change, errors):
    event = {**response_event(asked["cat"].id, cat(asked["cat"].id)), **change}

    assert refused(house.webhook(event), 422) == errors
    assert state(house) == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"contentType": "text/xml"}, {"data.document.contentType": "invalid-field"}),
        ({"data": "not base64!"}, {"data.document.data": "invalid-field"}),
        ({"triage": "RED"}, {"data.document.triage": "unknown-field"}),
    ],
    ids=["xml", "base64", "triage"],
)
def test_a_document_that_cannot_be_used_is_named_field_by_field(house, asked, change, errors):
    event = response_event(asked["cat"].id, cat(asked["cat"].id))
    event["data"]["document"].update(change)

    assert refused(house.webhook(event), 422) == errors
    assert state(house) == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"event": "scored"}, {"data.event": "invalid-field"}),
        ({"at": "yesterday"}, {"data.at": "invalid-field"}),
        ({"reference": "x" * 201}, {"data.reference": "invalid-field"}),
        ({"name": "Nancy"}, {"data.name": "unknown-field"}),
    ],
    ids=["event", "time", "reference", "field"],
)
def test_a_receipt_that_cannot_be_used_is_named_field_by_field(house, invitation, change, errors):
    assert refused(house.webhook(receipt_event(invitation, **change)), 422) == errors
    assert state(house) == (0, 0, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"type": 1, "type": 2}'])
def test_a_signed_call_that_is_no_json_object_is_refused(house, body):
    refused(house.webhook(body), 400)


def test_a_body_that_is_not_json_or_too_large_is_not_read(house):
    refused(house.webhook(b"{}", headers={"Content-Type": "text/plain"}), 415)
    refused(house.webhook(b" " * 262_145), 413)


def test_a_wrong_answer_names_the_element_of_the_document(house, asked):
    answer = house.webhook(response_event(asked["cat"].id, cat(asked["cat"].id, points=9)))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "QuestionnaireResponse.item[0].answer[0].valueCoding"
    assert answer.json()["errors"][0]["linkId"] == "cat-1"
    assert house.counted("response") == 0


def test_a_document_that_cannot_be_read_is_told_as_such(house, asked):
    assert house.webhook(response_event(asked["cat"].id, b"{")).status_code == 400
    assert house.counted("response") == 0


def test_a_late_answer_is_refused_with_the_reason(house, asked):
    house.travel(days=60)

    answer = house.webhook(response_event(asked["cat"].id, cat(asked["cat"].id)))

    assert refused(answer, 409) == {"QuestionnaireResponse.basedOn": "too-late"}


def test_another_answer_to_an_answered_order_is_a_conflict(house, asked):
    house.webhook(response_event(asked["cat"].id, cat(asked["cat"].id, points=1)))

    answer = house.webhook(response_event(asked["cat"].id, cat(asked["cat"].id, points=2)))

    assert refused(answer, 409) == {"QuestionnaireResponse.basedOn": "already-answered"}
    assert house.counted("response") == 1


def put_aside(house, answer):
    """Tell that an answer was taken, filed with no request, and waits for a person."""
    assert (answer.status_code, answer.json()) == (200, {"status": "unmatched", "response": None})
    return (house.counted("response"), house.counted("unmatched")) == (0, 1)


def test_the_order_of_the_envelope_and_the_request_of_the_document_must_agree(house, asked):
    event = response_event(asked["cat"].id, mmrc(asked["mmrc"].id))

    assert put_aside(house, house.webhook(event))
    assert put_aside(house, house.webhook(event)), "once, however often it comes"


def test_an_answer_to_an_unknown_order_goes_to_the_one_clinic_that_asks_its_patient(house):
    house.services.use_cases.enrol(house.one.system, EnrolmentOrder(*EINER, "KOL"))
    event = response_event(
        "an order of long ago", cat(None, subject={"identifier": {"system": CPR, "value": EINER[0]}})
    )

    assert put_aside(house, house.webhook(event))
    assert put_aside(house, house.webhook(event))


def test_an_answer_about_a_patient_of_two_clinics_is_given_to_neither(house):
    for tenant in (house.one, house.other):
        house.enrol(1, tenant)
    event = response_event(
        "an order of long ago", cat(None, subject={"identifier": {"system": CPR, "value": PERSONS[1][0]}})
    )

    assert refused(house.webhook(event), 404) == {"data.orderId": "unknown-order"}


def test_an_answer_to_an_unknown_order_about_nobody_we_ask_is_refused(house, enrolled):
    about_another = cat(None, subject={"identifier": {"system": CPR, "value": "0108589995"}})
    before = house.counted("unmatched")

    for document in (cat(None), about_another):
        answer = house.webhook(response_event("an order of long ago", document))
        assert refused(answer, 404) == {"data.orderId": "unknown-order"}
    assert house.counted("unmatched") == before


def test_a_document_without_a_request_may_name_its_subject(house, enrolled, asked):
    by_pseudonym = cat(None, subject={"reference": f"Patient/{enrolled.patient_ref}"})
    by_cpr = mmrc(None, subject={"identifier": {"system": CPR, "value": PERSONS[0][0]}})

    assert house.webhook(response_event(asked["cat"].id, by_pseudonym)).status_code == 200
    assert house.webhook(response_event(asked["mmrc"].id, by_cpr)).status_code == 200


@pytest.mark.parametrize(
    "subject",
    [
        {},
        {"subject": {"reference": "Patient/nobody"}},
        {"subject": {"identifier": {"system": CPR, "value": PERSONS[2][0]}}},
    ],
    ids=["nobody", "unknown", "unknown-cpr"],
)
def test_a_document_without_a_request_must_name_the_orders_subject(house, asked, subject):
    assert put_aside(house, house.webhook(response_event(asked["cat"].id, cat(None, **subject))))


def test_a_document_of_another_questionnaire_does_not_answer_the_order(house, enrolled, asked):
    document = mmrc(None, subject={"reference": f"Patient/{enrolled.patient_ref}"})

    assert put_aside(house, house.webhook(response_event(asked["cat"].id, document)))
    assert document["questionnaire"] == CANONICAL.format("mmrc")


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
