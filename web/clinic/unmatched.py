"""The page of answers that fit no request: a person says whose an answer is, or puts it away with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from flow.unmatched import SortUnmatched
from kernel.errors import ConflictError, InvalidInputError, Issue, NotOpenError
from kernel.ids import RequestId, UnmatchedId
from security.actor import Actor
from web.clinic.entered import LONGEST_REASON
from web.clinic.staff import Staff

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "reason-missing": "reason",
        "too-long": "too-long",
        "sorted-already": "sorted",
        "already-answered": "answered",
        "too-late": "closed",
    }
)
"""Rule that was broken -> key of the text that says so."""
OTHER_PATIENT = "QuestionnaireResponse.subject"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody tried to do with one answer, and why it was refused.

    Args:
        unmatched_id: of the answer; empty when nothing was tried.
        reason: that was entered, kept for the next try.
        fault: key of a text.
    """

    unmatched_id: str = ""
    reason: str = field(default="", repr=False)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class TrayViews:
    """The views of the tray."""

    tray: SortUnmatched
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show what waits."""
        return self._page(self.staff.current(), Attempt())

    def sort(self) -> ResponseReturnValue:
        """Assign or discard one answer; where that cannot be, show the page again with what was entered."""
        actor = self.staff.current()
        unmatched_id, reason = UnmatchedId(request.form.get("unmatched", "")), request.form.get("reason", "")
        try:
            done = self._sort(actor, unmatched_id, reason)
        except (InvalidInputError, ConflictError, NotOpenError) as error:
            return self._page(actor, Attempt(unmatched_id, reason, _fault_of(error.issues[0]))), error.status
        return redirect(url_for("clinic.show_unmatched", sorted=done), 303)

    def _sort(self, actor: Actor, unmatched_id: UnmatchedId, reason: str) -> str:
        if "request" in request.form:
            self.tray.assign(actor, unmatched_id, RequestId(request.form["request"]))
            return "assigned"
        if len(reason) > LONGEST_REASON:
            issue = Issue("too-long", "The reason is too long.", "reason", rule="too-long")
            raise InvalidInputError(issue.text, issues=[issue])
        self.tray.discard(actor, unmatched_id, reason)
        return "discarded"

    def _page(self, actor: Actor, attempt: Attempt) -> str:
        entries = self.tray.listed(actor)
        return render_template(
            "clinic/unmatched.html",
            actor=actor,
            entries=entries,
            attempt=attempt,
            errors=attempt.fault,
            still_waits=any(entry.unmatched.id == attempt.unmatched_id for entry in entries),
            longest=LONGEST_REASON,
        )


def _fault_of(issue: Issue) -> str:
    if issue.expression == OTHER_PATIENT:
        return "other-patient"
    return FAULTS.get(issue.rule or "", "other")
