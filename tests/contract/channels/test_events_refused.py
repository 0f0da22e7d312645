"""What a webhook may not bring: unsigned, misdirected, misshapen, late or contradicting; every fault is named."""

import pytest

from security.keys import new_webhook_secret
from tests.contract.channels.told import refused, state
from tests.contract.doors import cat, receipt_event, response_event


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

    unknown_receipt = house.webhook(receipt_event("nobody"), secret=secret, path=path)

    assert refused(answer, 404) == refused(unknown, 404) == {"data.orderId": "unknown-order"}
    assert answer.json()["detail"] == unknown.json()["detail"]
    for told in (receipt, unknown_receipt):
        assert (told.status_code, told.json()) == (200, {"status": "unmatched", "response": None})
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
