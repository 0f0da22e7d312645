"""Not answering: the page on which a patient says no this time, pauses, or wants no questionnaires any more."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from delivery.leave import LeaveKind
from delivery.recurrence import danish_date
from delivery.schedule import OccasionState
from flow.form import LinkClosedError, PatientForm
from flow.leave import Choice, LeaveForm, pause_offered
from flow.overview import Overview
from security.actor import Actor
from web.patient.guard import guard
from web.visit import kept_visit, way_back

PAUSE = "pause-"
"""Beginning of the values that pause; the number of weeks follows."""


def blueprint(form: PatientForm, leave: LeaveForm, staff: Callable[[], Actor]) -> Blueprint:
    """Make `/p/leave`; it needs the session that a personal link gave, or the clinic's own screen."""
    pages = Blueprint("leave", __name__, url_prefix="/p")
    views = _Views(form, leave, staff)
    pages.before_request(guard)
    pages.context_processor(lambda: {"way_back": way_back()})
    pages.add_url_rule("/leave", view_func=views.ask)
    pages.add_url_rule("/leave", view_func=views.take, methods=["POST"])
    return pages


@dataclass(frozen=True, slots=True)
class _Views:
    form: PatientForm
    leave: LeaveForm
    staff: Callable[[], Actor]

    def ask(self) -> ResponseReturnValue:
        """Show what can be chosen, and what each choice means."""
        return self._page(self._overview())

    def take(self) -> ResponseReturnValue:
        """Do what was chosen; nothing chosen is said so."""
        overview, choice = self._overview(), _choice(request.form.get("choice", ""))
        if choice is None:
            return self._page(overview, fault="choose"), 422
        self.leave(kept_visit(self.staff), choice)
        # The start page says from now on how the occasion was left.
        return redirect(way_back() or url_for("patient.start"), 303)

    def _overview(self) -> Overview:
        overview = self.form.overview(kept_visit(self.staff))
        g.clinic = overview.clinic
        if overview.state is not OccasionState.OPEN:
            raise LinkClosedError(overview.clinic, overview.state, overview.why_closed)
        return overview

    def _page(self, overview: Overview, *, fault: str = "") -> str:
        pauses = pause_offered(danish_date(overview.now), self.leave.weeks)
        return render_template("patient/leave.html", overview=overview, pauses=pauses, fault=fault)


def _choice(value: str) -> Choice | None:
    """Read what was chosen; None for nothing, or for what there is not."""
    weeks = value.removeprefix(PAUSE)
    if weeks != value:
        return Choice(LeaveKind.PAUSE, int(weeks)) if weeks.isascii() and weeks.isdigit() else None
    return Choice(LeaveKind(value)) if value in (LeaveKind.ONCE, LeaveKind.STOP) else None
