"""The WebPatient channel against the real simulator, over real HTTP."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests

from delivery.channels.webpatient import WebPatientChannel
from kernel.errors import DeliveryError


def failure(channel, invitation):
    with pytest.raises(DeliveryError) as caught:
        channel.send(invitation)
    error = caught.value
    for secret in (invitation.patient.identifier, invitation.patient.name, "secret-token", "wp-token"):
        assert secret not in str(error)
    return error


def test_an_invitation_reaches_the_phone(simulator, an_invitation):
    receipt = simulator.channel.send(an_invitation())

    (message,) = simulator.get("/api/phone")["messages"]
    assert message["reference"] == receipt.reference
    assert not receipt.duplicate
    assert message["key"] == "invitation-1"
    assert message["text"] == "Lægerne ved Åen beder dig svare på nogle spørgsmål."
    assert message["link"] == "http://127.0.0.1:8080/p/i/secret-token"
    assert message["patientName"] == "Nancy Berggren"
    assert [form["orderId"] for form in message["forms"]] == ["request-1", "request-2"]
    assert message["forms"][1]["questionnaire"] == "https://svarbro.example/fhir/Questionnaire/cat|2.0.0"


def test_the_same_key_twice_reaches_the_patient_once(simulator, an_invitation):
    first = simulator.channel.send(an_invitation())
    second = simulator.channel.send(an_invitation())

    assert second == replace(first, duplicate=True)
    assert len(simulator.get("/api/phone")["messages"]) == 1
    assert simulator.get("/api/received")["webpatient"] == {
        "raw": 2,
        "unique": 1,
        "keys": {"invitation-1": {"raw": 2, "accepted": 1}},
    }


def test_the_same_key_from_many_threads_reaches_the_patient_once(simulator, an_invitation):
    channel = WebPatientChannel(simulator.url, "wp-token", timeout_s=10)
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(channel.send, [an_invitation()] * 32))

    assert len({receipt.reference for receipt in receipts}) == 1
    assert sum(not receipt.duplicate for receipt in receipts) == 1


def test_receipts_follow_in_order_and_signed(simulator, an_invitation):
    receipt = simulator.channel.send(an_invitation())

    events = simulator.inbox.wait_for(2)
    assert [event["data"]["event"] for event in events] == ["accepted", "notified"]
    assert all(event["type"] == "receipt" for event in events)
    assert all(event["data"]["orderId"] == "invitation-1" for event in events)
    assert all(event["data"]["reference"] == receipt.reference for event in events)


def test_a_receipt_is_sent_again_until_it_is_taken(simulator, an_invitation):
    simulator.inbox.answers = [503, 500, 200]

    simulator.channel.send(an_invitation())

    events = simulator.inbox.wait_for(2)
    assert [event["data"]["event"] for event in events] == ["accepted", "notified"]
    assert len(set(simulator.inbox.ids)) == 2


def test_a_refused_receipt_is_not_repeated(simulator, an_invitation):
    simulator.inbox.answers = [401, 200]

    simulator.channel.send(an_invitation())

    assert [event["data"]["event"] for event in simulator.inbox.wait_for(1)] == ["notified"]


@pytest.mark.parametrize(
    ("behaviour", "permanent", "maybe_accepted", "taken"),
    [
        pytest.param("503", False, False, 0, id="unavailable"),
        pytest.param("429", False, False, 0, id="too many"),
        pytest.param("reset-before", False, True, 0, id="reset before it was taken"),
        pytest.param("reset-after", False, True, 1, id="reset after it was taken"),
        pytest.param("slow", False, True, 1, id="too slow"),
        pytest.param("broken-json", False, True, 1, id="broken answer"),
        pytest.param("conflict", False, True, 0, id="same key in hand"),
    ],
)
def test_every_fault_is_sorted_and_the_next_attempt_is_effectively_once(
    simulator, an_invitation, behaviour, permanent, maybe_accepted, taken
):
    simulator.fail("webpatient", behaviour, seconds=1)

    error = failure(simulator.channel, an_invitation())
    taken_before = len(simulator.get("/api/phone")["messages"])
    receipt = simulator.channel.send(an_invitation())

    assert (error.permanent, error.maybe_accepted) == (permanent, maybe_accepted)
    assert taken_before == taken
    assert receipt.duplicate == bool(taken)
    assert len(simulator.get("/api/phone")["messages"]) == 1


def test_the_wait_that_is_asked_for_is_passed_on(simulator, an_invitation):
    simulator.fail("webpatient", "429", seconds=7)

    error = failure(simulator.channel, an_invitation())

    assert (error.retry_after_s, error.http_status) == (7, 429)


def test_nobody_listening_means_that_nothing_was_sent(an_invitation):
    error = failure(WebPatientChannel("http://127.0.0.1:9", "wp-token", timeout_s=0.5), an_invitation())

    assert (error.permanent, error.maybe_accepted, error.http_status) == (False, False, None)


def test_a_wrong_token_is_not_the_patients_fault(simulator, an_invitation):
    error = failure(WebPatientChannel(simulator.url, "wrong", timeout_s=2), an_invitation())

    assert (error.permanent, error.maybe_accepted, error.http_status) == (False, False, 401)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"text": "x" * 161}, id="text too long"),
        pytest.param({"forms": ()}, id="no form"),
        pytest.param({"link": ""}, id="no link"),
    ],
)
def test_an_order_that_breaks_the_contract_is_refused_for_good(simulator, an_invitation, changes):
    error = failure(simulator.channel, an_invitation(**changes))

    assert (error.permanent, error.maybe_accepted, error.http_status) == (True, False, 422)
    assert simulator.get("/api/phone")["messages"] == []


def test_a_text_of_exactly_160_characters_is_taken(simulator, an_invitation):
    assert simulator.channel.send(an_invitation(text="x" * 160)).reference


def test_an_answer_in_the_app_reaches_svarbro_and_completes_the_message(simulator, an_invitation):
    reference = simulator.channel.send(an_invitation()).reference
    document = {"resourceType": "QuestionnaireResponse", "status": "completed"}

    for order_id in ("request-1", "request-2"):
        answer = requests.post(
            f"{simulator.url}/api/phone/{reference}/answer",
            json={"orderId": order_id, "questionnaireResponse": document},
            timeout=5,
        )
        assert answer.json() == {"status": 200, "body": {"id": "response-1"}}

    simulator.inbox.wait_for(5)
    responses = [event for event in simulator.inbox.events if event["type"] == "response"]
    receipts = [event["data"]["event"] for event in simulator.inbox.events if event["type"] == "receipt"]
    assert [event["data"]["orderId"] for event in responses] == ["request-1", "request-2"]
    assert responses[0]["data"]["document"]["contentType"] == "application/fhir+json"
    assert json.loads(base64.b64decode(responses[0]["data"]["document"]["data"])) == document
    assert receipts == ["accepted", "notified", "completed"]
    assert simulator.get("/api/phone")["messages"][0]["state"] == "completed"


def test_a_refused_answer_is_told_and_changes_nothing(simulator, an_invitation):
    reference = simulator.channel.send(an_invitation()).reference
    simulator.inbox.wait_for(2)
    simulator.inbox.answers = [422]

    answer = requests.post(
        f"{simulator.url}/api/phone/{reference}/answer",
        json={"orderId": "request-1", "questionnaireResponse": {}},
        timeout=5,
    )

    assert answer.json() == {"status": 422, "body": {"title": "no"}}
    assert simulator.get("/api/phone")["messages"][0]["answered"] == []


@pytest.mark.parametrize("body", ["[]", "{}", '{"reference": 7}', '{"reference": ""}'])
def test_an_answer_without_a_reference_may_still_have_been_taken(answering, an_invitation, body):
    url = answering(POST=(body, 201, {}))

    error = failure(WebPatientChannel(url, "wp-token", timeout_s=2), an_invitation())

    assert (error.permanent, error.maybe_accepted) == (False, True)
