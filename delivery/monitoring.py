"""Monitoring: which figures a clinic follows month by month, and how each is made of counts - pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from statistics import median

from questionnaires.model import Text


class Form(StrEnum):
    """How a figure is made of what was counted."""

    COUNT = "count"
    SHARE = "share"
    PER_100 = "per-100"
    MEDIAN_HOURS = "median-hours"

    @property
    def has_whole(self) -> bool:
        """Whether it sets one count against another."""
        return self in (Form.SHARE, Form.PER_100)


class Count(StrEnum):
    """What can be counted in a month; a measure names them."""

    ENROLLED = "enrolled"
    NEEDS_ASSESSED = "needs-assessed"
    LEVEL_SET = "level-set"
    ANNUAL_CONTROL = "annual-control"
    ASKED = "asked"
    NOT_ANSWERED = "not-answered"
    UNMATCHED = "unmatched"
    UNDELIVERED = "undelivered"
    ANSWERED = "answered"
    ALERTS = "alerts"
    ACTED_ON = "acted-on"
    DECIDED = "decided"
    OVERRIDDEN = "overridden"
    HANDLED = "handled"


class By(StrEnum):
    """By what the counts of a measure can be told apart; which of them the store can is fixed."""

    AGE = "age"
    CHANNEL = "channel"


DIVISIBLE = frozenset({Count.ASKED, Count.NOT_ANSWERED})
"""Counts that are kept by age and channel."""


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Patients from this age, in whole years, to the next group.

    Args:
        id: code, such as `65-74`.
    """

    id: str
    since: int
    title: Text


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure.

    Args:
        part: what is counted; of a median, what is measured.
        of: what it is set against; None where the form has no whole.
        by: told apart by these too.
        about: what is counted exactly, for whoever reads the figure.
    """

    id: str
    form: Form
    part: Count
    of: Count | None
    by: tuple[By, ...]
    title: Text
    about: Text


@dataclass(frozen=True, slots=True)
class MonitoringRule:
    """The figures of this service.

    Args:
        window_months: how far "within a year" looks back.
        annual_control: codes of agreed actions that are an annual control when they are done.
        ages: from the youngest.
    """

    version: str
    window_months: int
    annual_control: tuple[str, ...]
    ages: tuple[AgeGroup, ...]
    measures: tuple[Measure, ...]

    def age_group(self, age: int | None) -> str:
        """Return the code of the group of an age; `unknown` where the age is not known."""
        if age is None:
            return UNKNOWN
        return next(group.id for group in reversed(self.ages) if group.since <= age)


UNKNOWN = "unknown"
"""Group of whoever has no known age, and of who was reached by no channel."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of one group of patients.

    Args:
        counts: what is not in it was counted as none.
        hours: measured times, from answer to decision.
    """

    counts: Mapping[Count, int]
    hours: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one group.

    Args:
        part: how many; of a median, how many times were measured.
        of: of how many; None where the form has no whole.
        value: None where there is nothing to divide by, or nothing was measured.
    """

    part: int
    of: int | None
    value: Fraction | None


def figure(measure: Measure, tally: Tally) -> Figure:
    """Make one figure of what was counted; a share is a number from 0 to 100."""
    if measure.form is Form.MEDIAN_HOURS:
        return Figure(len(tally.hours), None, median(tally.hours) if tally.hours else None)
    part = tally.counts.get(measure.part, 0)
    if measure.of is None:
        return Figure(part, None, Fraction(part))
    whole = tally.counts.get(measure.of, 0)
    return Figure(part, whole, Fraction(100 * part, whole) if whole else None)


def month_after(first: date, months: int = 1) -> date:
    """Return the first day of the month so many months later, or earlier where there are fewer than none."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
