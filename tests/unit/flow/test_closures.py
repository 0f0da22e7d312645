"""A clinic's own closures: nobody is written to on them or shortly before, and what was planned is not doubled."""

from datetime import UTC, date, datetime, timedelta

import pytest

from delivery.outbox import MessageKind
from delivery.parties import Window
from delivery.recurrence import COPENHAGEN, due_at
from flow.clinic_hours import ArrangeClinic
from flow.enrol import EnrolmentOrder
from security.actor import Role
from tests.builders import CLINIC_ID, NOW, a_clinic, an_actor, an_agreement, an_opt_in
from tests.way import Way

MONDAY = NOW.date()
OPERATOR = an_actor(Role.OPERATOR)


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    with store.write(CLINIC_ID, OPERATOR) as tx:
        tx.clinics.add(a_clinic(window=Window(quiet_before_closure=0)))
        tx.agreements.agree(an_agreement())
        tx.clinics.add_opt_in(an_opt_in())
    return way


def close(way, *days):
    return ArrangeClinic(way.store).close(OPERATOR, days)


def first_due(way):
    return way.enrolled().first_due_at.astimezone(COPENHAGEN).date()


def test_a_slot_is_planned_past_the_closures(way):
    close(way, MONDAY, MONDAY + timedelta(days=1))

    assert first_due(way) == MONDAY + timedelta(days=2)


def test_a_closure_that_is_taken_back_is_a_day_like_any_other(way):
    assert close(way, MONDAY) == 1
    assert close(way, MONDAY) == 0
    assert ArrangeClinic(way.store).reopen(OPERATOR, [MONDAY, MONDAY + timedelta(days=9)]) == 1

    assert first_due(way) == MONDAY


def test_what_was_planned_before_leaves_once_on_the_next_open_day(way):
    enrolled = way.enrolled()
    close(way, MONDAY, MONDAY + timedelta(days=1))
    for hours in range(60):
        # A patient's time may be the last second before the clinic's day ends.
        for moment in (NOW + timedelta(hours=hours, seconds=-1), NOW + timedelta(hours=hours)):
            way.clock.at = max(moment, NOW)
            way.open_due()
            way.dispatch()

    ((_, invitation),) = way.channel.taken.items()
    with way.look() as tx:
        sent = tx.outbox.of_occasion(invitation.occasion_id)
    assert [one.kind for one in sent] == [MessageKind.INVITATION, MessageKind.REMINDER, MessageKind.REMINDER]
    assert sent[0].due_at.astimezone(COPENHAGEN).date() == date(2027, 1, 13)
    assert way.occasion(enrolled).id == invitation.occasion_id


def test_a_closure_longer_than_an_occasion_leaves_the_patient_all_the_time_to_answer(way):
    enrolled = way.enrolled()
    close(way, *(MONDAY + timedelta(days=n) for n in range(30)))
    for day in range(30):
        way.clock.at = enrolled.first_due_at + timedelta(days=day)
        assert (way.open_due(), way.expire()) == (0, 0)
    with way.look() as tx:
        first, *_ = tx.schedule.planned_slots(enrolled.enrolment_id)
    way.clock.at = first.due_at
    assert way.open_due() == 1

    occasion = way.occasion(enrolled)
    assert occasion.opened_at.astimezone(COPENHAGEN).date() == MONDAY + timedelta(days=30)
    assert occasion.expires_at - occasion.opened_at == timedelta(days=21)
    way.dispatch()
    assert len(way.channel.taken) == 1


def test_who_is_put_off_again_and_again_does_not_get_the_same_second_each_day(way):
    enrolled = way.enrolled()
    planned = set()
    for day in range(8):
        # A worker that is late every evening meets the patient when the day is over.
        way.clock.at = datetime(2027, 1, 11, 22, 30, tzinfo=COPENHAGEN) + timedelta(days=day)
        way.open_due()
        with way.look() as tx:
            first, *_ = tx.schedule.planned_slots(enrolled.enrolment_id)
        planned.add(first.due_at.astimezone(COPENHAGEN).time())

    assert len(planned) > 4


def test_who_waited_for_the_end_of_a_closure_is_spread_over_the_day(way):
    for number in range(8):
        way.enrol(way.system, EnrolmentOrder(f"010190-1AA{number}", f"Person {number}", "KOL"))
    close(way, MONDAY)
    way.clock.at = NOW + timedelta(hours=9)
    way.open_due()
    with way.look() as tx:
        planned = [slot for one in tx.enrolments.all(10) for slot in tx.schedule.planned_slots(one.id)]

    tuesday = [slot.due_at for slot in planned if slot.due_at.date() == MONDAY + timedelta(days=1)]
    assert len(set(tuesday)) == 8


def test_a_message_that_is_due_already_waits_for_the_end_of_a_closure(way):
    enrolled = way.enrolled()
    way.clock.at = enrolled.first_due_at
    way.open_due()
    close(way, MONDAY)

    way.dispatch()

    assert way.channel.taken == {}
    way.clock.at = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)
    way.dispatch()
    assert len(way.channel.taken) == 1


def test_a_reminder_is_planned_past_the_closures(way):
    enrolled = way.enrolled()
    close(way, *(MONDAY + timedelta(days=n) for n in range(3, 12)))
    way.clock.at = enrolled.first_due_at
    way.open_due()
    way.dispatch()

    with way.look() as tx:
        _, *reminders = tx.outbox.of_occasion(way.occasion(enrolled).id)
    days = {one.due_at.astimezone(COPENHAGEN).date() for one in reminders}
    assert (len(reminders), days) == (1, {date(2027, 1, 25)}), "both reminders fall together, so one is left"


@pytest.mark.parametrize(("is_open", "expected"), [(False, date(2028, 1, 3)), (True, date(2027, 12, 31))])
def test_optional_days_are_open_or_closed_as_the_clinic_says(way, is_open, expected):
    ArrangeClinic(way.store).open_on_optional_days(OPERATOR, is_open=is_open)
    new_years_eve = date(2027, 12, 31)

    with way.look() as tx:
        due = due_at(new_years_eve, tx.window, "seed")

    assert due.astimezone(COPENHAGEN).date() == expected


def test_closures_of_another_clinic_are_its_own(way, store):
    close(way, MONDAY)

    with store.read(CLINIC_ID, OPERATOR) as tx:
        assert tx.clinics.closures() == (MONDAY,)
        assert tx.window.closed == {MONDAY}
