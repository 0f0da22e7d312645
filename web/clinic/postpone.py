"""Putting a patient off for a while, and taking that back."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from flow.work_acts import LONGEST_REASON, PostponementOrder, WorkActs
from kernel.errors import AccessError, ConflictError, InvalidInputError
from kernel.ids import EnrolmentId
from security.actor import Actor
from web.clinic.staff import Staff

FAULTS: Mapping[str, tuple[str, str]] = {
    "not-a-colour": ("expected", "expected"),
    "no-reason": ("reason", "reason"),
    "too-long": ("reason", "too-long"),
    "out-of-range": ("until", "until"),
    "not-listed": ("until", "not-listed"),
    "ended": ("until", "not-listed"),
}
"""Rule that was broken -> field of the form, and key of the text that says so."""


@dataclass(frozen=True, slots=True)
class PostponeViews:
    """The views of the page."""

    acts: WorkActs
    staff: Staff

    def show(self, enrolment_id: str) -> ResponseReturnValue:
        """Show who would be put off, and whether that has been done."""
        return self._page(self.staff.current(), EnrolmentId(enrolment_id), {})

    def postpone(self, enrolment_id: str) -> ResponseReturnValue:
        """Put off, or take it back; where that cannot be, show what was entered again."""
        actor = self.staff.acting(request.form.get("on_behalf_of"))
        whose = EnrolmentId(enrolment_id)
        if request.form.get("do") == "resume":
            self.acts.resume(actor, whose)
            return redirect(url_for("clinic.list_work", resumed=1), 303)
        try:
            self.acts.postpone(actor, _order(whose))
        except (InvalidInputError, ConflictError) as error:
            named = dict(FAULTS.get(issue.rule or "", ("until", "not-listed")) for issue in error.issues)
            return self._page(actor, whose, named), error.status
        except AccessError as error:
            if actor.on_behalf_of or not self.staff.delegators(actor):
                raise
            return self._page(actor, whose, {"on_behalf_of": "behalf"}), error.status
        return redirect(url_for("clinic.list_work", postponed=1), 303)

    def _page(self, actor: Actor, enrolment_id: EnrolmentId, errors: Mapping[str, str]) -> str:
        return render_template(
            "clinic/postpone.html",
            actor=actor,
            put_off=self.acts.shown(actor, enrolment_id),
            delegators=self.staff.delegators(actor),
            entered=request.form,
            errors=errors,
            longest=LONGEST_REASON,
        )


def _order(enrolment_id: EnrolmentId) -> PostponementOrder:
    until = date.min
    with suppress(ValueError):
        until = date.fromisoformat(request.form.get("until", ""))
    form = request.form
    return PostponementOrder(enrolment_id, form.get("expected", ""), until, form.get("reason", ""))
