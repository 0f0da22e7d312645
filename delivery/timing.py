"""FHIR Timing: the strict subset that a series can keep comes in, with every invariant checked; the rest is refused."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from delivery.recurrence import nominal_date
from kernel.errors import InvalidInputError, Issue

Repeat = Mapping[str, Any]
MONTHS: Mapping[str, int] = MappingProxyType({"mo": 1, "a": 12})
"""Unit of a period -> calendar months."""
DAYS: Mapping[str, int] = MappingProxyType({"d": 1, "wk": 7})
"""Unit of a period -> days."""
TOO_SHORT = ("s", "min", "h")
UNITS = (*TOO_SHORT, *DAYS, *MONTHS)
MEALS = frozenset({"C", "CM", "CD", "CV"})
"""`when` codes that name a meal itself: an offset from one makes no sense."""
TAKEN = ("boundsPeriod", "frequency", "period", "periodUnit")
REFUSED = (
    *("id", "extension", "modifierExtension", "boundsDuration", "boundsRange", "count", "countMax", "duration"),
    *("durationMax", "durationUnit", "frequencyMax", "periodMax", "dayOfWeek", "timeOfDay", "when", "offset"),
)
"""Elements of R4 that a series has no answer to: a clinic's window says at which hour of which day it asks."""
REFUSED_AROUND = ("id", "extension", "modifierExtension", "event", "code")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """What a Timing says, once it is understood.

    Args:
        period: 1 or more.
        unit: `d`, `wk`, `mo` or `a`.
        starts: first Danish date that may be asked; None = not stated.
        ends: last one.
    """

    period: int
    unit: str
    starts: date | None = None
    ends: date | None = None

    @property
    def months(self) -> int | None:
        """Calendar months between two dates; None where days are counted."""
        return self.period * MONTHS[self.unit] if self.unit in MONTHS else None

    def date(self, anchor: date, k: int) -> date:
        """Return the k-th date, counted from the anchor; where a month is too short, its last day."""
        if self.months is not None:
            return nominal_date(anchor, k, self.months)
        return anchor + timedelta(days=k * self.period * DAYS[self.unit])


def timing_of(months: int) -> dict[str, Any]:
    """Write an interval of calendar months as a Timing."""
    return {"repeat": {"frequency": 1, "period": months, "periodUnit": "mo"}}


def read_timing(value: Any) -> Recurrence:
    """Read a Timing.

    Args:
        value: parsed JSON; whole numbers as `int`, others as `Decimal` or `float`.

    Raises:
        InvalidInputError: with every invariant that it breaks (rule `tim-1` to `tim-10`), every element that is not
            understood (`unknown-element`) and every one that this service does not keep (`not-supported`).

    Source: FHIR R4 (4.0.1), Timing; tim-3 was taken out of the standard.
    """
    issues = list(_around(value))
    repeat = value.get("repeat") if isinstance(value, dict) else None
    if isinstance(repeat, dict):
        issues += [*_elements(repeat, "Timing.repeat", TAKEN, REFUSED), *_broken(repeat), *_values(repeat)]
    elif isinstance(value, dict):
        issues.append(Issue("required", "A Timing needs a repeat.", "Timing.repeat", rule="required"))
    if issues or not isinstance(repeat, dict):
        raise InvalidInputError("The timing cannot be kept.", issues=issues)
    bounds = repeat.get("boundsPeriod", {})
    return Recurrence(int(repeat["period"]), repeat["periodUnit"], _date(bounds, "start"), _date(bounds, "end"))


def _around(value: Any) -> Iterator[Issue]:
    if isinstance(value, dict):
        yield from _elements(value, "Timing", ("repeat",), REFUSED_AROUND)
    else:
        yield Issue("structure", "A Timing is an object.", "Timing", rule="not-an-object")


def _elements(value: Repeat, where: str, taken: tuple[str, ...], refused: tuple[str, ...]) -> Iterator[Issue]:
    for name in value:
        if name in refused:
            yield Issue("not-supported", "This is not kept by a series.", f"{where}.{name}", rule="not-supported")
        elif name not in taken:
            yield Issue("structure", "There is no such element.", f"{where}.{name}", rule="unknown-element")


def _number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _not_negative(name: str) -> Callable[[Repeat], bool]:
    return lambda repeat: not _number(repeat.get(name)) or repeat[name] >= 0


def _needs(name: str, other: str) -> Callable[[Repeat], bool]:
    return lambda repeat: name not in repeat or other in repeat


def _offset_fits(repeat: Repeat) -> bool:
    when = repeat.get("when")
    return "offset" not in repeat or (isinstance(when, list) and bool(when) and not MEALS & set(map(str, when)))


INVARIANTS: tuple[tuple[str, str, str, Callable[[Repeat], bool]], ...] = (
    ("tim-1", "duration", "A duration needs its unit.", _needs("duration", "durationUnit")),
    ("tim-2", "period", "A period needs its unit.", _needs("period", "periodUnit")),
    ("tim-4", "duration", "A duration is not negative.", _not_negative("duration")),
    ("tim-5", "period", "A period is not negative.", _not_negative("period")),
    ("tim-6", "periodMax", "A longest period needs a period.", _needs("periodMax", "period")),
    ("tim-7", "durationMax", "A longest duration needs a duration.", _needs("durationMax", "duration")),
    ("tim-8", "countMax", "A highest count needs a count.", _needs("countMax", "count")),
    ("tim-9", "offset", "An offset needs an event of the day that is no meal itself.", _offset_fits),
    (
        "tim-10",
        "timeOfDay",
        "A time of day and an event of the day exclude each other.",
        lambda repeat: not ("timeOfDay" in repeat and "when" in repeat),
    ),
)
"""Key, element, what it demands, and whether it holds."""


def _broken(repeat: Repeat) -> Iterator[Issue]:
    for key, name, text, holds in INVARIANTS:
        if not holds(repeat):
            yield Issue("invariant", text, f"Timing.repeat.{name}", rule=key)


def _values(repeat: Repeat) -> Iterator[Issue]:
    if type(repeat.get("frequency", 1)) is not int or repeat.get("frequency", 1) != 1:
        yield Issue("not-supported", "A series asks once in a period.", "Timing.repeat.frequency", rule="not-supported")
    if not _is_whole(repeat.get("period")):
        yield Issue("value", "A period is a whole number from 1.", "Timing.repeat.period", rule="period")
    unit = repeat.get("periodUnit")
    if unit not in UNITS:
        yield Issue("code-invalid", f"A unit is one of {', '.join(UNITS)}.", "Timing.repeat.periodUnit", rule="unit")
    elif unit in TOO_SHORT:
        text = "A series counts days, weeks, months or years."
        yield Issue("not-supported", text, "Timing.repeat.periodUnit", rule="not-supported")
    yield from _bounds(repeat.get("boundsPeriod", {}))


def _is_whole(value: Any) -> bool:
    return _number(value) and value == value // 1 and value >= 1


def _bounds(value: Any) -> Iterator[Issue]:
    where = "Timing.repeat.boundsPeriod"
    if not isinstance(value, dict):
        yield Issue("structure", "A period is an object.", where, rule="not-an-object")
        return
    yield from _elements(value, where, ("start", "end"), ("id", "extension"))
    wrong = [name for name in ("start", "end") if name in value and _date(value, name) is None]
    for name in wrong:
        yield Issue("value", "A bound is a date such as 2027-01-31.", f"{where}.{name}", rule="date")
    starts, ends = _date(value, "start"), _date(value, "end")
    if starts and ends and ends < starts:
        yield Issue("invariant", "A period ends after it begins.", where, rule="per-1")


def _date(bounds: Repeat, name: str) -> date | None:
    try:
        return date.fromisoformat(bounds[name]) if len(bounds[name]) == len("2027-01-31") else None
    except (KeyError, TypeError, ValueError):
        return None
