from datetime import UTC, date, datetime, timedelta

import pytest

from delivery.schedule import OccasionState, RequestState, SlotState
from kernel.errors import NotOpenError
from tests.contract.doors import cat

KOL_FORMS = ["kol-status", "mmrc", "cat", "shk-draft"]


def slots(way, enrolled, kinds=("start", "periodic")):
    with way.look() as tx:
        found = [
            slot
            for slot in tx.schedule.slots_of(enrolled.enrolment_id)
            if tx.schedule.series(slot.series_id).occasion_kind in kinds
        ]
    return sorted(found, key=lambda slot: (slot.nominal_date, slot.k))


def test_a_due_slot_opens_one_occasion_with_one_request_per_questionnaire_in_order(way):
    enrolled = way.enrolled()

    assert way.open_due() == 1
    assert way.open_due() == 0

    assert list(way.asked(enrolled)) == KOL_FORMS
    occasion = way.occasion(enrolled)
    assert occasion.state is OccasionState.OPEN
    assert occasion.expires_at - occasion.opened_at == timedelta(days=21)


def test_an_occasion_is_complete_with_its_last_answer(way):
    enrolled = way.enrolled()
    way.open_due()

    way.answer_all(enrolled)

    assert way.occasion(enrolled).state is OccasionState.COMPLETED
    assert slots(way, enrolled)[0].state is SlotState.ANSWERED


def test_what_is_not_answered_in_time_expires_and_takes_no_late_answer(way):
    enrolled = way.enrolled()
    way.open_due()
    request = way.asked(enrolled)["cat"]

    way.clock.move(days=21, seconds=-1)
    assert way.expire() == 0
    way.clock.move(seconds=1)
    with pytest.raises(NotOpenError, match="too late"):
        way.answer(cat(request.id))
    assert way.expire() == 1
    assert way.expire() == 0

    assert way.occasion(enrolled).state is OccasionState.EXPIRED
    assert {one.state for one in way.asked(enrolled).values()} == {RequestState.EXPIRED}
    assert slots(way, enrolled)[0].state is SlotState.EXPIRED
    with pytest.raises(NotOpenError, match="too late"):
        way.answer(cat(request.id))


def test_an_open_occasion_holds_the_next_one_back(way):
    way.enrolled(start=date(2027, 1, 11))
    way.open_due()
    way.clock.move(days=200)

    assert way.open_due() == 0
    way.expire()
    assert way.open_due() == 1


def test_months_of_silence_collapse_to_the_newest_slot_and_every_slot_is_accounted_for(way):
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled)
    way.clock.at = way.clock.at.replace(year=2029, month=1, day=20)

    assert way.open_due() == 1
    assert way.open_due() == 0

    states = [(slot.nominal_date, slot.state) for slot in slots(way, enrolled)]
    assert states == [
        (date(2027, 1, 11), SlotState.ANSWERED),
        (date(2027, 7, 11), SlotState.CANCELLED),
        (date(2028, 1, 11), SlotState.CANCELLED),
        (date(2028, 7, 11), SlotState.CANCELLED),
        (date(2029, 1, 11), SlotState.OPEN),
        (date(2029, 7, 11), SlotState.PLANNED),
    ]


@pytest.mark.parametrize(("hours", "k"), [(-1, 1), (0, 2)], ids=["an hour before the next is due", "when it is due"])
def test_a_slot_is_asked_until_the_next_of_its_series_is_due(way, hours, k):
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled)
    # The clinic's window is always open, so a slot is due when its Danish date begins: here in winter time.
    way.clock.at = datetime(2028, 1, 10, 23, tzinfo=UTC) + timedelta(hours=hours)

    assert way.open_due() == 1

    (opened,) = [slot for slot in slots(way, enrolled) if slot.state is SlotState.OPEN]
    assert opened.k == k


@pytest.mark.parametrize(("level", "months"), [(1, 12), (2, 6), (3, 3)])
def test_a_decided_level_ends_the_running_series_and_counts_from_the_decision(way, level, months):
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled)
    way.clock.move(days=3)

    way.decided(enrolled, level=level)

    with way.look() as tx:
        running = [one for one in tx.schedule.running_series(enrolled.enrolment_id) if one.occasion_kind == "periodic"]
    assert [(one.anchor, one.period_months) for one in running] == [(date(2027, 1, 14), months)]
    assert [slot.state for slot in slots(way, enrolled)].count(SlotState.PLANNED) == 1
    expected = date(2027, 1, 14).replace(year=2028) if months == 12 else date(2027, 1 + months, 14)
    with way.look() as tx:
        (planned,) = [
            slot for slot in tx.schedule.planned_slots(enrolled.enrolment_id) if slot.series_id == running[0].id
        ]
    assert planned.nominal_date == expected


def test_no_decision_means_the_undecided_interval(way):
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled)
    way.clock.at = way.clock.at.replace(month=7, day=11)

    assert way.open_due() == 1
    assert slots(way, enrolled)[-1].nominal_date == date(2028, 1, 11)
