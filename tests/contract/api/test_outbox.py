"""The outbox at the JSON door: seen and acted on by operators, clinic by clinic."""

from datetime import timedelta

import pytest

from delivery.outbox import MessageState
from kernel.ids import new_id
from security.actor import Actor, Role
from security.links import token_hash
from store.settlement import Settlement

PATH = "/api/v1/outbox"
KEYS = {
    "id", "kind", "target", "state", "createdAt", "dueAt", "expiresAt", "closedAt", "attempts", "inDoubt", "lastError",
}  # fmt: skip
ATTEMPT = {
    "number", "worker", "startedAt", "endedAt", "outcome", "counted", "httpStatus", "error", "retryAt",
}  # fmt: skip
JSON = {"Content-Type": "application/json"}


def operator_of(house, tenant):
    """Give a clinic an operator with a bearer token."""
    token, now = f"token-of-operator-{new_id()}", house.services.clock.now()
    actor = Actor(Role.OPERATOR, "ops", tenant.clinic_id)
    with house.services.store.write(tenant.clinic_id, actor) as tx:
        tx.clinics.add_token(token_hash(token), actor, now + timedelta(days=1))
    return token


@pytest.fixture
def operator(house):
    return operator_of(house, house.one)


@pytest.fixture
def waiting(house, operator):
    house.enrol()
    (message,) = house.get(PATH, operator).json()["messages"]
    return message


@pytest.fixture
def dead(house, waiting):
    """Let the invitation be refused."""
    at = house.services.clock.now()
    with house.services.store.queue() as queue:
        for message in queue.claim("w1", at, at + timedelta(hours=1), 1000):
            outcome = MessageState.DEAD if message.id == waiting["id"] else MessageState.CANCELLED
            queue.settle(Settlement(message.id, message.clinic_id, message.fence, outcome, at, error="answered 422"))
    return waiting["id"]


def order(house, message_id, verb, body, token):
    return house.post(f"{PATH}/{message_id}/{verb}", body, token, headers=JSON)


def test_what_waits_is_listed_without_content(house, waiting):
    assert waiting.keys() == KEYS
    assert (waiting["kind"], waiting["target"], waiting["state"]) == ("invitation", "webpatient", "due")


def test_states_targets_and_age_narrow_the_list_down(house, operator, waiting):
    def ids(query):
        answer = house.get(f"{PATH}?{query}", operator)
        assert answer.status_code == 200, answer.text
        return [message["id"] for message in answer.json()["messages"]]

    assert ids("state=due&state=dead&target=webpatient&limit=5") == [waiting["id"]]
    assert ids("state=dead") == []
    assert ids("target=flp") == []
    assert ids("before=2020-01-01T00:00:00Z") == []


@pytest.mark.parametrize("query", ["state=late", "limit=0", "limit=1001", "before=yesterday", "patient=x"])
def test_a_filter_that_is_none_is_refused_by_name(house, operator, query):
    answer = house.get(f"{PATH}?{query}", operator)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].split(".")[0] == query.partition("=")[0]


def test_a_dead_message_is_sent_again_with_its_key_once(house, operator, dead):
    answer = order(house, dead, "retry", {}, operator)

    assert (answer.status_code, answer.json()["id"], answer.json()["state"]) == (200, dead, "due")
    assert order(house, dead, "cancel", {"reason": "Aftalt"}, operator).status_code == 200
    assert order(house, dead, "retry", {}, operator).status_code == 409


def test_one_message_is_shown_with_its_attempts_receipts_and_acts(house, operator, dead):
    order(house, dead, "retry", {}, operator)
    with house.services.store.write(house.one.clinic_id, Actor(Role.SYSTEM, "s", house.one.clinic_id)) as tx:
        tx.events.receipt(dead, "rejected", "WP-1", house.services.clock.now())

    answer = house.get(f"{PATH}/{dead}", operator)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["message"].keys() == KEYS
    (attempt,), (receipt,), (act,) = told["attempts"], told["receipts"], told["acts"]
    assert (attempt["number"], attempt["worker"], attempt["outcome"]) == (1, "w1", "dead")
    assert (attempt["error"], attempt["counted"], attempt["httpStatus"]) == ("answered 422", True, None)
    assert attempt.keys() == ATTEMPT
    assert (receipt.keys(), receipt["event"]) == ({"event", "at", "recordedAt"}, "rejected")
    assert (act.keys(), act["act"], act["by"]) == ({"act", "by", "at", "renewedAs"}, "retried", "ops")


def test_a_new_key_needs_a_reason(house, operator, dead):
    assert order(house, dead, "retry", {"forceNewKey": True}, operator).status_code == 422
    answer = order(house, dead, "retry", {"forceNewKey": True, "reason": "Nøglen er tabt"}, operator)

    assert (answer.status_code, answer.json()["state"]) == (200, "due")
    assert answer.json()["id"] != dead


def test_a_message_is_given_up_with_a_reason_once(house, operator, waiting):
    assert order(house, waiting["id"], "cancel", {}, operator).status_code == 422
    answer = order(house, waiting["id"], "cancel", {"reason": "Aftalt"}, operator)

    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert order(house, waiting["id"], "cancel", {"reason": "Aftalt"}, operator).status_code == 409


def test_the_outbox_is_the_operators_and_each_clinics_own(house, waiting):
    stranger = operator_of(house, house.other)

    assert house.get(PATH).status_code == 403
    assert house.get(PATH, house.one.doctor_token).status_code == 403
    assert house.get(PATH, token="").status_code == 401
    assert house.get(PATH, stranger).json() == {"messages": []}
    assert house.get(f"{PATH}/{waiting['id']}", stranger).status_code == 404
    assert house.get(f"{PATH}/{waiting['id']}", house.one.doctor_token).status_code == 403
    for verb, body in (("retry", {}), ("cancel", {"reason": "x"})):
        assert order(house, waiting["id"], verb, body, stranger).status_code == 404
        assert order(house, waiting["id"], verb, body, house.one.doctor_token).status_code == 403


def test_the_document_describes_the_outbox(house):
    paths = house.get("/api/v1/openapi.json", token="").json()["paths"]

    assert {"get"} <= paths[PATH].keys()
    assert {"200", "404"} <= paths[f"{PATH}/{{message_id}}"]["get"]["responses"].keys()
    for verb in ("retry", "cancel"):
        assert {"200", "404", "409", "422"} <= paths[f"{PATH}/{{message_id}}/{verb}"]["post"]["responses"].keys()
