"""Named dates of the schedule; the laws stand in tests/property."""

from datetime import UTC, date, datetime

import pytest

from delivery.parties import Window
from delivery.recurrence import due_at, next_open, nominal_date

EVERY_NIGHT = Window(opens=2 * 60 + 30, closes=4 * 60, weekdays=frozenset(range(1, 8)), on_holidays=True)
ROUND_THE_CLOCK = Window(opens=0, closes=1440, weekdays=frozenset(range(1, 8)), on_holidays=True)


@pytest.mark.parametrize(
    ("k", "expected"),
    [(0, date(2026, 1, 31)), (1, date(2026, 2, 28)), (2, date(2026, 3, 31)), (3, date(2026, 4, 30))],
)
def test_a_series_from_the_31st_comes_back_to_the_31st(k, expected):
    assert nominal_date(date(2026, 1, 31), k, 1) == expected


def test_a_period_of_none_has_only_its_anchor():
    assert nominal_date(date(2026, 1, 31), 0, 0) == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("k", "period"), [pytest.param(1, 0, id="no second date"), pytest.param(-1, 3, id="k"), pytest.param(1, -3, id="p")]
)
def test_a_date_that_the_series_does_not_have_is_refused(k, period):
    with pytest.raises(ValueError, match="no date number"):
        nominal_date(date(2026, 1, 31), k, period)


@pytest.mark.parametrize(
    ("nominal", "asked"),
    [
        pytest.param(date(2026, 11, 20), date(2026, 11, 20), id="friday stays"),
        pytest.param(date(2026, 11, 21), date(2026, 11, 23), id="saturday to monday"),
        pytest.param(date(2026, 12, 24), date(2026, 12, 28), id="christmas"),
        pytest.param(date(2026, 12, 31), date(2027, 1, 4), id="new year"),
        pytest.param(date(2027, 3, 25), date(2027, 3, 30), id="easter"),
        pytest.param(date(2026, 5, 1), date(2026, 5, 4), id="first of may, when clinics close"),
        pytest.param(date(2026, 5, 15), date(2026, 5, 15), id="the day after Ascension is open"),
        pytest.param(date(2027, 4, 23), date(2027, 4, 23), id="Store Bededag is a working day since 2024"),
    ],
)
def test_a_closed_day_moves_forward(nominal, asked):
    assert due_at(nominal, Window(), "seed").date() == asked


def test_a_wall_time_that_does_not_exist_is_the_end_of_the_gap():
    just_before_three = Window(opens=150, closes=181, weekdays=frozenset({7}), on_holidays=True, quiet_before_closure=0)

    moments = {due_at(date(2027, 3, 28), just_before_three, str(seed)) for seed in range(300)}

    # 02:30 to 02:59 do not exist on that day; only the minute from 03:00, which is 01:00 UTC, is left of the window.
    assert min(moments) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert max(moments) < datetime(2027, 3, 28, 1, 1, tzinfo=UTC)


def test_a_wall_time_that_comes_twice_is_the_first():
    assert next_open(datetime(2026, 10, 25, 0, 0, tzinfo=UTC), EVERY_NIGHT) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_nobody_is_written_to_in_the_last_hours_before_a_closed_day():
    friday_evening = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

    assert next_open(friday_evening, Window()) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert next_open(datetime(2026, 11, 20, 14, 59, tzinfo=UTC), Window()).date() == date(2026, 11, 20)


def test_a_quiet_time_longer_than_the_window_leaves_the_window():
    short = Window(opens=600, closes=660, weekdays=frozenset({3}), quiet_before_closure=120)

    assert due_at(date(2026, 11, 18), short, "seed").date() == date(2026, 11, 18)


@pytest.mark.parametrize(
    "window",
    [
        pytest.param(Window(weekdays=frozenset()), id="no weekday"),
        pytest.param(Window(weekdays=frozenset({0, 8})), id="no such weekday"),
        pytest.param(Window(opens=600, closes=600), id="no minute"),
        pytest.param(Window(opens=-1, closes=600), id="before midnight"),
        pytest.param(Window(opens=600, closes=1441), id="after midnight"),
    ],
)
def test_a_window_that_is_never_open_is_refused(window):
    with pytest.raises(ValueError, match="never open"):
        due_at(date(2026, 11, 20), window, "seed")
    with pytest.raises(ValueError, match="never open"):
        next_open(datetime(2026, 11, 20, tzinfo=UTC), window)
