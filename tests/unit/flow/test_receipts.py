"""Receipts are fetched where calls did not reach us; each counts once, whichever way it came."""

import json
from dataclasses import dataclass, field

import pytest

from delivery.channels.port import Capabilities, Idempotency, Polled, ReceiptWay, Told
from delivery.ladder import Step
from delivery.outbox import MessageKind, MessageState
from flow.event import ReceiptEvent, ReceiveEvent, SignedCall
from flow.receipts import MOST_PAGES, PollReceipts, RetryStrays
from kernel.errors import DeliveryError
from kernel.ids import MessageId
from store.strays import StrayState
from tests.builders import CLINIC_ID
from tests.way import FakeChannel


@dataclass
class TellingChannel(FakeChannel):
    """Keeps what it has to tell, two receipts to a page."""

    capabilities: Capabilities = Capabilities(  # noqa: RUF009 - it is frozen
        Idempotency.KEY, receipts=frozenset({ReceiptWay.POLL})
    )
    receipts: list[Told] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    silent: bool = False

    def poll(self, since: str | None) -> Polled:
        self.asked.append(since)
        if self.silent:
            raise DeliveryError("it cannot be reached")
        start = int(since or 0)
        page = tuple(self.receipts[start : start + 2])
        return Polled(page, str(start + len(page)), more=start + 2 < len(self.receipts))


@pytest.fixture
def channel():
    return TellingChannel()


@pytest.fixture
def invitation(way, channel):
    way.speak({"webpatient": channel})
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    return messages(way, enrolled)[0]


@pytest.fixture
def receive(way):
    return ReceiveEvent(way.store, way.clock, way.keyring, way.receive)


@pytest.fixture
def poll(way, channel, receive):
    return PollReceipts(way.store, way.clock, receive, {"webpatient": channel, "clinic": FakeChannel("clinic")})


def messages(way, enrolled):
    with way.look() as tx:
        return tx.outbox.of_occasion(way.occasion(enrolled).id)


def told(way, message):
    with way.look() as tx:
        return [fact.event for fact in tx.events.receipts(message.id)]


def receipt(way, message, event, name=None, order_id=None):
    return Told(name or f"r-{event}", order_id or message.id, event, "WP-1", way.clock.now())


def test_what_was_told_is_fetched_once_and_the_mark_moves(way, channel, poll, invitation):
    channel.receipts = [receipt(way, invitation, event) for event in ("accepted", "notified", "opened")]

    assert poll() == 3
    assert poll() == 0
    assert told(way, invitation) == ["accepted", "notified", "opened"]
    assert channel.asked == [None, "2", "3"]


def test_a_receipt_that_a_call_brought_is_no_news_when_it_is_fetched(way, channel, poll, receive, invitation):
    event = ReceiptEvent(invitation.id, "opened", "WP-1", way.clock.now())
    assert not receive(SignedCall("webpatient", "r-opened", b"{}"), event).duplicate
    channel.receipts = [receipt(way, invitation, "opened")]
    poll()

    with way.store.queue() as queue:
        assert queue.connection.exec_driver_sql("SELECT count(*) FROM webhook_event").scalar_one() == 1
    assert told(way, invitation) == ["opened"]


def test_a_channel_that_cannot_be_asked_keeps_its_mark_for_the_next_time(way, channel, poll, invitation):
    channel.receipts = [receipt(way, invitation, "accepted")]
    channel.silent = True
    assert poll() == 0
    channel.silent = False

    assert poll() == 1
    assert channel.asked == [None, None]


def test_one_receipt_that_cannot_be_used_does_not_hold_the_others(way, channel, poll, invitation):
    channel.receipts = [receipt(way, invitation, "exploded"), receipt(way, invitation, "opened")]

    assert poll() == 2
    assert told(way, invitation) == ["opened"]


def test_one_tick_fetches_so_many_pages_and_the_next_goes_on(way, channel, poll, invitation):
    many = 2 * MOST_PAGES + 1
    channel.receipts = [receipt(way, invitation, "opened", name=f"r-{n}") for n in range(many)]

    assert [poll(), poll()] == [many - 1, 1]


def test_what_was_fetched_is_kept_as_a_call_would_have_been(way, channel, poll, invitation):
    channel.receipts = [receipt(way, invitation, "opened")]
    poll()

    with way.look() as tx:
        raw = json.loads(tx.events.raw("webpatient", "r-opened"))
    assert (raw["type"], raw["data"]["orderId"], raw["data"]["event"]) == ("receipt", invitation.id, "opened")


def test_a_fetched_receipt_of_an_unknown_order_goes_into_quarantine_once(way, channel, poll, receive, invitation):
    channel.receipts = [receipt(way, invitation, "opened", order_id="nobody")]
    poll()
    receive(
        SignedCall("webpatient", "r-opened", b"{}"), ReceiptEvent(MessageId("nobody"), "opened", None, way.clock.now())
    )

    with way.store.queue() as queue:
        (stray,) = queue.strays.newest(10)
    assert (stray.channel, stray.order_id, stray.state) == ("webpatient", "nobody", StrayState.WAITING)


def test_a_settled_stray_is_not_settled_again(way, receive, invitation):
    receive(SignedCall("webpatient", "r-1", b"{}"), ReceiptEvent(MessageId("nobody"), "opened", None, way.clock.now()))
    with way.store.queue() as queue:
        (stray,) = queue.strays.waiting(10)
        assert queue.strays.tried(stray, StrayState.GIVEN_UP)
        assert not queue.strays.tried(stray, StrayState.APPLIED)
        assert queue.strays.waiting(10) == ()

    assert RetryStrays(way.store, way.clock, receive)() == 0


def refuse(way, receive, message):
    event = ReceiptEvent(message.id, "rejected", None, way.clock.now())
    return receive(SignedCall("webpatient", f"r-{way.clock.now()}", b"{}"), event)


def test_a_refusal_after_acceptance_goes_on_through_the_next_channel_once(way, receive, invitation):
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.ladders.set("KOL", (Step("webpatient", 10), Step("letter")))
    refuse(way, receive, invitation)
    way.clock.move(seconds=1)
    refuse(way, receive, invitation)

    with way.look() as tx:
        found = tx.outbox.of_occasion(invitation.occasion_id)
    assert [one.target for one in found if one.kind is MessageKind.INVITATION] == ["webpatient", "letter"]


def test_a_refusal_after_the_time_is_over_asks_through_no_other_channel(way, receive, invitation):
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.ladders.set("KOL", (Step("webpatient", 10), Step("letter")))
    way.clock.move(days=21)
    refuse(way, receive, invitation)

    with way.look() as tx:
        found = tx.outbox.of_occasion(invitation.occasion_id)
    assert [one.target for one in found if one.kind is MessageKind.INVITATION] == ["webpatient"]


def test_without_another_channel_the_clinic_learns_once_of_a_refusal_after_acceptance(way, receive, invitation):
    for _ in range(2):
        refuse(way, receive, invitation)
        way.clock.move(seconds=1)

    with way.look() as tx:
        found = tx.outbox.of_occasion(invitation.occasion_id)
    assert [one.state for one in found if one.kind is MessageKind.INBOX_UNDELIVERED] == [MessageState.DUE]


def test_a_refusal_of_what_is_answered_already_needs_nobody(way, receive, channel):
    way.speak({"webpatient": channel})
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    way.answer_all(enrolled)
    refuse(way, receive, messages(way, enrolled)[0])

    assert MessageKind.INBOX_UNDELIVERED not in [one.kind for one in messages(way, enrolled)]
