"""When the clinic reads: by opening hours and closures, and never earlier than a red is escalated."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from delivery.contact_advice import load_contact_advice
from delivery.parties import Window
from delivery.reading import Within, opening_hours, reading_at

ADVICE = load_contact_advice()
WINDOW = Window()
"""Patients are written to from 9 to 18 on weekdays; the telephone is answered from 8 to 16."""
WITHIN = Within(answer=timedelta(hours=8), danger=timedelta(hours=2))
UNSENT = timedelta(minutes=30)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Copenhagen"))


def reading(moment, *, closed=(), window=WINDOW):
    window = replace(window, closed=frozenset(closed))
    return reading_at(at(moment), WITHIN, window, opening_hours(ADVICE, window), unsent=UNSENT)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param("2026-11-23T10:00", "2026-11-24T10:00", id="two hours of the next morning are missing"),
        pytest.param("2026-11-23T08:00", "2026-11-23T17:00", id="the window opens an hour after the telephone"),
        pytest.param("2026-11-20T15:59", "2026-11-23T15:59", id="a minute before the weekend"),
        pytest.param("2026-11-21T12:00", "2026-11-23T17:00", id="Saturday"),
    ],
)
def test_an_answer_is_seen_when_the_clinic_has_been_open_for_so_long(moment, expected):
    assert reading(moment).by == at(expected)


@pytest.mark.parametrize(
    ("moment", "closed", "expected"),
    [
        pytest.param("2026-11-23T07:00", (), "2026-11-23T11:00", id="before both open the later clock counts"),
        pytest.param("2026-11-23T10:00", (), "2026-11-23T12:00", id="both are open"),
        pytest.param("2026-11-23T15:30", (), "2026-11-24T09:30", id="the telephone closes first"),
        pytest.param("2026-11-23T15:30", ("2026-11-24",), "2026-11-25T09:30", id="the clinic is closed next day"),
        pytest.param("2026-12-23T18:00", (), "2026-12-28T11:00", id="over Christmas and its weekend"),
    ],
)
def test_a_danger_answer_is_seen_within_the_limit_of_a_red(moment, closed, expected):
    assert reading(moment, closed=[date.fromisoformat(day) for day in closed]).danger_by == at(expected)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T07:59:59", False),
        ("2026-11-23T08:00:00", True),
        ("2026-11-23T15:59:59", True),
        ("2026-11-23T16:00:00", False),
        ("2026-11-22T10:00:00", False),
        ("2026-12-24T10:00:00", False),
    ],
)
def test_the_clinic_is_open_while_it_answers_the_telephone(moment, is_open):
    assert reading(moment).is_open is is_open


def test_a_closure_of_its_own_closes_the_clinic():
    assert not reading("2026-11-23T10:00", closed=[date(2026, 11, 23)]).is_open


def test_a_clinic_that_writes_at_all_hours_promises_nothing_before_it_opens():
    round_the_clock = Window(opens=0, closes=24 * 60, weekdays=frozenset(range(1, 8)), on_holidays=True)

    assert reading("2026-11-21T12:00", window=round_the_clock).danger_by == at("2026-11-23T10:00")
