"""The worklist: look, narrow, choose several, and do one thing to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from flow.around_work import AroundWork
from flow.clinic_hours import ArrangeClinic
from flow.unmatched import SortUnmatched
from flow.worklist import ListWork
from kernel.errors import AccessError, ConflictError, InvalidInputError
from kernel.ids import EnrolmentId, PatientRef, PersonId, SuggestionId
from security.actor import Actor
from web.clinic.staff import Staff
from web.clinic.work_address import kept, narrowed, of_place, readable, wanted_of
from web.pages import text

BETWEEN = "/"
"""Between the ids of one green that may be confirmed: patient, enrolment, suggestion."""
COUNTED = ("confirmed", "passed", "assigned", "contacted", "postponed", "resumed")
"""What the page says was done."""


@dataclass(frozen=True, slots=True)
class WorkViews:
    """The views of the list."""

    work: ListWork
    around: AroundWork
    unmatched: SortUnmatched
    hours: ArrangeClinic
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show a page of the list."""
        return self._page(self.staff.current())

    def handle(self) -> ResponseReturnValue:
        """Do one thing to those who were chosen; where that cannot be, show them again as they were chosen."""
        actor = self.staff.acting(request.form.get("on_behalf_of"))
        chosen = request.form.getlist("patient")
        if not chosen:
            return self._page(actor, "nobody", chosen), InvalidInputError.status
        try:
            told = self._act(actor, chosen, request.form)
        except AccessError as error:
            if actor.on_behalf_of or not self.staff.delegators(actor):
                raise
            return self._page(actor, "behalf", chosen), error.status
        except InvalidInputError as error:
            return self._page(actor, "changed", chosen), error.status
        seen = request.args.get("seen")
        address: dict[str, Any] = {**kept(request.args), **{name: count for name, count in told.items() if count}}
        return redirect(url_for("clinic.list_work", **address, seen=seen), 303)

    def news(self) -> ResponseReturnValue:
        """Say in words how many have answered since the list was looked at; nothing where nobody has."""
        actor = self.staff.current()
        newer = self.work.newer(actor, wanted_of(request.args, actor))
        return jsonify(words=newer_words(newer))

    def _act(self, actor: Actor, chosen: Sequence[str], form: MultiDict[str, str]) -> dict[str, int]:
        if form.get("do") == "confirm":
            done = self.around.confirm(actor, list(_greens(chosen, form)))
            return {"confirmed": len(done.done), "passed": len(chosen) - len(done.done)}
        refs = [PatientRef(one) for one in chosen]
        if form.get("do") == "contacted":
            count = sum(map(partial(self._contacted, actor), refs))
            return {"contacted": count, "passed": len(refs) - count}
        person = form.get("person", "")
        return {"assigned": self.around.acts.assign(actor, refs, PersonId(person) if person else None)}

    def _contacted(self, actor: Actor, patient_ref: PatientRef) -> bool:
        try:
            self.around.acts.contacted(actor, patient_ref)
        except ConflictError:
            return False
        return True

    def _page(self, actor: Actor, fault: str = "", chosen: Sequence[str] = ()) -> str:
        wanted = wanted_of(request.args, actor)
        page = readable(wanted, partial(self.work, actor))
        address = kept(request.args)
        return render_template(
            "clinic/worklist.html",
            actor=actor,
            page=page,
            wanted=wanted,
            address=address,
            is_narrowed=narrowed(request.args),
            following={**address, "seen": page.seen.isoformat(), "after": of_place(page.after)} if page.after else None,
            seen=page.seen.isoformat(),
            newer=newer_words(page.newer),
            unmatched=self.unmatched.waiting(actor),
            stale=self.hours.stale(actor),
            delegators=self.staff.delegators(actor),
            fault=fault,
            chosen=frozenset(chosen),
            told={name: count for name in COUNTED if (count := request.args.get(name, 0, int)) > 0},
        )


def newer_words(count: int) -> str:
    """Say how many answered meanwhile; empty where nobody did."""
    if not count:
        return ""
    return text("clinic.work.newer-one") if count == 1 else text("clinic.work.newer", count=count)


def _greens(chosen: Sequence[str], form: MultiDict[str, str]) -> Iterator[tuple[EnrolmentId, SuggestionId]]:
    """Give the greens that were shown of those who were chosen."""
    for one in form.getlist("green"):
        patient_ref, _, rest = one.partition(BETWEEN)
        enrolment_id, _, suggestion_id = rest.partition(BETWEEN)
        if patient_ref in chosen:
            yield EnrolmentId(enrolment_id), SuggestionId(suggestion_id)
