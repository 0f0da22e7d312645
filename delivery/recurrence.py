"""When the next request is due: dates counted from an anchor, moved into the hours in which a clinic writes."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from holidays import country_holidays

from delivery.parties import Window

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

_DAY_MINUTES = 24 * 60
_PUT_BACK_TO = 2 * 60
"""Minute of the wall clock at which the second pass of the autumn hour begins; directive 2000/84/EC, article 3."""
_ALL_WEEK = frozenset(range(1, 8))


def danish_date(moment: datetime) -> date:
    """Tell which date it is in Denmark at an aware moment."""
    return moment.astimezone(COPENHAGEN).date()


def danish_midnight(day: date) -> datetime:
    """Return the first moment of a Danish date, aware UTC."""
    return _first_instant(day, 0)


def nominal_date(anchor: date, k: int, period_months: int) -> date:
    """Return the k-th date of a series, counted from its anchor.

    Args:
        anchor: Danish date of k = 0.
        k: 0 or more.
        period_months: months between two dates; 0 = the series has only k = 0.

    Returns:
        anchor + k x period; where the month is too short, its last day. Counted from the anchor each time, so that
        a series from the 31st comes back to the 31st.

    Raises:
        ValueError: no such date in this series.
    """
    if k < 0 or period_months < 0 or (k > 0 and period_months == 0):
        raise ValueError(f"a series with period {period_months} has no date number {k}")
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + k * period_months, 12)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def due_at(nominal: date, window: Window, seed: str) -> datetime:
    """Return the moment to ask: the first on or after a nominal date inside the clinic's window.

    Args:
        nominal: Danish date.
        window: of the clinic, in Danish wall time.
        seed: spreads the patients over the window; the same seed gives the same wall time on every day, but for
            those whose time falls into the quiet hours before a closure. An id, never a CPR number.

    Returns:
        Aware, in UTC. A window open round the clock on all weekdays gives the start of the day, without spread.

    Raises:
        ValueError: the window is never open.
    """
    refuse_closed(window)
    day = nominal
    while True:
        if is_open_day(day, window):
            moment = _first_instant(day, window.opens * 60 + _spread(day, window, seed))
            if _is_inside(moment, day, window):
                return moment
        day += timedelta(days=1)


def days_later(moment: datetime, days: int, window: Window, seed: str) -> datetime:
    """Return the moment that is whole Danish days after another one, at the same wall time, inside the window.

    Args:
        moment: aware.
        days: 0 or more.
        window: of the clinic.
        seed: as for `due_at`, which it follows where that wall time is outside the window.

    Returns:
        Aware, in UTC; never before the wall time that was asked for.

    Raises:
        ValueError: the window is never open.
    """
    local = moment.astimezone(COPENHAGEN)
    day = local.date() + timedelta(days=days)
    wanted = _first_instant(day, (local.hour * 60 + local.minute) * 60 + local.second)
    if is_open_day(day, window) and _is_inside(wanted, day, window):
        return wanted
    asked = due_at(day, window, seed)
    return asked if asked >= wanted else due_at(day + timedelta(days=1), window, seed)


def next_open(moment: datetime, window: Window) -> datetime:
    """Return the first moment, not before the given one, at which a patient may be written to.

    Args:
        moment: aware.
        window: of the clinic.

    Returns:
        The moment itself when it lies inside the window, else the start of the next open day; in UTC.

    Raises:
        ValueError: the window is never open.
    """
    refuse_closed(window)
    day = danish_date(moment)
    if is_open_day(day, window) and _is_inside(moment, day, window):
        return moment.astimezone(UTC)
    while True:
        for opening in _openings(day, window):
            if is_open_day(day, window) and opening >= moment and _is_inside(opening, day, window):
                return opening
        day += timedelta(days=1)


def is_open_day(day: date, window: Window) -> bool:
    """Tell whether patients may be written to at all on a Danish date."""
    if day.isoweekday() not in window.weekdays or day in window.closed:
        return False
    return window.on_holidays or day not in _closed_days(day.year, optional=not window.on_optional_days)


def refuse_closed(window: Window) -> None:
    """Refuse a window that no moment lies in.

    Raises:
        ValueError: no weekday, or not open for a minute.
    """
    if not window.weekdays & _ALL_WEEK or not 0 <= window.opens < window.closes <= _DAY_MINUTES:
        raise ValueError("the window is never open")


@lru_cache(maxsize=64)
def _closed_days(year: int, *, optional: bool) -> frozenset[date]:
    """Public holidays, and the days on which clinics commonly close too (1 May, 5 June, 24 and 31 December)."""
    categories = ("public", "optional") if optional else ("public",)
    return frozenset(country_holidays("DK", categories=categories, years=year))


def _spread(day: date, window: Window, seed: str) -> int:
    """Seconds after opening, for one seed on one day."""
    if window.opens == 0 and window.closes == _DAY_MINUTES and window.weekdays >= _ALL_WEEK:
        return 0
    place = int.from_bytes(sha256(seed.encode()).digest()[:8], "big")
    usual = place % ((window.closes - window.opens) * 60)
    left_s = (_closes(day, window) - window.opens) * 60
    # The same wall time on every day; only whoever comes in the quiet hours is spread over what is left of the day.
    return usual if usual < left_s else place % left_s


def _closes(day: date, window: Window) -> int:
    """Closing minute of an open day: earlier before a closed day, when nobody would be there to see the answer."""
    early = window.closes - window.quiet_before_closure
    if early <= window.opens or is_open_day(day + timedelta(days=1), window):
        return window.closes
    return early


def _first_instant(day: date, second: int) -> datetime:
    """First instant of a Danish wall time: the earlier one in autumn, the end of the gap in spring."""
    wall = datetime.combine(day, time()) + timedelta(seconds=second)
    instant = wall.replace(tzinfo=COPENHAGEN).astimezone(UTC)
    if instant.astimezone(COPENHAGEN).replace(tzinfo=None) == wall:
        return instant
    # The wall time does not exist: read with the offset before the gap it lies behind the gap by what it lay in it.
    return instant - timedelta(minutes=wall.minute, seconds=wall.second)


def _openings(day: date, window: Window) -> tuple[datetime, datetime]:
    """When the clock comes into the window on a day: in autumn perhaps a second time, when it is put back to 02:00."""
    again = datetime.combine(day, time()) + timedelta(minutes=max(window.opens, _PUT_BACK_TO))
    return _first_instant(day, window.opens * 60), again.replace(tzinfo=COPENHAGEN, fold=1).astimezone(UTC)


def _is_inside(moment: datetime, day: date, window: Window) -> bool:
    local = moment.astimezone(COPENHAGEN)
    minute = local.hour * 60 + local.minute
    return local.date() == day and window.opens <= minute < _closes(day, window)
