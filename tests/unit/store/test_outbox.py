"""The outbox of a clinic: places in lanes, superseding, cancelling."""

from datetime import timedelta

import pytest

from delivery.outbox import Message, MessageKind, MessageState
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import MessageId, PatientRef, ResponseId
from tests.builders import CLINIC_ID, NOW, OTHER_CLINIC_ID, a_message
from tests.stored import store_asked

LANE = "plan/enrolment-1"
HOUR = timedelta(hours=1)


def test_a_message_comes_back_as_it_was_added(store):
    asked = store_asked(store)
    new = a_message(asked.patient_ref, lane=LANE, expires_at=NOW + HOUR, enrolment_id=asked.enrolment.id)

    with store.write(CLINIC_ID, asked.actor) as tx:
        message_id = tx.outbox.add(new)
        found = tx.outbox.get(message_id)

    assert found == Message(
        id=message_id,
        clinic_id=CLINIC_ID,
        kind=MessageKind.INVITATION,
        lane=LANE,
        sequence=1,
        target="webpatient",
        state=MessageState.DUE,
        due_at=NOW,
        expires_at=NOW + HOUR,
        attempts=0,
        fence=0,
        patient_ref=asked.patient_ref,
        enrolment_id=asked.enrolment.id,
    )


def test_messages_queue_up_in_their_lane_and_lanes_of_two_clinics_are_two(store):
    one, other = store_asked(store), store_asked(store, OTHER_CLINIC_ID)

    places = []
    for asked in (one, one, other):
        with store.write(asked.clinic_id, asked.actor) as tx:
            message_id = tx.outbox.add(a_message(asked.patient_ref, lane=LANE))
            places.append(tx.outbox.get(message_id).sequence)

    assert places == [1, 2, 1]


def test_the_first_messages_of_new_lanes_are_added_together_and_a_lane_has_one_first(store):
    asked = store_asked(store)
    firsts = [a_message(asked.patient_ref, lane=lane, due_at=NOW + HOUR) for lane in ("one", "two")]

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.outbox.add_first(firsts)
        second = tx.outbox.get(tx.outbox.add(a_message(asked.patient_ref, lane="one")))
    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.outbox.add_first([a_message(asked.patient_ref, lane=lane) for lane in ("three", "two")])

    assert second.sequence == 2
    with store.queue() as queue:
        claimed = queue.claim("w1", NOW + HOUR, NOW + 2 * HOUR, 9)
    assert sorted((one.lane, one.sequence) for one in claimed if one.lane in ("one", "two", "three")) == [
        ("one", 1),
        ("two", 1),
    ]


def test_a_newer_report_supersedes_older_ones_that_nobody_is_sending(store):
    asked = store_asked(store)
    report = {"kind": MessageKind.PLAN_REPORT, "lane": LANE, "target": "flp"}
    with store.write(CLINIC_ID, asked.actor) as tx:
        leased = tx.outbox.add(a_message(asked.patient_ref, **report, due_at=NOW - HOUR))
    with store.queue() as queue:
        assert [message.id for message in queue.claim("w1", NOW, NOW + HOUR, 1)] == [leased]

    with store.write(CLINIC_ID, asked.actor) as tx:
        waiting = tx.outbox.add(a_message(asked.patient_ref, **report))
        other_kind = tx.outbox.add(a_message(asked.patient_ref, lane=LANE))
        other_lane = tx.outbox.add(a_message(asked.patient_ref, **{**report, "lane": "plan/enrolment-2"}))
        newest = tx.outbox.add(a_message(asked.patient_ref, **report, supersedes=True))
        states = [tx.outbox.get(one).state for one in (leased, waiting, other_kind, other_lane, newest)]

    due, superseded = MessageState.DUE, MessageState.SUPERSEDED
    assert states == [MessageState.LEASED, superseded, due, due, due]


def test_messages_are_listed_by_enrolment_and_by_occasion(store):
    asked = store_asked(store)
    with store.write(CLINIC_ID, asked.actor) as tx:
        report = tx.outbox.add(a_message(asked.patient_ref, enrolment_id=asked.enrolment.id))
        tx.outbox.add(a_message(asked.patient_ref))

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert [message.id for message in tx.outbox.of_enrolment(asked.enrolment.id)] == [asked.message_id, report]
        assert [message.id for message in tx.outbox.of_occasion(asked.occasion.id)] == [asked.message_id]


@pytest.mark.parametrize("is_leased", [False, True], ids=["waiting", "being sent"])
def test_what_an_occasion_still_had_to_send_is_cancelled(store, is_leased):
    asked = store_asked(store)
    if is_leased:
        with store.queue() as queue:
            queue.claim("w1", NOW, NOW + HOUR, 1)

    with store.write(CLINIC_ID, asked.actor) as tx:
        assert tx.outbox.cancel_open(asked.occasion.id) == 1
        assert tx.outbox.cancel_open(asked.occasion.id) == 0
        assert tx.outbox.get(asked.message_id).state is MessageState.CANCELLED


def test_a_message_belongs_to_somebody_and_to_things_that_are_there(store):
    asked = store_asked(store)

    for broken in (
        a_message(PatientRef("unknown")),
        a_message(asked.patient_ref, response_id=ResponseId("unknown")),
    ):
        with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
            tx.outbox.add(broken)


def test_an_unknown_message_is_not_found(store):
    asked = store_asked(store)

    with store.read(CLINIC_ID, asked.actor) as tx, pytest.raises(NotFoundError):
        tx.outbox.get(MessageId("unknown"))
