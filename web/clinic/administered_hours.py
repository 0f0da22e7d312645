"""The page of a clinic's hours: when its patients may be written to, and on which days it is closed."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from flow.clinic_hours import WEEK, ArrangeClinic
from kernel.errors import InvalidInputError, Issue
from security.actor import Actor
from web.clinic.staff import Staff

LONGEST_CLOSURE = 366
"""Days of one range: a slip of the pen in a year must not close a clinic for a century."""


@dataclass(frozen=True, slots=True)
class HoursViews:
    """The views of the page."""

    hours: ArrangeClinic
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show hours and closures."""
        return self._page(self.staff.current())

    def change(self) -> ResponseReturnValue:
        """Set the hours, close the clinic, or open it again."""
        actor = self.staff.current()
        try:
            self._change(actor)
        except InvalidInputError as error:
            return self._page(actor, error.issues[0].rule or "closure"), error.status
        return redirect(url_for("clinic.show_hours", done="yes"), 303)

    def _change(self, actor: Actor) -> None:
        wanted = request.form.get("do", "")
        if wanted == "hours":
            weekdays = {int(day) for day in request.form.getlist("weekday") if day.isdecimal()}
            opens, closes = (_minutes(request.form.get(name, "")) for name in ("opens", "closes"))
            self.hours.set_window(actor, opens, closes, weekdays)
            self.hours.open_on_optional_days(actor, is_open=bool(request.form.get("optional")))
        elif wanted == "close":
            self.hours.close(actor, _days(request.form.get("first", ""), request.form.get("last", "")))
        else:
            self.hours.reopen(actor, _days(wanted, wanted))

    def _page(self, actor: Actor, fault: str = "") -> str:
        found = self.hours.shown(actor)
        window = found.window
        return render_template(
            "clinic/administered_hours.html",
            actor=actor,
            window=window,
            opens=_clock(window.opens),
            closes=_clock(window.closes),
            week=WEEK,
            closed=sorted(window.closed),
            demands=found.demands,
            stale=found.stale,
            errors=fault,
        )


def _days(first: str, last: str) -> tuple[date, ...]:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise _no_range() from error
    if not start <= end < start + timedelta(days=LONGEST_CLOSURE):
        raise _no_range()
    return tuple(start + timedelta(days=n) for n in range((end - start).days + 1))


def _no_range() -> InvalidInputError:
    text = "Give a first and a last day, at most a year apart."
    return InvalidInputError(text, issues=[Issue("value", text, "first", rule="closure")])


def _minutes(written: str) -> int:
    """Read `8:30`; what is none is before any day, so that it is refused with the rest."""
    hour, _, minute = written.strip().replace(".", ":").partition(":")
    return int(hour) * 60 + int(minute or 0) if hour.isdecimal() and (minute or "0").isdecimal() else -1


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
