"""Laws of the schedule, against an oracle written from the calendar's own rules."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from delivery.parties import Window
from delivery.recurrence import danish_date, due_at, next_open, nominal_date

EVERY_DAY = [date(2026, 1, 1) + timedelta(days=n) for n in range((date(2041, 1, 1) - date(2026, 1, 1)).days)]
"""2026 to 2040, both clock changes of each year included."""

OFFICE = Window()
ALL_HOURS = Window(opens=0, closes=1440, weekdays=frozenset(range(1, 8)), on_holidays=True)
EVENINGS = Window(opens=16 * 60, closes=21 * 60, weekdays=frozenset({2, 4, 6}), quiet_before_closure=0)
NIGHTS = Window(opens=60, closes=4 * 60, weekdays=frozenset(range(1, 8)), on_holidays=True)
GAP_ONLY = Window(opens=2 * 60, closes=3 * 60, weekdays=frozenset({7}), on_holidays=True, quiet_before_closure=0)
WINDOWS = [
    pytest.param(OFFICE, id="office hours"),
    pytest.param(ALL_HOURS, id="round the clock"),
    pytest.param(EVENINGS, id="three evenings"),
    pytest.param(NIGHTS, id="every night, over the clock changes"),
    pytest.param(GAP_ONLY, id="only the hour that the spring change takes away"),
]


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus in its Meeus/Jones/Butcher form."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month, day = divmod(h + el - 7 * m + 114, 31)
    return date(year, month, day + 1)


def danish_closed_days(year: int) -> set[date]:
    """The Danish public holidays since 2024 (without Store Bededag), and the days on which clinics close too."""
    from_easter = (-3, -2, 0, 1, 39, 49, 50)
    fixed = ((1, 1), (12, 25), (12, 26), (5, 1), (6, 5), (12, 24), (12, 31))
    movable = {easter(year) + timedelta(days=days) for days in from_easter}
    return movable | {date(year, month, day) for month, day in fixed}


def last_sunday(year: int, month: int) -> date:
    end = date(year, month, 31)
    return end - timedelta(days=end.isoweekday() % 7)


def danish_wall(moment: datetime) -> datetime:
    """Danish wall time by the European rule: UTC+1, and UTC+2 between the last Sundays of March and October, 01 UTC."""
    summer = [
        datetime.combine(last_sunday(moment.year, month), datetime.min.time(), UTC) + timedelta(hours=1)
        for month in (3, 10)
    ]
    hours = 2 if summer[0] <= moment < summer[1] else 1
    return (moment + timedelta(hours=hours)).replace(tzinfo=None)


def is_open(day: date, window: Window) -> bool:
    return day.isoweekday() in window.weekdays and (window.on_holidays or day not in danish_closed_days(day.year))


def lies_inside(moment: datetime, window: Window) -> bool:
    wall = danish_wall(moment)
    minute = wall.hour * 60 + wall.minute
    quiet = window.quiet_before_closure if not is_open(wall.date() + timedelta(days=1), window) else 0
    return is_open(wall.date(), window) and window.opens <= minute < window.closes - quiet


def nominal_by_hand(anchor: date, months: int) -> date:
    """Count months on the fingers, then step back from the end of the month until the day exists."""
    year, month = anchor.year, anchor.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = anchor.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


@pytest.mark.parametrize("window", WINDOWS)
def test_every_day_of_fifteen_years_leads_into_the_window_and_never_back(window):
    for day in EVERY_DAY:
        moment = due_at(day, window, "enrolment-1")

        assert moment.tzinfo is UTC
        assert lies_inside(moment, window), day
        assert danish_wall(moment).date() >= day


@pytest.mark.parametrize("window", [pytest.param(OFFICE, id="office"), pytest.param(EVENINGS, id="evenings")])
def test_no_open_day_is_passed_over(window):
    for day in EVERY_DAY:
        first_open = day
        while not is_open(first_open, window):
            first_open += timedelta(days=1)

        assert danish_wall(due_at(day, window, "enrolment-2")).date() == first_open


def test_the_same_patient_is_asked_at_the_same_wall_time_all_year():
    days = [day for day in EVERY_DAY if is_open(day, OFFICE) and is_open(day + timedelta(days=1), OFFICE)]

    times = {danish_wall(due_at(day, OFFICE, "enrolment-3")).time() for day in days}

    assert len(times) == 1


def test_a_window_round_the_clock_begins_each_danish_day_without_spread():
    for day in EVERY_DAY:
        assert danish_wall(due_at(day, ALL_HOURS, "any")) == datetime.combine(day, datetime.min.time())


def test_the_date_in_denmark_follows_the_european_rule_at_every_hour_of_each_change():
    for year in range(2026, 2041):
        for month in (3, 10):
            start = datetime.combine(last_sunday(year, month), datetime.min.time(), UTC) - timedelta(hours=3)
            for minutes in range(0, 30 * 60, 15):
                moment = start + timedelta(minutes=minutes)
                assert danish_date(moment) == danish_wall(moment).date()


@pytest.mark.parametrize("window", WINDOWS)
def test_the_next_open_moment_is_inside_and_an_open_one_is_kept(window):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for hours in range(0, 24 * 366 * 2, 7):
        moment = start + timedelta(hours=hours)

        opening = next_open(moment, window)

        assert opening >= moment
        assert lies_inside(opening, window)
        assert (opening == moment) == lies_inside(moment, window)


@given(
    anchor=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    k=st.integers(0, 40),
    period=st.sampled_from([1, 2, 3, 6, 12]),
)
@example(anchor=date(2026, 1, 31), k=1, period=1)
@example(anchor=date(2028, 2, 29), k=1, period=12)
@example(anchor=date(2027, 11, 30), k=1, period=3)
def test_the_kth_date_is_counted_from_the_anchor_and_clamped(anchor, k, period):
    assert nominal_date(anchor, k, period) == nominal_by_hand(anchor, k * period)


@given(seeds=st.lists(st.uuids().map(str), min_size=200, max_size=200, unique=True))
def test_patients_are_spread_over_the_window(seeds):
    day = date(2026, 11, 17)

    hours = {danish_wall(due_at(day, OFFICE, seed)).hour for seed in seeds}

    assert hours == set(range(9, 18))


@given(seed=st.text(min_size=1), day=st.dates(date(2026, 1, 1), date(2040, 12, 31)))
def test_the_same_seed_gives_the_same_moment(seed, day):
    assert due_at(day, OFFICE, seed) == due_at(day, OFFICE, seed)
