"""Danish calendar, clock and opening hours by sums on whole numbers, written from the rules and not from the service.

Nothing of the service is used here, and nothing that the service uses: no zoneinfo, dateutil, holidays or datetime.
A day is counted from 1 January 1970, a minute from its midnight in UTC.

Sources: Easter by the anonymous Gregorian rule (Meeus, Astronomical Algorithms, ch. 8); the public holidays without
Store Bededag, which was abolished from 2024; summer time by directive 2000/84/EC, articles 2 and 3: from the last
Sunday of March to the last Sunday of October, 01:00 UTC both.
"""

from collections.abc import Container
from dataclasses import dataclass
from functools import cache

Day = tuple[int, int, int]
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SUNDAY = 6
MINUTES_A_DAY = 24 * 60


def is_leap(year: int) -> bool:
    """Tell a leap year of the Gregorian calendar."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def length_of_month(year: int, month: int) -> int:
    """Count the days of a month."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def number_of(day: Day) -> int:
    """Count the days from 1 January 1970, one year and one month after the other."""
    year, month, of_month = day
    return _before(year, month) + of_month - 1


@cache
def _before(year: int, month: int) -> int:
    years = sum(366 if is_leap(before) else 365 for before in range(1970, year))
    return years + sum(length_of_month(year, before) for before in range(1, month))


def weekday(number: int) -> int:
    """Give the day of the week, Monday 0: 1 January 1970 was a Thursday."""
    return (number + 3) % 7


def k_th_date(anchor: Day, *, months: int, k: int) -> int:
    """Count k whole periods from the anchor; a day that the month lacks becomes its last."""
    year, month, of_month = anchor
    whole = year * 12 + (month - 1) + months * k
    year, month = whole // 12, whole % 12 + 1
    return number_of((year, month, min(of_month, length_of_month(year, month))))


def easter(year: int) -> int:
    """Find Easter Sunday."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    whole = h + m - 7 * n + 114
    return number_of((year, whole // 31, whole % 31 + 1))


def public_holidays(year: int) -> frozenset[int]:
    """Name the ten public holidays of a year after 2023."""
    moving = {easter(year) + after for after in (-3, -2, 0, 1, 39, 49, 50)}
    return frozenset(moving | {number_of((year, month, day)) for month, day in ((1, 1), (12, 25), (12, 26))})


def optional_days(year: int) -> frozenset[int]:
    """Name the four days on which many keep closed by custom or by agreement."""
    return frozenset(number_of((year, month, day)) for month, day in ((5, 1), (6, 5), (12, 24), (12, 31)))


def change_of(year: int, month: int) -> int:
    """Find the minute at which the clock changes in March or October."""
    last = number_of((year, month, 31))
    return (last - (weekday(last) - _SUNDAY) % 7) * MINUTES_A_DAY + 60


def offset_at(minute: int, year: int) -> int:
    """Give the minutes by which Danish wall time is ahead of UTC; `year` is the Danish one."""
    return 120 if change_of(year, 3) <= minute < change_of(year, 10) else 60


def minute_of(number: int, wall: int, year: int) -> int:
    """Turn a Danish wall time to UTC: the earlier where there are two, the end of the gap where there is none."""
    local = number * MINUTES_A_DAY + wall
    readings = [local - offset for offset in (120, 60) if offset_at(local - offset, year) == offset]
    return min(readings) if readings else change_of(year, 3)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a clinic may write.

    Args:
        weekdays: Monday 0.
        opens: minute of the wall clock.
        closes: minute of the wall clock; that minute itself is too late.
        quiet: minutes before closing in which nobody writes when the next day is closed, unless nothing would be left.
        closed: days of the public calendar, or the clinic's own, on which it is closed.
    """

    weekdays: frozenset[int]
    opens: int
    closes: int
    quiet: int
    closed: Container[int]

    def is_open_on(self, number: int) -> bool:
        """Tell whether the clinic writes on that day at all."""
        return weekday(number) in self.weekdays and number not in self.closed

    def ends_on(self, number: int) -> int:
        """Tell up to which minute it writes on an open day."""
        early = self.closes - self.quiet
        return self.closes if early <= self.opens or self.is_open_on(number + 1) else early

    def holds(self, number: int, wall: int) -> bool:
        """Tell whether a wall time lies within."""
        return self.is_open_on(number) and self.opens <= wall < self.ends_on(number)


def first_open_day(hours: Hours, number: int) -> int:
    """Move forward, one day after the other, to the first open one."""
    while not hours.is_open_on(number):
        number += 1
    return number


def wall_of(minute: int, year: int) -> tuple[int, int]:
    """Read the Danish clock: the day, and the minute of the wall clock."""
    return divmod(minute + offset_at(minute, year), MINUTES_A_DAY)


def open_minutes(hours: Hours, minutes: range, year: int) -> list[int]:
    """List the minutes at which the Danish clock shows a time within the hours, asked one after the other."""
    return [minute for minute in minutes if hours.holds(*wall_of(minute, year))]
