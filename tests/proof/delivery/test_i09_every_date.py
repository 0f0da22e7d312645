"""I9: every date from 2026 to 2040, every period and both folds, against an oracle that counts days and minutes.

Quick: every fifth anchor, two patients in each window, and every quarter of an hour around the changes of the clock.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from delivery.parties import Window
from delivery.recurrence import danish_date, danish_midnight, due_at, is_open_day, next_open, nominal_date
from tests.oracle import danish_time as oracle
from tests.proof.extent import extent

YEARS = range(2026, 2041)
DATES = [date(2026, 1, 1) + timedelta(days=n) for n in range((date(2041, 1, 1) - date(2026, 1, 1)).days)]
CHANGES = [(year, month) for year in YEARS for month in (3, 10)]
PUBLIC = frozenset().union(*(oracle.public_holidays(year) for year in range(2026, 2043)))
OPTIONAL = frozenset().union(*(oracle.optional_days(year) for year in range(2026, 2043)))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVERY_DAY = frozenset(range(1, 8))
SEEDS = [f"enrolment-{n}" for n in range(extent(2, 5))]
SUMMER = frozenset(date(year, 7, 1) + timedelta(days=n) for year in YEARS for n in range(21))
"""A clinic that is closed the first three weeks of July."""
WINDOWS = {
    "office hours": Window(),
    "open on optional days": Window(on_optional_days=True),
    "closed in summer": Window(closed=SUMMER),
    "closed in summer, else always open": Window(0, 1440, EVERY_DAY, on_holidays=True, closed=SUMMER),
    "round the clock": Window(0, 1440, EVERY_DAY, on_holidays=True),
    "three evenings": Window(16 * 60, 21 * 60, frozenset({2, 4, 6}), quiet_before_closure=0),
    "every night over both changes": Window(60, 4 * 60, EVERY_DAY, on_holidays=True),
    "from within the hour of both changes": Window(150, 240, EVERY_DAY, on_holidays=True),
    "up to within the hour of both changes": Window(60, 150, EVERY_DAY, on_holidays=True),
    "the hour of the changes on sundays": Window(120, 180, frozenset({7}), on_holidays=True),
}
PERIODS = (1, 2, 3, 6, 12)


@cache
def hours_of(window: Window) -> oracle.Hours:
    weekdays = frozenset(day - 1 for day in window.weekdays)
    closed = frozenset() if window.on_holidays else PUBLIC if window.on_optional_days else PUBLIC | OPTIONAL
    own = frozenset(map(number, window.closed))
    return oracle.Hours(weekdays, window.opens, window.closes, window.quiet_before_closure, closed | own)


def number(day: date) -> int:
    return oracle.number_of((day.year, day.month, day.day))


def moment(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=minute)


@pytest.mark.parametrize("period", PERIODS)
def test_the_kth_date_of_every_anchor_is_the_oracles(ledger, period):
    asked = [(anchor, k) for anchor in DATES[:: extent(5, 1)] for k in range(1 + 36 // period)]
    other = [one for one in asked if number(nominal_date(*one, period)) != kth(*one, period)]

    ledger.add("I9 k-th dates", months=period, dates=len(asked), other_than_the_oracle=len(other))
    assert other == []


def kth(anchor: date, k: int, period: int) -> int:
    return oracle.k_th_date((anchor.year, anchor.month, anchor.day), months=period, k=k)


def test_every_date_begins_at_the_oracles_minute_and_is_that_date_until_the_next_begins():
    for day in DATES:
        begins = moment(oracle.minute_of(number(day), 0, day.year))

        assert danish_midnight(day) == begins
        assert danish_date(begins) == day
        assert danish_date(begins - timedelta(seconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_every_date_is_open_or_closed_as_the_oracle_says(window):
    hours = hours_of(window)

    assert [is_open_day(day, window) for day in DATES] == [hours.is_open_on(number(day)) for day in DATES]


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_every_date_is_asked_on_the_oracles_day_within_the_hours(ledger, request, window):
    hours, outside, other = hours_of(window), [], []
    for day in DATES:
        expected = oracle.first_open_day(hours, number(day))
        for seed in SEEDS:
            asked = due_at(day, window, seed)
            on, wall = oracle.wall_of(int((asked - EPOCH) / timedelta(minutes=1)), asked.year)
            outside += [] if hours.holds(on, wall) else [(day, seed)]
            is_right = on == expected or is_shifted_out(hours, expected, usual_second(window, seed) // 60)
            other += [] if is_right else [(day, seed)]

    asked_for = len(DATES) * len(SEEDS)
    name = request.node.callspec.id
    ledger.add("I9 windows", window=name, dates=asked_for, outside=len(outside), other_than_the_oracle=len(other))
    assert (outside, other) == ([], [])


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_wall_time_stays_all_year_but_in_quiet_hours_and_where_there_is_none(window, seed):
    hours = hours_of(window)
    usual = usual_second(window, seed)
    for day in DATES:
        asked = due_at(day, window, seed)
        on, _ = oracle.wall_of(int((asked - EPOCH) / timedelta(minutes=1)), asked.year)
        if usual < hours.ends_on(on) * 60:
            minute = oracle.minute_of(on, usual // 60, asked.year)
            exists = oracle.wall_of(minute, asked.year)[1] == usual // 60

            assert asked == moment(minute) + timedelta(seconds=usual % 60 if exists else 0), day


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize(("year", "month"), CHANGES)
def test_around_each_change_of_the_clock_the_next_open_moment_is_the_oracles(year, month, window):
    change = oracle.change_of(year, month)
    open_now = oracle.open_minutes(hours_of(window), range(change - 2 * 1440, change + 9 * 1440), year)
    following = iter(open_now)
    opening = next(following)
    for minute in range(change - 2 * 1440, change + 1440, extent(15, 5)):
        while opening < minute:
            opening = next(following)

        assert next_open(moment(minute), window) == moment(opening), moment(minute)


def test_the_oracle_itself_gives_the_dates_that_are_printed_in_calendars():
    assert [oracle.easter(year) for year in (2026, 2027, 2038)] == [
        oracle.number_of(day) for day in ((2026, 4, 5), (2027, 3, 28), (2038, 4, 25))
    ]
    assert moment(oracle.change_of(2027, 3)) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert moment(oracle.change_of(2026, 10)) == datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert len(oracle.public_holidays(2027)) == 10
    assert oracle.number_of((2027, 4, 23)) not in oracle.public_holidays(2027), "Store Bededag is gone"


def is_shifted_out(hours: oracle.Hours, day: int, wall: int) -> bool:
    """Tell whether the patient's time does not exist on that day and the end of the gap is too late."""
    year = (EPOCH + timedelta(days=day)).year
    return not hours.holds(*oracle.wall_of(oracle.minute_of(day, wall, year), year))


@cache
def usual_second(window: Window, seed: str) -> int:
    """Read off the second of the day at which a patient is asked on a day before an open one, far from any change."""
    hours = hours_of(window)
    days = map(number, DATES)
    day = next(one for one in days if hours.is_open_on(one) and hours.ends_on(one) == hours.closes)
    asked = due_at(DATES[day - number(DATES[0])], window, seed)
    return int((asked - moment(day * 1440)).total_seconds()) + 3600
