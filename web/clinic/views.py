"""The clinic's pages: each view knows who is signed in, calls one use case, and shows or redirects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from flow.case import ShowCase
from flow.decide import Decide, DecisionOrder
from flow.worklist import ListWork
from kernel.errors import AccessError, ConflictError, InvalidInputError, UnauthenticatedError
from kernel.ids import EnrolmentId, SuggestionId
from scoring.decision import DECIDABLE
from scoring.levels import DifferentiationLevel
from security.actor import Actor, Person
from security.cpr import masked
from web.clinic.staff import Staff
from web.pages import protect
from web.patient.show import answer_in_words


def blueprint(
    worklist: ListWork, case: ShowCase, decide: Decide, people: Callable[[], tuple[Person, ...]]
) -> Blueprint:
    """Make the clinic's pages under `/clinic`.

    Args:
        people: staff that may sign in with one click; empty outside demo.
    """
    pages = Blueprint("clinic", __name__, url_prefix="/clinic")
    views = _Views(worklist, case, decide, Staff(people))
    pages.before_request(protect)
    pages.register_error_handler(UnauthenticatedError, _to_login)
    pages.add_url_rule("/login", view_func=views.login)
    pages.add_url_rule("/login", view_func=views.sign_in, methods=["POST"])
    pages.add_url_rule("/logout", view_func=views.sign_out, methods=["POST"])
    pages.add_url_rule("/", view_func=views.list_work)
    pages.add_url_rule("/enrolments/<enrolment_id>", view_func=views.show_case)
    pages.add_url_rule("/enrolments/<enrolment_id>", view_func=views.decide_case, methods=["POST"])
    return pages


@dataclass(frozen=True, slots=True)
class _Views:
    worklist: ListWork
    case: ShowCase
    decide: Decide
    staff: Staff

    def login(self) -> ResponseReturnValue:
        """Show who may sign in."""
        return render_template("clinic/login.html", people=self.staff.people())

    def sign_in(self) -> ResponseReturnValue:
        """Sign one person in."""
        self.staff.sign_in(request.form.get("person", ""))
        return redirect(url_for("clinic.list_work"), 303)

    def sign_out(self) -> ResponseReturnValue:
        """End the session."""
        self.staff.sign_out()
        return redirect(url_for("clinic.login"), 303)

    def list_work(self) -> ResponseReturnValue:
        """Show who waits."""
        actor = self.staff.current()
        return render_template("clinic/worklist.html", actor=actor, rows=self.worklist(actor))

    def show_case(self, enrolment_id: str) -> ResponseReturnValue:
        """Show one enrolment with its suggestion and the decision form."""
        return self._case(self.staff.current(), EnrolmentId(enrolment_id), _Entered())

    def decide_case(self, enrolment_id: str) -> ResponseReturnValue:
        """File a decision; where it cannot be filed, show the page again with what was entered."""
        behalf = request.form.get("on_behalf_of")
        actor = self.staff.current(behalf if behalf in self._delegators() else None)
        entered = _Entered(request.form)
        try:
            self.decide(actor, entered.order(enrolment_id))
        except (InvalidInputError, ConflictError) as error:
            return self._case(actor, EnrolmentId(enrolment_id), entered.refused(_faults(error))), error.status
        except AccessError as error:
            if actor.on_behalf_of or not self._delegators():
                raise
            refused = entered.refused({"on_behalf_of": "behalf"})
            return self._case(actor, EnrolmentId(enrolment_id), refused), error.status
        return redirect(url_for("clinic.show_case", enrolment_id=enrolment_id, decided="yes"), 303)

    def _delegators(self) -> tuple[str, ...]:
        return tuple(person.id for person in self.staff.delegators(self.staff.current()))

    def _case(self, actor: Actor, enrolment_id: EnrolmentId, entered: "_Entered") -> str:
        case = self.case(actor, enrolment_id)
        return render_template(
            "clinic/case.html",
            actor=actor,
            case=case,
            identifier=masked(case.patient.identifier),
            colours=tuple(reversed(DECIDABLE)),
            levels=list(DifferentiationLevel),
            delegators=self.staff.delegators(actor),
            entered=entered.values,
            errors=entered.faults,
            answer_in_words=answer_in_words,
        )


@dataclass(frozen=True, slots=True)
class _Entered:
    """What the decision form holds, and what is wrong with it: field -> key of a text."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    faults: Mapping[str, str] = field(default_factory=dict)

    def refused(self, faults: Mapping[str, str]) -> "_Entered":
        return _Entered(self.values, faults)

    def order(self, enrolment_id: str) -> DecisionOrder:
        level = self.values.get("level", "")
        return DecisionOrder(
            enrolment_id=EnrolmentId(enrolment_id),
            suggestion_id=SuggestionId(self.values.get("suggestion", "")),
            colour=self.values.get("colour", ""),
            level=int(level) if level.isascii() and level.isdigit() else None,
            reason=self.values.get("reason", ""),
        )


def _faults(error: InvalidInputError | ConflictError) -> dict[str, str]:
    if isinstance(error, ConflictError):
        return {"colour": "conflict"}
    known = {"not-a-decision": "colour", "reason-missing": "reason"}
    return {issue.expression or "colour": known.get(issue.rule or "", "other") for issue in error.issues}


def _to_login(_error: UnauthenticatedError) -> Response:
    return redirect(url_for("clinic.login"), 303)
