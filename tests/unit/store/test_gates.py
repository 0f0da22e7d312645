"""The gate: nothing becomes due and nothing is claimed for a patient who may not be written to."""

from datetime import date, timedelta

import pytest

from delivery.channels.clinic import ClinicChannel
from delivery.outbox import MessageKind
from delivery.patient_status import CLINIC_CHANNEL, StatusFeed, StatusKind, StatusReport
from tests.builders import (
    CLINIC_ID,
    NANCY,
    NOW,
    OTHER_CLINIC_ID,
    SVERRE,
    a_message,
    a_series,
    a_slot,
    an_enrolment,
)
from tests.stored import store_clinic, store_patient

DAY = date(2027, 1, 10)
STOPPING = [kind for kind in StatusKind if kind is not StatusKind.DIGITAL]


@pytest.fixture
def clinic(store):
    actor = store_clinic(store)
    return actor, store_patient(store, actor)


def known(store, clinic, kind, *, value, since=DAY):
    actor, ref = clinic
    with store.write(actor.clinic_id, actor) as tx:
        tx.statuses.record(ref, StatusReport(kind, value, since), "cpr")


def planned(store, clinic, *, channel="webpatient"):
    actor, ref = clinic
    enrolment = an_enrolment(ref, channel=channel)
    series = a_series(enrolment.id)
    with store.write(actor.clinic_id, actor) as tx:
        tx.enrolments.add(enrolment)
        tx.schedule.add_series(series)
        tx.schedule.add_slot(a_slot(series, ref))
    return enrolment


def waiting(store, clinic, **message):
    actor, ref = clinic
    with store.write(actor.clinic_id, actor) as tx:
        return tx.outbox.add(a_message(ref, **message))


def due(store):
    with store.survey() as survey:
        return [ref for _, ref in survey.due_patients(NOW, 10)]


def claimed(store):
    with store.queue() as queue:
        return [message.id for message in queue.claim("w1", NOW, NOW, 10)]


@pytest.mark.parametrize("kind", STOPPING)
def test_what_stops_a_patient_holds_slots_and_messages_until_it_is_over(store, clinic, kind):
    planned(store, clinic)
    message = waiting(store, clinic)
    known(store, clinic, kind, value=True)

    assert due(store) == []
    assert claimed(store) == []

    known(store, clinic, kind, value=False)
    assert due(store) == [clinic[1]]
    assert claimed(store) == [message]


@pytest.mark.parametrize(("channel", "is_reached"), [("webpatient", False), ("minlaege", False), ("clinic", True)])
def test_who_is_not_digital_is_reached_by_the_clinic_alone(store, clinic, channel, is_reached):
    planned(store, clinic, channel=channel)
    waiting(store, clinic, target=channel)
    known(store, clinic, StatusKind.DIGITAL, value=False)

    assert (len(due(store)), len(claimed(store))) == (is_reached, is_reached)


def test_what_goes_to_a_plan_is_no_writing_to_the_patient(store, clinic):
    report = waiting(store, clinic, kind=MessageKind.PLAN_REPORT, target="flp")
    known(store, clinic, StatusKind.DEAD, value=True)

    assert claimed(store) == [report]


def test_a_gate_closes_for_one_patient_of_one_clinic(store, clinic):
    actor, _ = clinic
    neighbour = (actor, store_patient(store, actor, SVERRE, "Sverre"))
    other = store_clinic(store, OTHER_CLINIC_ID)
    elsewhere = (other, store_patient(store, other, NANCY))
    for one in (clinic, neighbour, elsewhere):
        planned(store, one)
    known(store, clinic, StatusKind.DEAD, value=True)

    assert set(due(store)) == {neighbour[1], elsewhere[1]}


def test_what_was_known_becomes_history_and_one_row_is_current(store, clinic):
    for value in (True, False, True):
        known(store, clinic, StatusKind.DECLINED, value=value)

    with store.read(CLINIC_ID, clinic[0]) as tx:
        current = tx.statuses.of(clinic[1])
        history = tx.statuses.history(clinic[1])
    assert {kind: one.value for kind, one in current.items()} == {StatusKind.DECLINED: True}
    assert [(one.value, one.ended_at is None) for one in history] == [(True, False), (False, False), (True, True)]
    assert {(one.source, one.since) for one in history} == {("cpr", DAY)}


def test_the_gate_is_asked_for_one_patient_too(store, clinic):
    actor, ref = clinic
    with store.read(CLINIC_ID, actor) as tx:
        assert tx.statuses.may_be_written_to(ref, "webpatient")
    known(store, clinic, StatusKind.DIGITAL, value=False)
    with store.read(CLINIC_ID, actor) as tx:
        assert not tx.statuses.may_be_written_to(ref, "webpatient")
        assert tx.statuses.may_be_written_to(ref, "clinic")


def test_each_source_is_remembered_by_when_it_spoke_last(store, clinic, clock):
    first = clock.now()
    later = clock.move(hours=1)
    with store.write(CLINIC_ID, clinic[0]) as tx:
        for feed in (StatusFeed("cpr", first, 3), StatusFeed("lps", first, 1), StatusFeed("cpr", later, 0)):
            tx.statuses.heard(feed)

    with store.read(CLINIC_ID, clinic[0]) as tx:
        assert tx.statuses.feeds() == (StatusFeed("cpr", later, 0), StatusFeed("lps", first, 1))


def test_what_a_gate_holds_is_no_delay_of_ours(store, clinic):
    waiting(store, clinic, due_at=NOW - timedelta(hours=1))
    known(store, clinic, StatusKind.PROTECTED, value=True)

    with store.survey() as survey:
        assert survey.waits_since(NOW) is None


def test_the_channel_that_the_gate_leaves_open_is_the_clinic_s_own():
    assert ClinicChannel.name == CLINIC_CHANNEL
