"""The page of a clinic's people: who works here, who decides in whose name, and signing somebody out everywhere."""

from dataclasses import dataclass, field
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from flow.delegations import LONGEST_TERMS, Delegate
from flow.staff_sessions import StaffSessions
from kernel.errors import InvalidInputError, Issue
from kernel.ids import PersonId
from security.actor import Actor, Role
from web.clinic.staff import Staff


@dataclass(frozen=True, slots=True)
class _Tried:
    values: MultiDict[str, str] = field(default_factory=MultiDict, repr=False)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffViews:
    """The views of the page."""

    delegate: Delegate
    sessions: StaffSessions
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show the people."""
        return self._page(self.staff.current(), _Tried())

    def change(self) -> ResponseReturnValue:
        """Sign somebody out everywhere, or give or take back a delegation."""
        actor = self.staff.current()
        try:
            done = self._change(actor)
        except InvalidInputError as error:
            faults = tuple(dict.fromkeys(issue.rule or "" for issue in error.issues))
            return self._page(actor, _Tried(request.form, faults)), error.status
        return redirect(url_for("clinic.show_staff", done=done), 303)

    def _change(self, actor: Actor) -> str:
        if "sign-out" in request.form:
            self.sessions.revoke(actor, PersonId(request.form["sign-out"]))
            return "signed-out"
        if "end" in request.form:
            self.delegate.end(actor, request.form["end"])
            return "ended"
        clinician, delegate = request.form.get("clinician", ""), request.form.get("delegate", "")
        terms, until = request.form.get("terms", ""), _day(request.form.get("until", ""))
        self.delegate.give(actor, PersonId(clinician), PersonId(delegate), terms, until)
        return "given"

    def _page(self, actor: Actor, tried: _Tried) -> str:
        found = self.delegate.shown(actor)
        return render_template(
            "clinic/administered_staff.html",
            actor=actor,
            found=found,
            names={person.id: person.name for person in found.people},
            clinicians=[person for person in found.people if person.role is Role.CLINICIAN],
            others=[person for person in found.people if person.role is Role.CLINIC_STAFF],
            entered=tried.values,
            errors=tried.faults,
            longest=LONGEST_TERMS,
        )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        text = "Give the last day."
        raise InvalidInputError(text, issues=[Issue("value", text, "until", rule="until")]) from error
