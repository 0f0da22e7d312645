"""What a missing licence holds: no invitation is claimed, and what was not sent is found to be put back."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from delivery.outbox import MessageKind
from delivery.schedule import RequestState, SlotState
from store.base import table_of
from store.tables.outbox import OutboxRow
from tests.builders import CAT, MMRC, NOW, a_message, a_series, a_slot
from tests.stored import store_asked, store_taken

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def asked(store):
    return store_asked(store)


def claimed(store, *held):
    with store.queue() as queue:
        return [message.id for message in queue.claim("w1", NOW, LATER, 10, held=held)]


def to_return(store, *held):
    with store.queue() as queue:
        return [occasion_id for _, occasion_id in queue.occasions_to_return(held, 10)]


@pytest.mark.parametrize(("held", "leaves"), [([CAT], False), ([CAT, MMRC], False), ([MMRC], True), ([], True)])
def test_an_invitation_to_what_is_held_is_not_claimed(store, asked, held, leaves):
    assert (claimed(store, *held) == [asked.message_id]) is leaves


def test_what_was_answered_holds_nothing_back(store, asked):
    with store.write(asked.clinic_id, asked.actor) as tx:
        tx.requests.move(asked.request.id, (RequestState.REQUESTED,), RequestState.COMPLETED, NOW)

    assert claimed(store, CAT) == [asked.message_id]


def test_a_report_is_not_held(store, asked):
    with store.write(asked.clinic_id, asked.actor) as tx:
        about = {"occasion_id": asked.occasion.id, "target": "flp", "kind": MessageKind.PLAN_REPORT}
        report = tx.outbox.add(a_message(asked.patient_ref, **about))

    assert claimed(store, CAT) == [report]


def test_what_was_not_sent_is_found_to_be_put_back(store, asked):
    assert to_return(store, CAT) == [asked.occasion.id]
    assert to_return(store, MMRC) == to_return(store) == []


def test_what_a_patient_may_have_stays(store, asked):
    outbox = table_of(OutboxRow)
    with store.write(asked.clinic_id, asked.actor) as tx:
        tx.scope.connection.execute(update(outbox).where(outbox.c.id == asked.message_id).values(in_doubt=True))

    assert to_return(store, CAT) == []


def test_what_a_patient_has_stays(store, asked):
    store_taken(store, asked.message_id)

    assert to_return(store, CAT) == []


def test_what_is_under_way_stays(store, asked):
    claimed(store)

    assert to_return(store, CAT) == []


def test_a_slot_is_returned_as_if_it_had_never_been_opened(store, asked):
    series = a_series(asked.enrolment.id, n=2, period_months=3)
    first, second, third = (a_slot(series, asked.patient_ref, k=k) for k in range(3))
    with store.write(asked.clinic_id, asked.actor) as tx:
        tx.schedule.add_series(series)
        for slot in (first, second, third):
            tx.schedule.add_slot(slot)
        tx.schedule.cancel_slot(first.id)
        tx.schedule.open_slot(second.id, asked.occasion.id, asked_by="kol-free|2.0.0")

    with store.write(asked.clinic_id, asked.actor) as tx:
        returned = [tx.schedule.return_slot(second), tx.schedule.return_slot(second)]
        left = {slot.k: slot for slot in tx.schedule.slots_of(asked.enrolment.id) if slot.series_id == series.id}

    assert returned == [True, False]
    assert {k: slot.state for k, slot in left.items()} == {0: SlotState.CANCELLED, 1: SlotState.PLANNED}
    assert (left[1].occasion_id, left[1].asked_by) == (None, None)
