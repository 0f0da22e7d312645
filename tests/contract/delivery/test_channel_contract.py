"""One suite over every channel and its simulator: what an adapter declares is what it keeps."""

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import requests

from delivery.channels.clinic import ClinicChannel
from delivery.channels.letter import LetterChannel
from delivery.channels.minlaege import MinLaegeChannel
from delivery.channels.port import Idempotency, LooksUp, Polled, Polls, ReceiptWay, Withdraws
from delivery.channels.webpatient import WebPatientChannel
from delivery.plans.flp import FlpPlan
from delivery.plans.lps_inbox import LpsInbox
from delivery.plans.lps_note import LpsNote
from delivery.simulator.behaviours import Behaviour, is_possible
from kernel.errors import DeliveryError
from tests.contract.delivery.conftest import Running
from tests.released import RELEASED
from tests.way import FakeChannel

OVER_HTTP: dict[str, tuple[Any, str]] = {
    "webpatient": (WebPatientChannel, "wp-token"),
    "minlaege": (MinLaegeChannel, "ml-token"),
    "letter": (partial(LetterChannel, letter=RELEASED.letter), "print-token"),
}
PLANS = (FlpPlan, LpsNote, LpsInbox)
SECRETS = ("2512489996", "Nancy Berggren", "secret-token", "wp-token", "ml-token", "print-token")
ODD_KEY = "../orders?x=1#y"


@dataclass(frozen=True)
class Adapter:
    """One channel and what its simulator has of it."""

    name: str
    channel: Any
    simulator: Running

    def arrived(self) -> dict[str, dict[str, int]]:
        keys: dict[str, dict[str, int]] = self.simulator.get("/api/received")[self.name]["keys"]
        return keys

    def accepted(self, key: str) -> int:
        return self.arrived().get(key, {"accepted": 0})["accepted"]


@pytest.fixture(params=[*OVER_HTTP])
def adapter(request, simulator):
    kind, token = OVER_HTTP[request.param]
    return Adapter(request.param, kind(simulator.url, token, timeout_s=1), simulator)


@pytest.fixture(params=[*OVER_HTTP, "clinic", "fake"])
def any_channel(request, simulator):
    if request.param in OVER_HTTP:
        kind, token = OVER_HTTP[request.param]
        return kind(simulator.url, token, timeout_s=1)
    return ClinicChannel() if request.param == "clinic" else FakeChannel()


def failure(call, *arguments):
    with pytest.raises(DeliveryError) as caught:
        call(*arguments)
    assert not any(secret in str(caught.value) for secret in SECRETS)
    return caught.value


def test_the_same_key_twice_has_one_effect_and_one_reference(any_channel, an_invitation):
    first, second = any_channel.send(an_invitation()), any_channel.send(an_invitation())

    assert any_channel.capabilities.idempotency is not Idempotency.NONE
    assert first.reference
    assert not first.duplicate
    if any_channel.capabilities.idempotency is Idempotency.KEY and not isinstance(any_channel, FakeChannel):
        assert (second.reference, second.duplicate) == (first.reference, True)


def test_what_is_declared_is_what_the_adapter_can_do(any_channel):
    can = any_channel.capabilities

    assert isinstance(any_channel, LooksUp) == can.lookup
    assert isinstance(any_channel, Withdraws) == can.withdraws
    assert isinstance(any_channel, Polls) == (ReceiptWay.POLL in can.receipts)
    assert can.max_rate is None or can.max_rate > 0
    assert can.max_in_flight > 0
    assert can.max_payload > 0


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_target_declares_itself_too(plan):
    assert plan.capabilities.idempotency is not Idempotency.NONE
    assert not plan.capabilities.withdraws


def test_effects_are_counted_once_whatever_was_sent(adapter, an_invitation):
    for _ in range(3):
        adapter.channel.send(an_invitation())

    assert adapter.arrived() == {"invitation-1": {"raw": 3, "accepted": 1}}


def test_the_greatest_invitation_fits_into_what_the_receiver_takes(adapter, answering, recorded, an_invitation):
    kind, token = OVER_HTTP[adapter.name]
    url = answering(POST=('{"reference": "r"}', 201, {}))
    (one, _) = an_invitation().forms

    kind(url, token).send(
        an_invitation(forms=(one,) * 20, text="x" * 160, link="https://svarbro.example/p/i/" + "x" * 90)
    )

    assert len(recorded[0][1]) <= adapter.channel.capabilities.max_payload


def test_a_key_that_is_known_is_found_under_its_reference(adapter, an_invitation):
    reference = adapter.channel.send(an_invitation()).reference

    found = adapter.channel.lookup("invitation-1")

    assert (found.reference, found.duplicate) == (reference, True)
    assert adapter.arrived()["invitation-1"]["raw"] == 1


def test_a_key_that_was_never_taken_is_not_found(adapter):
    assert adapter.channel.lookup("invitation-1") is None
    assert adapter.channel.lookup(ODD_KEY) is None


def test_whether_a_lost_answer_was_taken_is_found_by_asking(adapter, an_invitation):
    for behaviour, is_taken in (("reset-before", False), ("reset-after", True)):
        adapter.simulator.fail(adapter.name, behaviour)
        assert failure(adapter.channel.send, an_invitation(behaviour)).maybe_accepted

        assert (adapter.channel.lookup(behaviour) is not None) == is_taken


def test_what_cannot_be_asked_stays_in_doubt(adapter):
    adapter.simulator.switch(adapter.name, "down")

    for call in (adapter.channel.lookup, adapter.channel.withdraw):
        error = failure(call, "invitation-1")
        assert (error.permanent, error.http_status) == (False, 503)


def test_what_is_withdrawn_twice_is_withdrawn_once(adapter, an_invitation):
    adapter.channel.send(an_invitation())

    for _ in range(2):
        adapter.channel.withdraw("invitation-1")

    assert adapter.accepted("withdrawal of invitation-1") == 1
    assert is_withdrawn(adapter)


def test_a_message_that_comes_after_its_withdrawal_is_not_taken(adapter, an_invitation):
    adapter.channel.withdraw("invitation-1")

    error = failure(adapter.channel.send, an_invitation())

    assert (error.permanent, error.http_status) == (True, 410)
    assert adapter.accepted("invitation-1") == 0


def test_withdrawing_what_has_an_odd_key_harms_nothing_else(adapter, an_invitation):
    adapter.channel.send(an_invitation())

    failure_or_none = None
    try:
        adapter.channel.withdraw(ODD_KEY)
    except DeliveryError as error:
        failure_or_none = error

    assert failure_or_none is None or not failure_or_none.maybe_accepted
    assert not is_withdrawn(adapter)


def is_withdrawn(adapter):
    if adapter.name == "letter":
        return adapter.simulator.get("/api/letters")["letters"][0]["withdrawn"]
    return adapter.simulator.get("/api/phone")["messages"][0]["state"] == "withdrawn"


SEEN_BY_SENDER = {
    # permanent, maybe accepted; what tells nothing of receipts is left out
    **dict.fromkeys(("503", "429", "429-date", "redirect"), (False, False)),
    **dict.fromkeys(("500", "reset-before", "timeout-before", "conflict"), (False, True)),
    **dict.fromkeys(("refused", "key-conflict"), (True, False)),
    **dict.fromkeys(
        ("500-after", "reset-after", "slow", "drip", "drip-headers", "flood", "broken-json"), (False, True)
    ),
}


@pytest.mark.parametrize("behaviour", [one for one in Behaviour if not one.is_of_receipts])
def test_every_behaviour_is_sorted_alike_by_every_adapter(adapter, an_invitation, behaviour):
    assert is_possible(adapter.name, behaviour)
    seconds = {"429": 5, "429-date": 5, "drip": 0.3, "drip-headers": 0.1}.get(behaviour, 2)
    adapter.simulator.fail(adapter.name, behaviour, seconds=seconds)

    error = failure(adapter.channel.send, an_invitation())

    assert (error.permanent, error.maybe_accepted) == SEEN_BY_SENDER[behaviour]
    # A date has whole seconds only.
    assert error.retry_after_s in ((4, 5) if behaviour.startswith("429") else (None,))
    if not error.permanent:
        assert adapter.channel.send(an_invitation()).reference
        assert adapter.accepted("invitation-1") == 1


def test_receipts_are_fetched_from_the_mark_on_and_each_has_a_name_of_its_own(app, an_invitation):
    channel = app.channel()
    channel.send(an_invitation())

    first = channel.poll(None)
    channel.send(an_invitation("invitation-2"))
    second = channel.poll(first.mark)

    assert [(one.order_id, one.event) for one in first.receipts] == [("invitation-1", event) for event in app.tells]
    assert [(one.order_id, one.event) for one in second.receipts] == [("invitation-2", event) for event in app.tells]
    ids = [one.id for one in (*first.receipts, *second.receipts)]
    assert len(set(ids)) == len(ids)
    assert channel.poll(second.mark).receipts == ()
    assert channel.poll(second.mark).mark == second.mark


def test_what_is_fetched_has_the_name_of_its_call(app, an_invitation):
    app.channel().send(an_invitation())
    app.simulator.inbox.wait_for(len(app.tells))

    assert [one.id for one in app.channel().poll(None).receipts] == app.simulator.inbox.ids


def test_more_receipts_than_one_page_are_said_to_be_more(app, an_invitation):
    channel = app.channel(timeout_s=5)
    for n in range(60):
        channel.send(an_invitation(f"invitation-{n}"))

    mark: str | None = None
    pages: list[Polled] = []
    while not pages or pages[-1].more:
        pages.append(channel.poll(mark))
        mark = pages[-1].mark

    assert len(pages) > 1
    assert sum(len(page.receipts) for page in pages) == 60 * len(app.tells)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="nothing"),
        pytest.param("[]", id="a list"),
        pytest.param('{"receipts": []}', id="no mark"),
        pytest.param('{"receipts": [{}], "mark": "1"}', id="an empty receipt"),
        pytest.param('{"receipts": 7, "mark": "1"}', id="no list"),
        pytest.param('{"receipts": ["x"], "mark": "1"}', id="a text for a receipt"),
        pytest.param(
            json.dumps(
                {
                    "receipts": [
                        {"id": "a", "orderId": "k", "event": "opened", "reference": None, "at": "2026-11-20T09:00:00"}
                    ],
                    "mark": "1",
                }
            ),
            id="a moment without its zone",
        ),
    ],
)
def test_receipts_that_cannot_be_read_move_no_mark(app, answering, body):
    error = failure(app.channel(answering(GET=(body, 200, {}))).poll, None)

    assert (error.permanent, error.maybe_accepted) == (False, False)


def test_the_call_list_keeps_nothing_that_could_be_withdrawn(an_invitation):
    assert not isinstance(ClinicChannel(), Withdraws)
    assert ClinicChannel().send(an_invitation()) == ClinicChannel().send(an_invitation())


def test_a_stopped_receiver_is_seen_and_started_on_the_page(adapter, an_invitation):
    there = adapter.simulator
    requests.post(f"{there.url}/receivers/{adapter.name}", data={"state": "down"}, timeout=5)
    assert "stoppet" in requests.get(there.url, timeout=5).text
    assert failure(adapter.channel.send, an_invitation()).http_status == 503

    requests.post(f"{there.url}/receivers/{adapter.name}", data={"state": "up"}, timeout=5)
    assert adapter.channel.send(an_invitation()).reference
    assert adapter.arrived()["invitation-1"]["raw"] == 1
