"""The page of a clinic's programmes: what it runs, by which channels, one after another, and who is told of a red."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from delivery.ladder import Step
from flow.agreements import AgreeWithClinic
from flow.escalation_choice import MOST_MINUTES, ChooseEscalation
from flow.ladder_choice import ChooseLadder
from kernel.errors import InvalidInputError, Issue
from kernel.ids import PersonId
from security.actor import Actor
from web.clinic.staff import Staff

STEPS = 4
"""Rows of the form of a ladder."""


@dataclass(frozen=True, slots=True)
class DeliveryViews:
    """The views of the page."""

    agreements: AgreeWithClinic
    ladder: ChooseLadder
    escalation: ChooseEscalation
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show what the clinic runs."""
        return self._page(self.staff.current())

    def change(self) -> ResponseReturnValue:
        """Set a ladder, or who is told of a red that waits."""
        actor = self.staff.current()
        try:
            self._change(actor)
        except InvalidInputError as error:
            return self._page(actor, error.issues[0].rule or "ladder"), error.status
        return redirect(url_for("clinic.show_delivery", done="yes"), 303)

    def _change(self, actor: Actor) -> None:
        if "package" in request.form:
            self.ladder.set(actor, request.form["package"], tuple(_steps()))
            return
        minutes, person = request.form.get("minutes", ""), request.form.get("person", "")
        self.escalation.limit(actor, _number(minutes, "minutes-out-of-range") if minutes else None)
        self.escalation.name(actor, PersonId(person) if person else None)

    def _page(self, actor: Actor, fault: str = "") -> str:
        agreed = self.agreements.shown(actor)
        return render_template(
            "clinic/administered_delivery.html",
            actor=actor,
            agreed=agreed,
            programmes={one.id: one.title for one in self.agreements.content.programmes.all()},
            ladders=self.ladder.shown(actor),
            channels=sorted(self.ladder.channels),
            steps=range(STEPS),
            chosen=self.escalation.shown(actor),
            most=MOST_MINUTES,
            errors=fault,
        )


def _steps() -> Iterator[Step]:
    for number in range(STEPS):
        channel, days = request.form.get(f"channel-{number}", ""), request.form.get(f"days-{number}", "").strip()
        if channel:
            yield Step(channel, _number(days, "ladder") if days else None)


def _number(written: str, rule: str) -> int:
    if not (written.isascii() and written.isdecimal()):
        text = "Give a whole number."
        raise InvalidInputError(text, issues=[Issue("value", text, "number", rule=rule)])
    return int(written)
