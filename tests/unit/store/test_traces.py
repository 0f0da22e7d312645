"""What happened to one message: every transmission, every receipt, every act of a person; of its own clinic only."""

from dataclasses import astuple
from datetime import timedelta

import pytest

from delivery.backlog import Act
from delivery.message_trace import ActDone, ReceiptTold
from delivery.outbox import MessageState
from kernel.errors import NotFoundError
from kernel.ids import MessageId
from store.settlement import Settlement
from tests.builders import CLINIC_ID, NOW, OTHER_CLINIC_ID, a_message
from tests.stored import store_clinic, store_patient

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def actor(store):
    return store_clinic(store)


@pytest.fixture
def message_id(store, actor):
    ref = store_patient(store, actor)
    with store.write(CLINIC_ID, actor) as tx:
        tx.outbox.add(a_message(ref, lane="webpatient:other", due_at=NOW + timedelta(days=1)))
        return tx.outbox.add(a_message(ref))


def claim(store, owner, at, lease=HOUR):
    with store.queue() as queue:
        (message,) = queue.claim(owner, at, at + lease, 1)
    return message


def settle(store, message, outcome, at, **others):
    with store.queue() as queue:
        return queue.settle(Settlement(message.id, CLINIC_ID, message.fence, outcome, at, **others))


def trace(store, actor, message_id):
    with store.read(CLINIC_ID, actor) as tx:
        return tx.traces.of(message_id)


def test_a_message_that_nobody_tried_has_nothing_behind_it(store, actor, message_id):
    found = trace(store, actor, message_id)

    assert (found.message.id, found.message.state) == (message_id, MessageState.DUE)
    assert (found.attempts, found.receipts, found.acts) == ((), (), ())


def test_every_transmission_stands_with_its_end_and_whether_it_counted(store, actor, message_id):
    first = claim(store, "w1", NOW)
    settle(store, first, MessageState.DUE, NOW + MINUTE, retry_at=NOW + MINUTE, error="answered 503", http_status=503)
    slow = claim(store, "w1", NOW + MINUTE, lease=MINUTE)
    claim(store, "w2", NOW + 60 * MINUTE)
    assert not settle(store, slow, MessageState.ACCEPTED, NOW + 61 * MINUTE)

    again, late = NOW + MINUTE, NOW + 61 * MINUTE
    assert [astuple(one) for one in trace(store, actor, message_id).attempts] == [
        (1, "w1", NOW, NOW + MINUTE, MessageState.DUE, True, 503, "answered 503", again),
        (2, "w1", again, late, MessageState.ACCEPTED, False, None, None, None),
        (3, "w2", NOW + 60 * MINUTE, None, None, False, None, None, None),
    ]


def test_receipts_stand_in_the_order_in_which_they_happened(store, actor, message_id):
    with store.write(CLINIC_ID, actor) as tx:
        now = tx.now
        tx.events.receipt(message_id, "opened", "WP-7", NOW + MINUTE)
        tx.events.receipt(message_id, "accepted", "WP-7", NOW)

    assert trace(store, actor, message_id).receipts == (
        ReceiptTold("accepted", NOW, now),
        ReceiptTold("opened", NOW + MINUTE, now),
    )


def test_acts_tell_who_did_what_and_never_the_reason(store, actor, message_id):
    settle(store, claim(store, "w1", NOW), MessageState.DEAD, NOW)
    with store.write(CLINIC_ID, actor) as tx:
        now = tx.now
        renewed = tx.backlog.renew(message_id)
        tx.backlog.keep(message_id, Act.RENEWED, reason="Ringet til Nancy", renewed_as=renewed)

    found = trace(store, actor, message_id)

    assert found.acts == (ActDone(Act.RENEWED, actor.id, now, renewed),)
    assert "Nancy" not in repr(found)
    assert trace(store, actor, renewed).acts == ()


def test_a_message_of_another_clinic_is_not_found(store, actor, message_id):
    stranger = store_clinic(store, OTHER_CLINIC_ID)

    for unknown in (message_id, MessageId("unknown")):
        with store.read(OTHER_CLINIC_ID, stranger) as tx, pytest.raises(NotFoundError):
            tx.traces.of(unknown)
