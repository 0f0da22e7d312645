"""Dates and dateTimes of FHIR, as exact as they were written: a month is the whole month, never its first day."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from questionnaires.primitives import is_date, moment_of, wall_clock_of


@dataclass(frozen=True, slots=True)
class Dated:
    """One date or dateTime.

    Args:
        text: as it was written.
        first, last: the span it covers on the wall clock where it was written, ends included.
        offset: of that wall clock from UTC; None for a date, which has none.
    """

    text: str
    first: datetime = field(compare=False)
    last: datetime = field(compare=False)
    offset: timedelta | None = field(compare=False, default=None)


def dated_of(text: str) -> Dated | None:
    """Read a FHIR date or dateTime; None if it is none."""
    if is_date(text):
        return Dated(text, *_span(text))
    if moment_of(text) is None:
        return None
    clock, offset = wall_clock_of(text)
    return Dated(text, clock, clock, offset)


def _span(text: str) -> tuple[datetime, datetime]:
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    first = datetime(year, month or 1, day or 1)  # noqa: DTZ001 - a date has no zone
    last_month = month or 12
    last = datetime(year, last_month, day or monthrange(year, last_month)[1], 23, 59, 59, 999999)  # noqa: DTZ001
    return first, last


def is_same(left: Dated, right: Dated) -> bool:
    """Tell whether both mean the same span."""
    one, other = _spans(left, right)
    return one == other


def is_before(left: Dated, right: Dated) -> bool:
    """Tell whether the first is over, for certain, before the second begins."""
    (_, end), (start, _) = _spans(left, right)
    return end < start


def is_apart(left: Dated, right: Dated) -> bool:
    """Tell whether they differ for certain: March differs from April, and may be the 3rd of March."""
    return is_before(left, right) or is_before(right, left)


def begins_before(value: Dated, bound: Dated) -> bool:
    """Tell whether part of a value may lie before a lower bound."""
    (start, _), (least, _) = _spans(value, bound)
    return start < least


def ends_after(value: Dated, bound: Dated) -> bool:
    """Tell whether part of a value may lie after an upper bound."""
    (_, end), (_, most) = _spans(value, bound)
    return end > most


def _spans(left: Dated, right: Dated) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """Lay both on one clock: UTC where both state their offset, else the wall clock, which is all a date has."""
    if left.offset is None or right.offset is None:
        return (left.first, left.last), (right.first, right.last)
    # An offset moves a moment at the ends of the calendar out of it; `moment_of` has refused those.
    return _in_utc(left, left.offset), _in_utc(right, right.offset)


def _in_utc(value: Dated, offset: timedelta) -> tuple[datetime, datetime]:
    return value.first - offset, value.last - offset
