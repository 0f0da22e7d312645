"""When reminders are due: 3 and 7 days after the invitation was taken, in the clinic's hours (assumption A24)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from delivery.parties import Window
from delivery.recurrence import COPENHAGEN, days_later
from delivery.reminder import chain_of, reminders

TUESDAY = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
NEVER = TUESDAY + timedelta(days=900)
OFFICE = Window()


def planned(taken_at, days=(3, 7), window=OFFICE, expires_at=NEVER):
    return reminders(taken_at, days, window, expires_at=expires_at, seed="occasion-1")


def test_reminders_come_so_many_days_after_the_invitation_was_taken_at_the_same_wall_time():
    assert planned(TUESDAY) == ((1, TUESDAY + timedelta(days=3)), (2, TUESDAY + timedelta(days=7)))


@pytest.mark.parametrize(
    ("taken_at", "first"),
    [
        pytest.param(datetime(2027, 3, 24, 9, 30, tzinfo=UTC), datetime(2027, 3, 31, 8, 30, tzinfo=UTC), id="spring"),
        pytest.param(datetime(2026, 10, 21, 8, 30, tzinfo=UTC), datetime(2026, 10, 28, 9, 30, tzinfo=UTC), id="autumn"),
    ],
)
def test_a_change_of_the_clock_between_moves_no_reminder(taken_at, first):
    assert planned(taken_at, days=(7,)) == ((1, first),)


def test_a_reminder_whose_day_is_closed_is_due_on_the_next_open_day_within_the_hours():
    wednesday = datetime(2027, 1, 13, 9, 30, tzinfo=UTC)

    ((_, due),) = planned(wednesday, days=(3,))

    local = due.astimezone(COPENHAGEN)
    assert local.date() == date(2027, 1, 18), "Saturday to Monday"
    assert 9 <= local.hour < 18


def test_reminders_that_a_closure_moves_to_one_day_become_one():
    before_christmas = datetime(2026, 12, 20, 9, 30, tzinfo=UTC)

    ((number, due),) = planned(before_christmas, days=(4, 6))

    assert (number, due.astimezone(COPENHAGEN).date()) == (2, date(2026, 12, 28))


def test_nobody_is_reminded_of_what_can_no_longer_be_answered():
    third_day = TUESDAY + timedelta(days=3)

    assert planned(TUESDAY, expires_at=third_day) == ()
    assert planned(TUESDAY, expires_at=third_day + timedelta(seconds=1)) == ((1, third_day),)


def test_a_programme_without_reminders_reminds_nobody():
    assert planned(TUESDAY, days=()) == ()


def test_of_several_chains_the_shortest_is_taken_and_nobody_is_reminded_twice_as_often():
    assert chain_of([(3, 7), (5,)]) == (5,)
    assert chain_of([(3, 7), (4, 8)]) == (3, 7)
    assert chain_of([]) == ()


def test_a_wall_time_after_closing_waits_for_the_next_open_day():
    evening = datetime(2027, 1, 12, 19, 0, tzinfo=UTC)

    due = days_later(evening, 1, OFFICE, "occasion-1")

    assert due.astimezone(COPENHAGEN).date() == date(2027, 1, 14), "the 13th is over at eight in the evening"
    assert days_later(evening, 3, OFFICE, "occasion-1").astimezone(COPENHAGEN).date() == date(2027, 1, 18)


def test_a_wall_time_before_opening_waits_for_the_hours_of_the_same_day():
    early = datetime(2027, 1, 12, 6, 0, tzinfo=UTC)

    due = days_later(early, 1, OFFICE, "occasion-1").astimezone(COPENHAGEN)

    assert (due.date(), 9 <= due.hour < 18) == (date(2027, 1, 13), True)
