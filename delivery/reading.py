"""When a clinic reads what its patients answer; pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from delivery.contact_advice import ContactAdvice
from delivery.opening import minutes_open
from delivery.parties import Window
from delivery.recurrence import next_open


@dataclass(frozen=True, slots=True)
class Within:
    """How long reading may take while the clinic is open.

    Args:
        answer: an answer without danger.
        danger: an answer that raises a danger notice: then a named person is told.
    """

    answer: timedelta
    danger: timedelta


@dataclass(frozen=True, slots=True)
class Reading:
    """What a patient is told of when an answer of this moment is read.

    Args:
        is_open: the clinic is open now.
        by: the clinic has seen an answer without danger, aware UTC.
        danger_by: the clinic has seen one with danger, aware UTC.
        unsent: after this time the clinic is told of a danger answer that was not sent.
    """

    is_open: bool
    by: datetime
    danger_by: datetime
    unsent: timedelta


def opening_hours(advice: ContactAdvice, window: Window) -> Window:
    """Return when somebody of a clinic is there: the hours in which it answers the telephone, less its closures.

    Args:
        window: in which patients may be written to; of it only the clinic's own closures count.
    """
    return Window(
        opens=_minute(advice.opens),
        closes=_minute(advice.closes),
        weekdays=advice.weekdays,
        closed=window.closed,
        quiet_before_closure=0,
    )


def reading_at(now: datetime, within: Within, window: Window, hours: Window, *, unsent: timedelta) -> Reading:
    """Tell when an answer that is sent now is read.

    Both clocks must have run: that of the opening hours, and that of the window by which a red is escalated. So the
    promise is never earlier than the moment at which somebody is told that it is about to be broken.

    Args:
        now: aware.
        window: in which patients may be written to, with the clinic's closures.
        hours: from `opening_hours`.

    Raises:
        ValueError: the clinic is never open.

    Source: decision 0060; assumption A90.
    """

    def by(length: timedelta) -> datetime:
        return max(minutes_open(now, length, hours), minutes_open(now, length, window))

    return Reading(next_open(now, hours) == now, by(within.answer), by(within.danger), unsent)


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute
