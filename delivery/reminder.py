"""When a patient who was asked is reminded: so many days after the invitation was taken, in the clinic's hours."""

from collections.abc import Iterable
from datetime import datetime

from delivery.parties import Window
from delivery.recurrence import danish_date, days_later


def chain_of(wishes: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """Choose the one chain of reminders of an occasion that several programmes ask in.

    Args:
        wishes: days after the invitation was taken, as each programme wants them.

    Returns:
        The shortest wish: nobody is reminded more often because two packages ask together (decision 0027).
    """
    return min(wishes, key=len, default=())


def reminders(
    taken_at: datetime, days: Iterable[int], window: Window, *, expires_at: datetime, seed: str
) -> tuple[tuple[int, datetime], ...]:
    """List the reminders of an invitation that a channel took.

    Args:
        taken_at: aware.
        days: after that moment, in rising order.
        window: of the clinic.
        expires_at: of the occasion; nobody is reminded of what can no longer be answered.
        seed: spreads those whose day is closed; an id.

    Returns:
        Number of each reminder, from 1, and when it is due, aware UTC. Reminders that a closure moves to one date
        become one, the last of them.
    """
    by_date = {}
    for number, after in enumerate(days, start=1):
        due = days_later(taken_at, after, window, seed)
        if due < expires_at:
            by_date[danish_date(due)] = (number, due)
    return tuple(by_date.values())
