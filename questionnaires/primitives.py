"""FHIR R4 primitive types, judged by the JSON value that came in: nothing is converted, `true` is no number."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any

MOST = 2**31 - 1
STRING = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f]+")
CODE = re.compile(r"\S+(\s\S+)*")
URI = re.compile(r"\S+")
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
OID = re.compile(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+")
UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BASE64 = re.compile(r"[0-9a-zA-Z+/]+={0,2}")
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?")
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")
MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:)([0-5][0-9]|60)(\.[0-9]+)?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)


def moment_of(text: str) -> datetime | None:
    """Read a full FHIR dateTime or instant as aware UTC; None if it is none, or lies outside the calendar.

    A leap second, which FHIR allows and Python does not, becomes the second before it.
    """
    try:
        aware = _aware(text)
        return None if aware is None else aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def wall_clock_of(text: str) -> tuple[datetime, timedelta | None]:
    """Split a full dateTime, one that `moment_of` reads, into wall clock and offset from UTC."""
    aware = _aware(text)
    assert aware is not None  # noqa: S101 - the caller has asked `moment_of`
    return aware.replace(tzinfo=None), aware.utcoffset()


def _aware(text: str) -> datetime | None:
    if MOMENT.fullmatch(text) is None:
        return None
    # Python knows no leap second, and cuts digits beyond microseconds as we want it.
    return datetime.fromisoformat(text if text[17:19] != "60" else f"{text[:17]}59{text[19:]}")


def time_of(text: str) -> time | None:
    """Read a FHIR time; None if it is none. A leap second becomes the second before it."""
    parts = TIME.fullmatch(text)
    if parts is None:
        return None
    hour, minute, second = int(text[:2]), int(text[3:5]), min(int(text[6:8]), 59)
    return time(hour, minute, second, int((text[9:15] or "0").ljust(6, "0")))


def is_date(value: Any) -> bool:
    """Tell whether it is a FHIR date, a year or month alone included."""
    if not isinstance(value, str) or not DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        return False
    return True


def is_string(value: Any) -> bool:
    """Tell whether it is a FHIR string: not empty, no control characters but tab and line ends."""
    # Printable text, which is nearly all there is, is told apart much faster than by the pattern.
    return isinstance(value, str) and ((value.isprintable() and value != "") or STRING.fullmatch(value) is not None)


def _is_whole(least: int, value: Any) -> bool:
    # `bool` is a kind of `int` to Python, so the exact type is asked.
    return type(value) is int and least <= value <= MOST


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and moment_of(value) is not None


def _is_base64(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    packed = "".join(value.split())
    return len(packed) % 4 == 0 and BASE64.fullmatch(packed) is not None


PRIMITIVES: MappingProxyType[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "boolean": lambda value: isinstance(value, bool),
        "integer": partial(_is_whole, -MOST - 1),
        "unsignedInt": partial(_is_whole, 0),
        "positiveInt": partial(_is_whole, 1),
        "decimal": lambda value: isinstance(value, Decimal) or type(value) is int,
        "string": is_string,
        "markdown": is_string,
        "xhtml": lambda value: is_string(value) and value.lstrip().startswith("<div"),
        "code": partial(_matches, CODE),
        "uri": partial(_matches, URI),
        "url": partial(_matches, URI),
        "canonical": partial(_matches, URI),
        "reference": is_string,
        "id": partial(_matches, ID),
        "oid": partial(_matches, OID),
        "uuid": partial(_matches, UUID),
        "base64Binary": _is_base64,
        "date": is_date,
        "dateTime": lambda value: is_date(value) or _is_moment(value),
        "instant": _is_moment,
        "time": partial(_matches, TIME),
    }
)
