"""Series and slots: numbered, each time once, moved on by conditional updates."""

from dataclasses import replace
from datetime import timedelta

import pytest

from delivery.schedule import EnrolmentState, SlotState
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import SeriesId
from tests.builders import CLINIC_ID, NOW, OTHER_CLINIC_ID, a_series, a_slot, an_enrolment, an_occasion
from tests.stored import store_asked, store_clinic, store_patient

DAY = timedelta(days=1)


@pytest.fixture
def planned(store):
    """A patient with two enrolments: the first has a series of three slots, the second one slot on the second day."""
    actor = store_clinic(store)
    ref = store_patient(store, actor)
    first, second = an_enrolment(ref), an_enrolment(ref, package="LRS")
    series, other = a_series(first.id, period_months=1), a_series(second.id)
    slots = [a_slot(series, ref, k=k, due_at=NOW + k * DAY) for k in (2, 0, 1)]
    slots.append(a_slot(other, ref, due_at=NOW + DAY))
    with store.write(CLINIC_ID, actor) as tx:
        for enrolment in (first, second):
            tx.enrolments.add(enrolment)
        for one in (series, other):
            tx.schedule.add_series(one)
        for slot in slots:
            tx.schedule.add_slot(slot)
    return actor, ref, series, sorted(slots, key=lambda slot: (slot.due_at, slot.id))


def test_series_are_numbered_once(store):
    asked = store_asked(store)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.schedule.add_series(a_series(asked.enrolment.id, n=1))


def test_a_series_may_ask_no_more_than_an_earlier_occasion_left(store):
    asked = store_asked(store)
    rest = a_series(asked.enrolment.id, n=2, reason=f"rest:{asked.slot.id}", ask=("mmrc", "cat"))

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.schedule.add_series(rest)
        assert tx.schedule.series(rest.id) == rest


def test_a_series_runs_until_it_ends_and_ends_once(store):
    asked = store_asked(store)
    later = a_series(asked.enrolment.id, n=2, occasion_kind="periodic", period_months=6)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.schedule.add_series(later)
        assert tx.schedule.running_series(asked.enrolment.id) == (asked.series, later)
        assert tx.schedule.end_series(asked.series.id, NOW + DAY)
        assert not tx.schedule.end_series(asked.series.id, NOW + 2 * DAY)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.schedule.running_series(asked.enrolment.id) == (later,)
        assert tx.schedule.series(asked.series.id) == replace(asked.series, ended_at=NOW + DAY)
        assert tx.schedule.all_series(asked.enrolment.id) == (replace(asked.series, ended_at=NOW + DAY), later)
        with pytest.raises(NotFoundError):
            tx.schedule.series(SeriesId("unknown"))


def test_each_time_of_a_series_exists_once(store):
    asked = store_asked(store)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.schedule.add_slot(a_slot(asked.series, asked.patient_ref, k=0, due_at=NOW + DAY))


def test_planned_slots_come_soonest_first(store, planned):
    actor, _ref, series, slots = planned

    with store.read(CLINIC_ID, actor) as tx:
        mine = tuple(slot for slot in slots if slot.series_id == series.id)
        assert tx.schedule.planned_slots(series.enrolment_id) == mine
        assert tx.schedule.slots_of(series.enrolment_id) == mine
        assert tx.schedule.last_slot(series.id) == mine[-1]
        assert tx.schedule.last_slot(SeriesId("unknown")) is None


@pytest.mark.parametrize(
    ("before", "count"),
    [(NOW - timedelta(microseconds=1), 0), (NOW, 1), (NOW + DAY, 3), (NOW + 2 * DAY, 4)],
    ids=["before the first", "the first", "two more", "all"],
)
def test_slots_are_due_from_their_moment_on_over_all_packages(store, planned, before, count):
    actor, ref, _series, slots = planned

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.schedule.due_slots([ref], before) == tuple(slots[:count])


@pytest.mark.parametrize("state", [EnrolmentState.PAUSED, EnrolmentState.ENDED])
def test_slots_of_an_enrolment_that_is_not_active_are_not_due(store, state):
    actor = store_clinic(store)
    ref = store_patient(store, actor)
    enrolment = an_enrolment(ref, state=state)
    series = a_series(enrolment.id)
    with store.write(CLINIC_ID, actor) as tx:
        tx.enrolments.add(enrolment)
        tx.schedule.add_series(series)
        tx.schedule.add_slot(a_slot(series, ref))

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.schedule.due_slots([ref], NOW) == ()


def test_planned_slots_of_several_patients_change_together(store, planned):
    actor, ref, _series, slots = planned
    occasion = an_occasion(ref)
    changed = (
        replace(slots[0], state=SlotState.OPEN, occasion_id=occasion.id, asked_by="kol-free|2.0.0"),
        replace(slots[1], due_at=NOW + 9 * DAY),
        replace(slots[2], state=SlotState.CANCELLED),
    )

    with store.write(CLINIC_ID, actor) as tx:
        tx.occasions.add(occasion, "a" * 64)
        tx.schedule.change_planned(changed)
        tx.schedule.change_planned(())

    with store.read(CLINIC_ID, actor) as tx:
        found = [slot for one in {slot.enrolment_id for slot in slots} for slot in tx.schedule.slots_of(one)]
    assert {slot.id: slot for slot in found} == {slot.id: slot for slot in (*changed, slots[3])}


def test_one_slot_that_is_planned_no_more_keeps_all_of_them_from_changing(store, planned):
    actor, _ref, _series, slots = planned
    with store.write(CLINIC_ID, actor) as tx:
        tx.schedule.cancel_slot(slots[1].id)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, actor) as tx:
        tx.schedule.change_planned([replace(slot, due_at=NOW + 9 * DAY) for slot in slots[:2]])

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.schedule.due_slots([slots[0].patient_ref], NOW) == (slots[0],)


def test_a_slot_of_another_clinic_is_not_planned_here(store):
    asked = store_asked(store)
    slot = a_slot(asked.series, asked.patient_ref, k=1)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.schedule.add_slot(slot)
    stranger = store_clinic(store, OTHER_CLINIC_ID)

    with pytest.raises(ConflictError), store.write(OTHER_CLINIC_ID, stranger) as tx:
        tx.schedule.change_planned([slot])


def test_a_slot_is_opened_once_and_closed_with_its_occasion(store, planned):
    actor, ref, _series, slots = planned
    occasion = an_occasion(ref)

    with store.write(CLINIC_ID, actor) as tx:
        tx.occasions.add(occasion, "a" * 64)
        assert tx.schedule.open_slot(slots[1].id, occasion.id)
        assert tx.schedule.open_slot(slots[0].id, occasion.id)
        assert not tx.schedule.open_slot(slots[0].id, occasion.id)
        opened = tx.schedule.of_occasion(occasion.id)
        closed = tx.schedule.close_slots(occasion.id, SlotState.ANSWERED)
        again = tx.schedule.close_slots(occasion.id, SlotState.EXPIRED)

    expected = [replace(slot, state=SlotState.OPEN, occasion_id=occasion.id) for slot in slots[:2]]
    assert opened == tuple(expected)
    assert closed == tuple(replace(slot, state=SlotState.ANSWERED) for slot in expected)
    assert again == ()


def test_an_open_slot_belongs_to_an_occasion(store):
    asked = store_asked(store)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.schedule.add_slot(a_slot(asked.series, asked.patient_ref, k=1, state=SlotState.OPEN))


def test_only_what_is_still_to_come_is_cancelled(store, planned):
    actor, ref, series, slots = planned
    occasion = an_occasion(ref)
    first = next(slot for slot in slots if slot.k == 0 and slot.series_id == series.id)

    with store.write(CLINIC_ID, actor) as tx:
        tx.occasions.add(occasion, "a" * 64)
        tx.schedule.open_slot(first.id, occasion.id)
        assert tx.schedule.cancel_planned(series.id) == 2
        states = [slot.state for slot in tx.schedule.slots_of(series.enrolment_id)]

    assert states == [SlotState.OPEN, SlotState.CANCELLED, SlotState.CANCELLED]
