"""What channels tell: each call once, receipts in any order."""

from datetime import timedelta
from itertools import permutations

import pytest

from delivery.outbox import MessageState
from kernel.errors import InvalidInputError, NotFoundError
from kernel.ids import MessageId
from store.repositories.events import ReceiptFact
from store.settlement import Settlement
from tests.builders import CLINIC_ID, NOW, OTHER_CLINIC_ID, a_message
from tests.stored import store_asked, store_clinic

HOUR = timedelta(hours=1)
FACTS = [
    ReceiptFact("accepted", "ref-1", NOW),
    ReceiptFact("notified", "ref-1", NOW + HOUR),
    ReceiptFact("opened", "ref-1", NOW + 2 * HOUR),
    ReceiptFact("opened", "ref-2", NOW + 3 * HOUR),
]


def test_a_call_counts_once_per_channel(store):
    actor = store_clinic(store)

    with store.write(CLINIC_ID, actor) as tx:
        assert tx.events.add("webpatient", "msg_1", b"first")
        assert not tx.events.add("webpatient", "msg_1", b"again")
        assert tx.events.add("minlaege", "msg_1", b"other channel")

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.events.raw("webpatient", "msg_1") == b"first"
        assert tx.events.raw("minlaege", "msg_1") == b"other channel"
        assert tx.events.raw("webpatient", "msg_2") is None


def test_a_call_counts_once_over_all_clinics(store):
    one, other = store_clinic(store), store_clinic(store, OTHER_CLINIC_ID)
    with store.write(CLINIC_ID, one) as tx:
        assert tx.events.add("webpatient", "msg_1", b"{}")

    with store.write(OTHER_CLINIC_ID, other) as tx:
        assert not tx.events.add("webpatient", "msg_1", b"{}")
        assert tx.events.raw("webpatient", "msg_1") is None


def test_every_order_of_receipts_gives_the_same_state(store):
    asked = store_asked(store)

    for order in permutations(FACTS):
        with store.write(CLINIC_ID, asked.actor) as tx:
            message_id = tx.outbox.add(a_message(asked.patient_ref))
            news = [tx.events.receipt(message_id, fact.event, fact.reference, fact.at) for fact in order]
            assert sorted(news) == [False, True, True, True]
            assert tx.events.receipts(message_id) == tuple(FACTS[:3])
            assert tx.events.channel_state(message_id) == "opened"


def test_a_message_without_receipts_has_no_channel_state(store):
    asked = store_asked(store)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.events.receipts(asked.message_id) == ()
        assert tx.events.channel_state(asked.message_id) is None


@pytest.mark.parametrize(
    ("events", "state"),
    [
        pytest.param(("rejected", "opened"), "rejected", id="a refusal outweighs that it was opened"),
        pytest.param(("completed", "rejected"), "completed", id="an answer outweighs a refusal"),
    ],
)
def test_a_refusal_outweighs_everything_but_an_answer(store, events, state):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        for event in events:
            tx.events.receipt(asked.message_id, event, None, NOW)
        assert tx.events.channel_state(asked.message_id) == state


def test_unknown_events_and_messages_are_refused(store):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        with pytest.raises(InvalidInputError) as caught:
            tx.events.receipt(asked.message_id, "exploded", None, NOW)
        with pytest.raises(NotFoundError):
            tx.events.receipt(MessageId("unknown"), "opened", None, NOW)
    assert caught.value.issues[0].expression == "data.event"


@pytest.mark.parametrize(
    ("event", "state"),
    [("accepted", MessageState.ACCEPTED), ("opened", MessageState.ACCEPTED), ("rejected", MessageState.ACCEPTED)],
)
def test_a_receipt_settles_a_message_in_doubt(store, event, state):
    asked = store_asked(store)
    with store.queue() as queue:
        (message,) = queue.claim("w1", NOW, NOW + HOUR, 1)
        assert queue.settle(Settlement(message.id, CLINIC_ID, message.fence, MessageState.IN_DOUBT, NOW))

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.events.receipt(asked.message_id, event, "ref-1", NOW)
        assert tx.outbox.get(asked.message_id).state is state


def test_a_receipt_leaves_a_message_that_is_not_in_doubt(store):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.events.receipt(asked.message_id, "accepted", "ref-1", NOW)
        assert tx.outbox.get(asked.message_id).state is MessageState.DUE
