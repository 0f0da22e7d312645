"""Laws of the schedule between the dates: the next open moment of a whole year, and how patients are spread."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.parties import Window
from delivery.recurrence import COPENHAGEN, due_at, next_open
from tests.oracle import danish_time as oracle
from tests.proof.delivery.test_i09_every_date import EPOCH, WINDOWS, hours_of

OFFICE = Window()


def lies_inside(moment: datetime, window: Window) -> bool:
    minute = int((moment - EPOCH) / timedelta(minutes=1))
    # In the last hour of the year UTC it is next year in Denmark; the clocks of both are winter's.
    return hours_of(window).holds(*oracle.wall_of(minute, moment.year))


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_the_next_open_moment_is_inside_and_an_open_one_is_kept(window):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for hours in range(0, 24 * 366 * 2, 7):
        moment = start + timedelta(hours=hours)

        opening = next_open(moment, window)

        assert opening >= moment
        assert lies_inside(opening, window)
        assert (opening == moment) == lies_inside(moment, window)


@given(seeds=st.lists(st.uuids().map(str), min_size=200, max_size=200, unique=True))
def test_patients_are_spread_over_the_window(seeds):
    day = date(2026, 11, 17)

    hours = {due_at(day, OFFICE, seed).astimezone(COPENHAGEN).hour for seed in seeds}

    assert hours == set(range(9, 18))


@given(seeds=st.lists(st.uuids().map(str), min_size=200, max_size=200, unique=True))
def test_patients_are_spread_over_what_is_left_before_a_closed_day(seeds):
    friday = date(2026, 11, 20)

    hours = {due_at(friday, OFFICE, seed).astimezone(COPENHAGEN).hour for seed in seeds}

    assert hours == set(range(9, 16))


@given(seed=st.text(min_size=1), day=st.dates(date(2026, 1, 1), date(2040, 12, 31)))
def test_the_same_seed_gives_the_same_moment(seed, day):
    assert due_at(day, OFFICE, seed) == due_at(day, OFFICE, seed)
