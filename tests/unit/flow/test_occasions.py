"""Occasions over packages: one invitation, each questionnaire once, within the caps, and nothing asked twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from delivery.schedule import OccasionState, SlotState
from flow.order import When
from tests.season import a_season

KOL_FORMS = ["kol-status", "mmrc", "cat"]
LRS_FORMS = ["lrs-flags", "nrs-pain", "rmdq23"]


@pytest.fixture
def way(store, clock, keyring):
    return a_season(store, clock, keyring)


def at(way, day):
    way.clock.at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def answered(way, enrolled):
    way.open_due()
    way.skip_all(enrolled)


def test_one_patient_with_both_packages_gets_one_invitation_and_shared_questionnaires_once(way):
    kol, lrs = way.both()

    assert way.open_due() == 1
    assert way.open_due() == 0
    while way.dispatch():
        pass

    assert len(way.channel.taken) == 1
    # 1 + 8 + 7 + 9 = 25 counted items; the pain scale would be the 26th.
    assert way.forms(kol) == ["kol-status", "lrs-flags", "mmrc", "cat", "shk-draft", "startback"]
    assert way.occasion(kol) == way.occasion(lrs)
    assert not way.occasion(kol).counted


def test_what_did_not_fit_is_asked_14_days_later_with_the_safety_screen(way):
    _, lrs = way.both()
    answered(way, lrs)
    way.clock.move(days=13)
    assert way.open_due() == 0

    way.clock.move(days=1)
    assert way.open_due() == 1

    # The day-14 function form is due with it; nrs-pain is asked once for both.
    assert way.forms(lrs) == ["lrs-flags", "nrs-pain", "rmdq23"]
    assert way.states(lrs, "start") == [SlotState.ANSWERED, SlotState.OPEN]
    assert way.states(lrs, "start-function") == [SlotState.OPEN]


def test_an_answered_occasion_counts_for_all_its_slots(way):
    kol, lrs = way.both()

    answered(way, kol)

    assert way.occasion(kol).state is OccasionState.COMPLETED
    assert way.states(kol, "start") == [SlotState.ANSWERED]
    assert way.states(lrs, "start")[0] is SlotState.ANSWERED


def test_the_day_14_form_asks_again_what_the_start_asked(way):
    lrs = way.enrolled(package="LRS")
    answered(way, lrs)
    way.clock.move(days=14)

    assert way.open_due() == 1

    assert way.forms(lrs) == LRS_FORMS


def test_a_questionnaire_answered_within_its_validity_is_not_asked_again(way):
    kol = way.enrolled()
    answered(way, kol)
    at(way, date(2027, 6, 25))
    way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)
    way.skip_all(kol)
    at(way, date(2027, 7, 11))

    # 16 days later cat and mmrc are valid (30 days); the safety screen says nothing of today.
    assert way.open_due() == 1

    assert way.forms(kol) == ["kol-status"]


def test_a_slot_whose_answers_are_all_there_counts_as_answered(way):
    kol = way.enrolled()
    answered(way, kol)
    at(way, date(2027, 6, 30))
    way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)
    assert way.forms(kol) == KOL_FORMS
    assert way.states(kol, "periodic") == [SlotState.OPEN, SlotState.PLANNED]


def test_an_extra_answer_satisfies_the_periodic_slot(way):
    kol = way.enrolled()
    answered(way, kol)
    at(way, date(2027, 6, 26))
    way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)
    assert way.states(kol, "periodic") == [SlotState.PLANNED]
    way.clock.move(days=4)
    way.skip_all(kol)
    at(way, date(2027, 7, 13))

    assert way.open_due() == 0

    assert way.states(kol, "periodic") == [SlotState.ANSWERED, SlotState.PLANNED]
    assert way.slots(kol, "periodic")[0].occasion_id == way.occasion(kol).id


def test_last_times_answer_does_not_stand_for_this_time(way):
    kol = way.enrolled()
    answered(way, kol)
    way.decided(kol, level=3)
    for month in (4, 7, 10):
        at(way, date(2027, month, 11 + (month == 4)))
        assert way.open_due() == 1
        assert set(KOL_FORMS) <= set(way.forms(kol))
        way.skip_all(kol)


def test_health_literacy_is_asked_once_a_year_over_both_packages(way):
    kol = way.enrolled()
    answered(way, kol)
    way.clock.move(days=90)
    lrs = way.enrolled(package="LRS")

    way.open_due()

    assert way.forms(lrs) == ["lrs-flags", "startback", "nrs-pain"]


def test_the_yearly_form_joins_the_periodic_occasion(way):
    kol = way.enrolled()
    answered(way, kol)
    at(way, date(2027, 7, 12))
    answered(way, kol)
    at(way, date(2028, 1, 11))

    assert way.open_due() == 1

    assert way.forms(kol) == [*KOL_FORMS, "shk-draft"]


def test_an_appointment_replaces_the_periodic_occasion_due_within_60_days(way):
    kol = way.enrolled()
    answered(way, kol)
    at(way, date(2027, 5, 13))
    slot = way.appointment(way.doctor, kol.enrolment_id, date(2027, 5, 27))
    assert slot.nominal_date == date(2027, 5, 13)

    assert way.open_due() == 1
    way.skip_all(kol)

    # 13 May to 11 July is 59 days.
    assert way.states(kol, "periodic") == [SlotState.ANSWERED, SlotState.PLANNED]
    assert way.slots(kol, "periodic")[1].nominal_date == date(2028, 1, 11)
    assert way.occasion(kol).counted


def test_an_appointment_that_was_over_before_it_could_be_asked_about_is_cancelled(way):
    kol = way.enrolled()
    way.open_due()
    way.appointment(way.doctor, kol.enrolment_id, date(2027, 1, 12))
    way.clock.move(days=21)
    way.expire()

    assert way.open_due() == 0

    assert way.states(kol, "before-appointment") == [SlotState.CANCELLED]


def test_after_a_discharge_the_questionnaires_come_7_days_later_on_top_of_the_caps(way):
    kol = way.enrolled()
    answered(way, kol)
    way.clock.move(days=2)
    slot = way.discharge(way.doctor, kol.enrolment_id, date(2027, 1, 12))
    assert slot.nominal_date == date(2027, 1, 19)
    way.clock.move(days=6)

    assert way.open_due() == 1

    assert way.forms(kol) == KOL_FORMS
    assert not way.occasion(kol).counted


def test_the_control_month_comes_every_year_and_replaces_the_periodic_occasion(way):
    kol = way.enrolled()
    answered(way, kol)
    way.control_month(way.doctor, kol.enrolment_id, 6)
    at(way, date(2027, 6, 1))

    assert way.open_due() == 1

    assert [slot.nominal_date for slot in way.slots(kol, "control-month")] == [date(2027, 6, 1), date(2028, 6, 1)]
    assert way.states(kol, "periodic") == [SlotState.OPEN, SlotState.PLANNED]


def test_another_control_month_takes_the_place_of_the_first(way):
    kol = way.enrolled()
    way.control_month(way.doctor, kol.enrolment_id, 6)
    way.control_month(way.doctor, kol.enrolment_id, 6)
    way.control_month(way.doctor, kol.enrolment_id, 1)
    assert way.control_month(way.doctor, kol.enrolment_id, None).control_month is None

    assert [slot.nominal_date for slot in way.slots(kol, "control-month")] == [date(2027, 1, 11), date(2027, 6, 1)]
    assert set(way.states(kol, "control-month")) == {SlotState.CANCELLED}


def test_not_answered_is_a_state_of_its_own_and_the_next_slot_comes(way):
    kol = way.enrolled()
    way.open_due()
    way.clock.move(days=21)
    way.expire()

    assert way.states(kol, "start") == [SlotState.EXPIRED]
    assert way.occasion(kol).state is OccasionState.EXPIRED
    at(way, date(2027, 7, 12))
    assert way.open_due() == 1


def test_a_decision_may_name_the_day_of_the_next_occasion_and_open_a_new_episode(way):
    lrs = way.enrolled(package="LRS")
    answered(way, lrs)
    at(way, date(2027, 1, 25))
    answered(way, lrs)
    way.clock.move(days=1)

    way.decided(lrs, level=2, next_due=date(2027, 5, 3), new_episode=True)

    assert [(one.nominal_date, one.state) for one in way.slots(lrs, "periodic")] == [
        (date(2027, 5, 3), SlotState.PLANNED),
        (date(2027, 7, 11), SlotState.CANCELLED),
    ]
    assert way.states(lrs, "needs-yearly") == [SlotState.PLANNED]
    assert way.open_due() == 1
    assert way.forms(lrs) == ["lrs-flags", "startback", "nrs-pain"]
    way.skip_all(lrs)
    at(way, date(2027, 5, 3))
    assert way.open_due() == 1
    assert way.slots(lrs, "periodic")[-1].nominal_date == date(2027, 11, 3)


def test_no_two_occasions_are_open_and_what_waits_comes_when_the_first_is_closed(way):
    kol = way.enrolled()
    way.open_due()
    lrs = way.enrolled(package="LRS")
    assert way.open_due() == 0
    way.skip_all(kol)

    assert way.open_due() == 1

    assert way.forms(lrs) == ["lrs-flags", "startback", "nrs-pain"]
    assert way.occasion(lrs).opened_at - way.clock.now() == timedelta()
