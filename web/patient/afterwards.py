"""My answers: what the patient sent, what comes next, and what the clinic lets the patient read of its decisions."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from flow.afterwards import MyAnswers
from kernel.ids import ResponseId
from security.actor import Actor
from web.patient.guard import guard
from web.patient.words import answer_in_words
from web.visit import kept_visit, way_back


def blueprint(answers: MyAnswers, staff: Callable[[], Actor]) -> Blueprint:
    """Make `/p/answers`; it needs the session that a personal link gave."""
    pages = Blueprint("afterwards", __name__, url_prefix="/p")
    views = _Views(answers, staff)
    pages.before_request(guard)
    pages.context_processor(lambda: {"way_back": way_back()})
    # The receipt asks when it is shown; nobody else does.
    pages.app_context_processor(lambda: {"next_due": lambda: answers.next_due(kept_visit(staff))})
    pages.add_url_rule("/answers", view_func=views.listed)
    pages.add_url_rule("/answers/<response_id>", view_func=views.shown)
    return pages


@dataclass(frozen=True, slots=True)
class _Views:
    answers: MyAnswers
    staff: Callable[[], Actor]

    def listed(self) -> ResponseReturnValue:
        """List what was sent, what comes next and what was decided."""
        mine = self.answers.listed(kept_visit(self.staff))
        g.clinic = mine.clinic
        return render_template("patient/answers.html", mine=mine, clinic=mine.clinic)

    def shown(self, response_id: str) -> ResponseReturnValue:
        """Show one form with its answers."""
        one = self.answers.shown(kept_visit(self.staff), ResponseId(response_id))
        g.clinic = one.clinic
        return render_template("patient/answered.html", one=one, clinic=one.clinic, answer_in_words=answer_in_words)
