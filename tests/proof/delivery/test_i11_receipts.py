"""I11: receipts in any order, twice, replayed, early or forged leave the same state, and a forged one leaves none."""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from delivery.outbox import MessageKind, MessageState, NewMessage
from flow.event import ReceiveEvent
from flow.receipts import RetryStrays
from kernel.errors import UnauthenticatedError
from security.keys import new_webhook_secret
from security.webhooks import sign
from store.strays import StrayState
from tests.builders import CLINIC_ID
from tests.proof.extent import extent
from tests.way import Way
from web.channels.schemas import event_of

EVENTS = ("accepted", "notified", "opened", "completed", "rejected")
FORGED = 0
FIRST = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    way.add_clinic()
    return way


class Channel:
    """A channel that tells of one message, well or badly."""

    def __init__(self, way, message_id):
        self.way = way
        self.message_id = message_id
        self.receive = ReceiveEvent(way.store, way.clock, way.keyring, way.receive)
        self.secret = way.keyring.webhook_secrets["webpatient"][0]
        self.calls = 0

    def call(self, event, *, secret=None, order_id=None):
        """Sign one call about an event, each time as a new one."""
        self.calls += 1
        webhook_id = f"{self.message_id}-{self.calls}"
        at = (FIRST + timedelta(minutes=EVENTS.index(event))).isoformat()
        data = {"orderId": order_id or self.message_id, "event": event, "reference": "WP-1", "at": at}
        raw = json.dumps({"type": "receipt", "timestamp": at, "data": data}).encode()
        seconds = int(self.way.clock.now().timestamp())
        headers = {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": sign(secret or self.secret, webhook_id, seconds, raw),
        }
        return headers, raw

    def tell(self, headers, raw):
        call = self.receive.authenticate("webpatient", headers, raw)
        return self.receive(call, event_of(call.raw))


@pytest.fixture
def invited(way):
    """Make invitations of one occasion, as many as are asked for, each in a state."""
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    occasion = way.occasion(enrolled)

    def make(state):
        message = NewMessage(
            MessageKind.INVITATION,
            "lane",
            "webpatient",
            way.clock.now() + timedelta(days=300),
            enrolled.patient_ref,
            occasion_id=occasion.id,
        )
        with way.store.write(CLINIC_ID, way.system) as tx:
            message_id = tx.outbox.add(message)
        put(way, message_id, "state = 'leased', lease_owner = 'w', lease_until = '2030-01-01 00:00:00.000000'")
        if state != "leased":
            put(way, message_id, f"state = '{state}', lease_owner = NULL, lease_until = NULL")
        return message_id

    return make


def put(way, message_id, values):
    with way.store.queue() as queue:
        queue.connection.exec_driver_sql(f"UPDATE outbox SET {values} WHERE id = '{message_id}'")


def facts_of(way, message_id):
    with way.look() as tx:
        facts = tx.events.receipts(message_id)
        return [(one.event, one.reference, one.at) for one in facts], tx.events.channel_state(message_id)


@pytest.mark.parametrize(
    ("state", "every"),
    [
        pytest.param("accepted", extent(3, 1), id="accepted"),
        pytest.param("leased", extent(12, 1), id="before the answer to the transmission"),
        pytest.param("in-doubt", extent(12, 1), id="in doubt"),
    ],
)
def test_i11_every_order_of_receipts_with_doubles_replays_and_forgeries_ends_alike(
    way, invited, database, ledger, state, every
):
    ends, forged_taken, calls = set(), 0, 0
    for order in list(permutations(EVENTS))[::every]:
        message_id = invited(state)
        channel = Channel(way, message_id)
        for event in order:
            headers, raw = channel.call(event)
            channel.tell(headers, raw)
            assert channel.tell(headers, raw).duplicate, "the very same call again"
            assert not channel.tell(*channel.call(event)).is_unmatched, "the same event by another call"
            for forged in (channel.call("rejected", secret=new_webhook_secret()), (headers, raw + b" ")):
                with pytest.raises(UnauthenticatedError):
                    forged_taken += channel.tell(*forged) is not None
        calls += channel.calls
        with way.look() as tx:
            ends.add((str(facts_of(way, message_id)), tx.outbox.get(message_id).state))

    orders = len(list(permutations(EVENTS))[::every])
    found = {"orders": orders, "signed_calls": calls, "end_states": len(ends), "forged_taken": forged_taken}
    ledger.add("I11 receipts in every order", database=database, message=state, **found)
    (only,) = ends
    assert forged_taken == FORGED
    assert "completed')" in only[0]
    assert only[1] is {"leased": MessageState.LEASED}.get(state, MessageState.ACCEPTED)


def test_i11_a_replay_after_five_minutes_is_refused(way, invited):
    message_id = invited("accepted")
    channel = Channel(way, message_id)
    old = channel.call("rejected")
    way.clock.move(seconds=301)

    with pytest.raises(UnauthenticatedError):
        channel.tell(*old)
    assert facts_of(way, message_id) == ([], None)


def test_i11_a_receipt_that_comes_before_its_order_is_kept_and_applied_when_the_order_is_there(way, invited):
    message_id = invited("accepted")
    channel = Channel(way, message_id)
    rename(way, message_id, "later")

    outcomes = [channel.tell(*channel.call(event)) for event in EVENTS[:3]]
    retry = RetryStrays(way.store, way.clock, channel.receive)
    before = retry()
    rename(way, "later", message_id)
    after = retry()

    assert all(outcome.is_unmatched for outcome in outcomes)
    assert (before, after, retry()) == (0, 3, 0)
    assert facts_of(way, message_id)[1] == "opened"
    with way.store.queue() as queue:
        assert queue.strays.count() == {StrayState.APPLIED: 3}


def rename(way, message_id, other):
    put(way, message_id, f"id = '{other}'")


def test_i11_a_receipt_that_never_finds_its_order_is_given_up_after_a_week_and_kept(way, invited):
    channel = Channel(way, invited("accepted"))
    channel.tell(*channel.call("opened", order_id="nobody"))
    retry = RetryStrays(way.store, way.clock, channel.receive)

    way.clock.move(days=6, hours=23)
    retry()
    with way.store.queue() as queue:
        waits = queue.strays.count()
    way.clock.move(hours=1)
    retry()

    with way.store.queue() as queue:
        (stray,) = queue.strays.newest(10)
    assert waits == {StrayState.WAITING: 1}
    assert (stray.order_id, stray.event, stray.state, stray.tries) == ("nobody", "opened", StrayState.GIVEN_UP, 2)
