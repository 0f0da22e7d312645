"""Every channel to an app against the real simulator, over real HTTP: one suite, the same promises."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests

from delivery.channels.clinic import ClinicChannel
from delivery.channels.minlaege import MinLaegeChannel
from delivery.channels.port import Receipt
from kernel.errors import DeliveryError


def failure(channel, invitation):
    with pytest.raises(DeliveryError) as caught:
        channel.send(invitation)
    error = caught.value
    for secret in (invitation.patient.identifier, invitation.patient.name, "secret-token", "wp-token", "ml-token"):
        assert secret not in str(error)
    return error


def test_an_invitation_reaches_the_phone(app, an_invitation):
    receipt = app.channel().send(an_invitation())

    (message,) = app.simulator.get("/api/phone")["messages"]
    assert message["reference"] == receipt.reference
    assert not receipt.duplicate
    assert (message["app"], message["key"]) == (app.name, "invitation-1")
    assert message["text"] == "Lægerne ved Åen beder dig svare på nogle spørgsmål."
    assert message["link"] == "http://127.0.0.1:8080/p/i/secret-token"
    assert message["patientName"] == "Nancy Berggren"
    assert [form["orderId"] for form in message["forms"]] == ["request-1", "request-2"]
    assert message["forms"][1]["questionnaire"] == "https://svarbro.example/fhir/Questionnaire/cat|2.0.0"


def test_the_same_key_twice_reaches_the_patient_once(app, an_invitation):
    first = app.channel().send(an_invitation())
    second = app.channel().send(an_invitation())

    assert second == replace(first, duplicate=True)
    assert len(app.simulator.get("/api/phone")["messages"]) == 1
    assert app.simulator.get("/api/received")[app.name] == {
        "raw": 2,
        "unique": 1,
        "keys": {"invitation-1": {"raw": 2, "accepted": 1}},
    }


def test_the_same_key_from_many_threads_reaches_the_patient_once(app, an_invitation):
    channel = app.channel(timeout_s=10)
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(channel.send, [an_invitation()] * 32))

    assert len({receipt.reference for receipt in receipts}) == 1
    assert sum(not receipt.duplicate for receipt in receipts) == 1


def test_receipts_follow_in_order_and_signed(app, an_invitation):
    receipt = app.channel().send(an_invitation())

    events = app.simulator.inbox.wait_for(len(app.tells))
    assert tuple(event["data"]["event"] for event in events) == app.tells
    assert all(event["type"] == "receipt" for event in events)
    assert all(event["data"]["orderId"] == "invitation-1" for event in events)
    assert all(event["data"]["reference"] == receipt.reference for event in events)


def test_a_receipt_is_sent_again_until_it_is_taken(app, an_invitation):
    app.simulator.inbox.answers = [503, 500, 200]

    app.channel().send(an_invitation())

    events = app.simulator.inbox.wait_for(len(app.tells))
    assert tuple(event["data"]["event"] for event in events) == app.tells
    assert len(set(app.simulator.inbox.ids)) == len(app.tells)


def test_a_refused_receipt_is_not_repeated(app, an_invitation):
    app.simulator.inbox.answers = [401]

    for key in ("invitation-1", "invitation-2"):
        app.channel().send(an_invitation(key))

    events = app.simulator.inbox.wait_for(2 * len(app.tells) - 1)
    told = [(event["data"]["orderId"], event["data"]["event"]) for event in events]
    assert told == [("invitation-1", event) for event in app.tells[1:]] + [
        ("invitation-2", event) for event in app.tells
    ]


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
    app, an_invitation, behaviour, permanent, maybe_accepted, taken
):
    app.simulator.fail(app.name, behaviour, seconds=4)

    error = failure(app.channel(), an_invitation())
    taken_before = len(app.simulator.get("/api/phone")["messages"])
    receipt = app.channel().send(an_invitation())

    assert (error.permanent, error.maybe_accepted) == (permanent, maybe_accepted)
    assert taken_before == taken
    assert receipt.duplicate == bool(taken)
    assert len(app.simulator.get("/api/phone")["messages"]) == 1


def test_the_wait_that_is_asked_for_is_passed_on(app, an_invitation):
    app.simulator.fail(app.name, "429", seconds=7)

    error = failure(app.channel(), an_invitation())

    assert (error.retry_after_s, error.http_status) == (7, 429)


def test_nobody_listening_means_that_nothing_was_sent(app, an_invitation):
    error = failure(app.channel("http://127.0.0.1:9"), an_invitation())

    assert (error.permanent, error.maybe_accepted, error.http_status) == (False, False, None)


def test_a_wrong_token_is_not_the_patients_fault(app, an_invitation):
    error = failure(app.channel(token="wrong"), an_invitation())

    assert (error.permanent, error.maybe_accepted, error.http_status) == (False, False, 401)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"text": "x" * 161}, id="text too long"),
        pytest.param({"forms": ()}, id="no form"),
        pytest.param({"link": ""}, id="no link"),
    ],
)
def test_an_order_that_breaks_the_contract_is_refused_for_good(app, an_invitation, changes):
    error = failure(app.channel(), an_invitation(**changes))

    assert (error.permanent, error.maybe_accepted, error.http_status) == (True, False, 422)
    assert app.simulator.get("/api/phone")["messages"] == []


def test_a_text_of_exactly_160_characters_is_taken(app, an_invitation):
    assert app.channel().send(an_invitation(text="x" * 160)).reference


def test_an_answer_in_the_app_reaches_svarbro_and_completes_the_message(app, an_invitation):
    reference = app.channel().send(an_invitation()).reference
    document = {"resourceType": "QuestionnaireResponse", "status": "completed"}

    for order_id in ("request-1", "request-2"):
        answer = requests.post(
            f"{app.simulator.url}/api/phone/{reference}/answer",
            json={"orderId": order_id, "questionnaireResponse": document},
            timeout=5,
        )
        assert answer.json() == {"status": 200, "body": {"id": "response-1"}}

    app.simulator.inbox.wait_for(len(app.tells) + 3)
    responses = [event for event in app.simulator.inbox.events if event["type"] == "response"]
    receipts = [event["data"]["event"] for event in app.simulator.inbox.events if event["type"] == "receipt"]
    assert [event["data"]["orderId"] for event in responses] == ["request-1", "request-2"]
    assert responses[0]["data"]["document"]["contentType"] == "application/fhir+json"
    assert json.loads(base64.b64decode(responses[0]["data"]["document"]["data"])) == document
    assert tuple(receipts) == (*app.tells, "completed")
    assert app.simulator.get("/api/phone")["messages"][0]["state"] == "completed"


def test_a_refused_answer_is_told_and_changes_nothing(app, an_invitation):
    reference = app.channel().send(an_invitation()).reference
    app.simulator.inbox.wait_for(len(app.tells))
    app.simulator.inbox.answers = [422]

    answer = requests.post(
        f"{app.simulator.url}/api/phone/{reference}/answer",
        json={"orderId": "request-1", "questionnaireResponse": {}},
        timeout=5,
    )

    assert answer.json() == {"status": 422, "body": {"title": "no"}}
    assert app.simulator.get("/api/phone")["messages"][0]["answered"] == []


@pytest.mark.parametrize("body", ["[]", "{}", '{"reference": 7}', '{"reference": ""}'])
def test_an_answer_without_a_reference_may_still_have_been_taken(app, answering, an_invitation, body):
    url = answering(POST=(body, 201, {}))

    error = failure(app.channel(url), an_invitation())

    assert (error.permanent, error.maybe_accepted) == (False, True)


def test_the_same_key_at_two_apps_is_one_message_in_each(simulator, an_invitation):
    references = {channel.send(an_invitation()).reference for channel in (simulator.channel, simulator.minlaege)}

    messages = simulator.get("/api/phone")["messages"]
    assert {message["reference"] for message in messages} == references
    assert {message["app"] for message in messages} == {"webpatient", "minlaege"}


def test_an_apps_token_opens_no_other_app(simulator, an_invitation):
    error = failure(MinLaegeChannel(simulator.url, "wp-token", timeout_s=0.5), an_invitation())

    assert error.http_status == 401


def test_an_answer_is_sent_to_the_door_of_its_own_app(simulator, an_invitation):
    reference = simulator.minlaege.send(an_invitation()).reference

    requests.post(
        f"{simulator.url}/api/phone/{reference}/answer",
        json={"orderId": "request-1", "questionnaireResponse": {}},
        timeout=5,
    )

    simulator.inbox.wait_for(2)
    assert set(simulator.inbox.doors) == {"minlaege"}


def test_the_call_list_takes_everything_at_once_and_calls_nobody(an_invitation):
    assert [ClinicChannel().send(an_invitation()) for _ in range(2)] == [Receipt("call-list")] * 2
