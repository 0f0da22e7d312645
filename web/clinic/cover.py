"""Who stands in for whom: for leave, for a locum, or for good."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from flow.stand_in import HandOverPatients, StandInOrder
from kernel.errors import InvalidInputError
from kernel.ids import PersonId, StandInId
from security.actor import Actor
from web.clinic.staff import Staff

FIELDS: Mapping[str, str] = {"person": "person", "standsIn": "stands_in", "lastDay": "last"}
"""Element of the order -> field of the form."""


@dataclass(frozen=True, slots=True)
class CoverViews:
    """The views of the page."""

    cover: HandOverPatients
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show who stands in for whom."""
        return self._page(self.staff.current(), {})

    def change(self) -> ResponseReturnValue:
        """Let somebody stand in, hand patients over, or end a stay away; show again what cannot be."""
        actor, act = self.staff.current(), request.form.get("do")
        if act == "end":
            self.cover.end(actor, StandInId(request.form.get("stand_in", "")))
            return redirect(url_for("clinic.show_cover", saved="yes"), 303)
        try:
            self.cover(actor, _order(for_good=act == "pass"))
        except InvalidInputError as error:
            named = {FIELDS[issue.expression or "person"]: issue.rule or "" for issue in reversed(error.issues)}
            return self._page(actor, named), error.status
        return redirect(url_for("clinic.show_cover", saved="yes"), 303)

    def _page(self, actor: Actor, errors: Mapping[str, str]) -> str:
        cover = self.cover.shown(actor)
        names = {one.id: one.name for one in cover.people}
        return render_template(
            "clinic/cover.html", actor=actor, cover=cover, names=names, entered=request.form, errors=errors
        )


def _order(*, for_good: bool) -> StandInOrder:
    first, last = (_day(request.form.get(name, "")) for name in ("first", "last"))
    people = (PersonId(request.form.get("person", "")), PersonId(request.form.get("stands_in", "")))
    # A day that cannot be read is one that ends too early.
    return StandInOrder(*people, first or date.max, None if for_good else last or date.min)


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
