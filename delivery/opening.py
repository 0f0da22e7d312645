"""Time that counts only while a clinic is open; pure."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from delivery.parties import Window
from delivery.recurrence import COPENHAGEN, danish_date, next_open


def minutes_open(since: datetime, length: timedelta, window: Window) -> datetime:
    """Return the moment at which a clinic has been open for so long since another one.

    The quiet hours before a closed day count: nobody is written to in them, but the clinic is there.

    Args:
        since: aware.
        length: 0 or more.
        window: while the clinic is open.

    Returns:
        Aware, in UTC; never before the first open moment.

    Raises:
        ValueError: the window is never open.
    """
    whole = replace(window, quiet_before_closure=0)
    at, left = next_open(since, whole), length
    while (closing := _closing(at, whole)) - at < left:
        left -= closing - at
        at = next_open(closing, whole)
    return at + left


def _closing(at: datetime, window: Window) -> datetime:
    """Return when the clinic closes on the Danish day of an open moment; the later one where the hour comes twice."""
    wall = datetime.combine(danish_date(at), time()) + timedelta(minutes=window.closes)
    return wall.replace(tzinfo=COPENHAGEN, fold=1).astimezone(UTC)
