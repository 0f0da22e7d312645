"""Dates of a FHIR search: every precision, every prefix, and what is no date."""

from datetime import UTC, datetime

import pytest

from store.records import Interval
from web.fhir.dates import intervals


def utc(year, month, day, hour=0, minute=0, second=0, microsecond=0):
    return datetime(year, month, day, hour, minute, second, microsecond, UTC)


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2026", utc(2025, 12, 31, 23), utc(2026, 12, 31, 23)),
        ("2026-07", utc(2026, 6, 30, 22), utc(2026, 7, 31, 22)),
        ("2026-12", utc(2026, 11, 30, 23), utc(2026, 12, 31, 23)),
        ("2026-11-20", utc(2026, 11, 19, 23), utc(2026, 11, 20, 23)),
        ("2026-03-29", utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),
        ("2026-11-20T12:30Z", utc(2026, 11, 20, 12, 30), utc(2026, 11, 20, 12, 31)),
        ("2026-11-20T12:30:15+01:00", utc(2026, 11, 20, 11, 30, 15), utc(2026, 11, 20, 11, 30, 16)),
        ("2026-11-20T12:30:15 01:00", utc(2026, 11, 20, 11, 30, 15), utc(2026, 11, 20, 11, 30, 16)),
        ("2026-11-20T12:30:15-02:30", utc(2026, 11, 20, 15, 0, 15), utc(2026, 11, 20, 15, 0, 16)),
        ("2026-11-20T12:30:15.25Z", utc(2026, 11, 20, 12, 30, 15, 250000), utc(2026, 11, 20, 12, 30, 15, 251000)),
    ],
)
def test_a_date_is_the_stretch_of_time_that_it_names_in_denmark_or_its_own_zone(value, start, end):
    assert intervals(value) == (Interval(start, end),)


START, END = utc(2026, 11, 19, 23), utc(2026, 11, 20, 23)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("eq", (Interval(START, END),)),
        ("ne", (Interval(None, START), Interval(END, None))),
        ("gt", (Interval(END, None),)),
        ("sa", (Interval(END, None),)),
        ("ge", (Interval(START, None),)),
        ("lt", (Interval(None, START),)),
        ("eb", (Interval(None, START),)),
        ("le", (Interval(None, END),)),
    ],
)
def test_a_prefix_says_on_which_side(prefix, expected):
    assert intervals(f"{prefix}2026-11-20") == expected


@pytest.mark.parametrize(
    "value",
    ["", "x", "26", "2026-13", "2026-02-30", "2026-11-20T12", "2026-11-20T12:30", "2026-11-20T25:00Z", "ap2026",
     "xx2026", "2026-11-20T12:30:15.1234567Z", "0000", "9999", "2026-11-20T12:30+99:00", "2026-1-1", "GE2026"],
)  # fmt: skip
def test_what_is_no_date_or_prefix_is_refused(value):
    with pytest.raises(ValueError, match=r"not a|year|month|day|hour|offset|out of range"):
        intervals(value)
