"""A date as a FHIR search writes it: a stretch of time of some precision, behind a prefix."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType

from dateutil.relativedelta import relativedelta

from delivery.recurrence import danish_midnight
from store.records import Interval

DATE = re.compile(
    r"(?P<prefix>[a-z]{2})?(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>\.[0-9]{1,6})?)?"
    r"(?:(?P<utc>Z)|(?P<sign>[+ -])(?P<zone_h>[0-9]{2}):(?P<zone_m>[0-9]{2})))?)?)?"
)
PREFIXES: Mapping[str, Callable[[datetime, datetime], tuple[Interval, ...]]] = MappingProxyType(
    {
        "eq": lambda start, end: (Interval(start, end),),
        "ne": lambda start, end: (Interval(None, start), Interval(end, None)),
        "gt": lambda _start, end: (Interval(end, None),),
        "sa": lambda _start, end: (Interval(end, None),),
        "ge": lambda start, _end: (Interval(start, None),),
        "lt": lambda start, _end: (Interval(None, start),),
        "eb": lambda start, _end: (Interval(None, start),),
        "le": lambda _start, end: (Interval(None, end),),
    }
)
"""Prefix -> the stretches of time in which a moment matches; `ap` would have us guess."""


def intervals(value: str) -> tuple[Interval, ...]:
    """Read one date of a search; a date without a time is a Danish one.

    Raises:
        ValueError: it is no date, or has a prefix that is not supported.

    Source: FHIR R4, search, "prefixes" and "date".
    """
    match = DATE.fullmatch(value)
    if match is None:
        raise ValueError("not a date")
    parts = match.groupdict()
    prefix = parts["prefix"] or "eq"
    if prefix not in PREFIXES:
        raise ValueError("not a prefix")
    try:
        start, end = _timed(parts) if parts["hour"] else _dated(parts)
    except OverflowError as error:
        raise ValueError("not a date") from error
    return PREFIXES[prefix](start, end)


def _dated(parts: Mapping[str, str | None]) -> tuple[datetime, datetime]:
    first = date(int(parts["year"] or 0), int(parts["month"] or 1), int(parts["day"] or 1))
    return danish_midnight(first), danish_midnight(first + _precision(parts))


def _precision(parts: Mapping[str, str | None]) -> relativedelta:
    if parts["day"]:
        return relativedelta(days=1)
    return relativedelta(months=1) if parts["month"] else relativedelta(years=1)


def _timed(parts: Mapping[str, str | None]) -> tuple[datetime, datetime]:
    numbers = [int(parts[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
    fraction = parts["fraction"] or ""
    start = datetime(*numbers, tzinfo=_zone(parts)) + timedelta(seconds=float(fraction or 0))  # type: ignore[arg-type,misc]  # six numbers
    if fraction:
        precision = timedelta(milliseconds=1)
    else:
        precision = timedelta(seconds=1) if parts["second"] else timedelta(minutes=1)
    return start.astimezone(UTC), (start + precision).astimezone(UTC)


def _zone(parts: Mapping[str, str | None]) -> timezone:
    if parts["utc"]:
        return UTC
    offset = timedelta(hours=int(parts["zone_h"] or 0), minutes=int(parts["zone_m"] or 0))
    # A plus that was not escaped in an address arrives as a space.
    return timezone(-offset if parts["sign"] == "-" else offset)
