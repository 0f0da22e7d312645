"""The page of candidates: a named clinician orders several at once, or leaves them out with a reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from flow.candidate_import import ImportCandidates, Listed
from flow.candidates import LONGEST_REASON, Candidates
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import CandidateId
from security.actor import Actor
from security.policy import Action, may
from web.clinic.staff import Staff
from web.pages import text

AT_ONCE = 50
"""Candidates on one page."""
FAULTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no-reason": ("reason", "reason"),
        "not-later": ("review_on", "review-on"),
        "unknown-package": ("candidate", "package"),
        "left-the-clinic": ("candidate", "changed"),
    }
)
"""Rule that was broken -> field of the form, and key of the text that says so."""
COUNTED = ("ordered", "already", "excluded", "left", "left-out", "passed")
"""What the page counts after an order or an exclusion."""
OF_LIST = "list-"
LISTED = tuple(f"{OF_LIST}{came}" for came in Listed)
"""What the page counts after a list came in."""
MOST_FAULTS = 20
LINE_FAULTS = frozenset({"not-an-identifier", "not-a-name", "unknown-package", "not-a-code", "not-yes-or-no", "twice"})
"""Rules with words of their own."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was entered, and what is wrong with it: field -> key of a text."""

    values: MultiDict[str, str] = field(default_factory=MultiDict, repr=False)
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CandidateViews:
    """The views of the page."""

    candidates: Candidates
    bring_in: ImportCandidates
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show who waits for a clinician."""
        return self._page(self.staff.current(), Tried())

    def assess(self) -> ResponseReturnValue:
        """Order or leave out those that were chosen; where that cannot be, show what was entered again."""
        actor = self.staff.acting(request.form.get("on_behalf_of"))
        chosen = [CandidateId(value) for value in request.form.getlist("candidate")]
        faults = dict(_unreadable(actor, chosen, request.form))
        if faults:
            return self._page(actor, Tried(request.form, faults)), InvalidInputError.status
        try:
            counts = self._assess(actor, chosen)
        except (InvalidInputError, ConflictError) as error:
            return self._page(actor, Tried(request.form, _faults_of(error))), error.status
        told: dict[str, Any] = {key: count for key, count in counts.items() if count}
        return redirect(url_for("clinic.list_candidates", **told), 303)

    def bring(self) -> ResponseReturnValue:
        """Bring a list in; where a line of it cannot be used, say which, and bring nothing in."""
        actor = self.staff.current()
        file = request.files.get("list")
        if file is None or not file.filename:
            return self._page(actor, Tried(), (text("clinic.candidates.bring-none"),)), InvalidInputError.status
        try:
            outcome = self.bring_in(actor, file.read())
        except InvalidInputError as error:
            return self._page(actor, Tried(), tuple(_told(error.issues))), error.status
        counts: dict[str, Any] = {f"list-{came}": len(lines) for came, lines in outcome.lines.items() if lines}
        return redirect(url_for("clinic.list_candidates", **counts), 303)

    def _assess(self, actor: Actor, chosen: Sequence[CandidateId]) -> dict[str, int]:
        if request.form.get("do") == "exclude":
            return self._exclude(actor, chosen)
        outcomes = [one.outcome.value for one in self.candidates.order(actor, chosen)]
        return {outcome: outcomes.count(outcome) for outcome in outcomes}

    def _exclude(self, actor: Actor, chosen: Sequence[CandidateId]) -> dict[str, int]:
        reason, review_on = request.form.get("reason", ""), date.fromisoformat(request.form["review_on"])
        counts = {"left-out": 0, "passed": 0}
        for candidate_id in chosen:
            try:
                self.candidates.exclude(actor, candidate_id, reason=reason, review_on=review_on)
                counts["left-out"] += 1
            except ConflictError:
                # Enrolled or gone meanwhile: the others are left out all the same, and the page says so.
                counts["passed"] += 1
        return counts

    def _page(self, actor: Actor, tried: Tried, brought_faults: Sequence[str] = ()) -> str:
        after = request.args.get("after")
        found = self.candidates.listed(actor, limit=AT_ONCE, after=CandidateId(after) if after else None)
        return render_template(
            "clinic/candidates.html",
            actor=actor,
            page=found,
            delegators=self.staff.delegators(actor),
            entered=tried.values,
            errors=tried.faults,
            counts=_counted(COUNTED),
            brought=_counted(LISTED),
            brought_faults=brought_faults,
            choose_fitting=request.args.get("choose") == "fitting",
            longest=LONGEST_REASON,
        )


def _counted(keys: Sequence[str]) -> dict[str, int]:
    """Return what the address counts, by the key of its text."""
    return {key.removeprefix(OF_LIST): n for key in keys if (n := request.args.get(key, 0, int)) > 0}


def _told(issues: Sequence[Issue]) -> Iterator[str]:
    """Say each fault by its line, in words; never what stands there."""
    for issue in issues[:MOST_FAULTS]:
        rule = issue.rule if issue.rule in LINE_FAULTS else "other"
        words = text(f"clinic.candidates.line-fault.{rule}")
        yield text("clinic.candidates.bring-place", place=_in_danish(issue.expression or ""), words=words)
    if len(issues) > MOST_FAULTS:
        yield text("clinic.candidates.bring-most", most=MOST_FAULTS)


def _in_danish(place: str) -> str:
    return place.replace("line ", "Linje ").replace("document ", "Dokument ") or text("clinic.candidates.bring-file")


def _unreadable(actor: Actor, chosen: Sequence[CandidateId], entered: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    if not chosen:
        yield "candidate", "nobody"
    if not may(actor, Action.ASSESS_CANDIDATES):
        yield "on_behalf_of", "behalf"
    if entered.get("do") == "exclude":
        if not entered.get("reason", "").strip():
            yield "reason", "reason"
        if not _is_date(entered.get("review_on", "")):
            yield "review_on", "review-on"


def _faults_of(error: InvalidInputError | ConflictError) -> dict[str, str]:
    named = (FAULTS.get(issue.rule or "", ("candidate", "changed")) for issue in error.issues)
    return dict(named)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
