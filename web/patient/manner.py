"""How the clinic's own screen is used: by telephone, together or from paper, and who gives the answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.errors import AccessError, InvalidInputError, Issue
from questionnaires.manner import Answerer, Mode
from security.actor import Actor
from web.patient.guard import guard
from web.visit import keep_manner, kept_visit

Kind = TypeVar("Kind", Mode, Answerer)


def blueprint(staff: Callable[[], Actor]) -> Blueprint:
    """Make `/p/manner`; it needs a form that one of the clinic's staff fills in."""
    pages = Blueprint("manner", __name__, url_prefix="/p")
    pages.before_request(guard)
    pages.add_url_rule("/manner", "choose", _Choose(staff), methods=["POST"])
    return pages


@dataclass(frozen=True, slots=True)
class _Choose:
    staff: Callable[[], Actor]

    def __call__(self) -> ResponseReturnValue:
        """Keep what was chosen until the form is sent."""
        if kept_visit(self.staff).staff is None:
            raise AccessError("Patients answer for themselves.")
        keep_manner(_known(Mode, "mode"), _known(Answerer, "answerer"))
        return redirect(url_for("patient.start"), 303)


def _known(kind: type[Kind], name: str) -> Kind:
    value = request.form.get(name, "")
    if value not in list(kind):
        issue = Issue("code-invalid", "There is no such choice.", name, rule="unknown-manner")
        raise InvalidInputError(issue.text, issues=[issue])
    return kind(value)
