"""Asking now: send the questionnaires to the patient, or fill them in together on the clinic's own screen."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from flow.form import LinkClosedError, PatientForm
from flow.order import Ordered, OrderOccasion, When
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import EnrolmentId
from security.actor import Actor
from web.clinic.case import CasePage
from web.clinic.entered import Entered
from web.clinic.staff import Staff
from web.visit import keep_clinic_visit

REASONS = frozenset(
    {"paused", "ended", "dead", "moved", "protected", "declined", "digital", "not-asked", "not-sendable", "expired"}
)
"""Rules that have a text of their own."""


@dataclass(frozen=True, slots=True)
class OrderViews:
    """The view of the two buttons."""

    order: OrderOccasion
    form: PatientForm
    page: CasePage
    staff: Staff

    def ask(self, enrolment_id: str) -> ResponseReturnValue:
        """Order, and open the form where it is filled in here; where it cannot be, say why on the patient's page."""
        actor, enrolment = self.staff.current(), EnrolmentId(enrolment_id)
        try:
            when = _when(request.form.get("when", ""))
            ordered = self.order(actor, enrolment, when)
            if when is When.FILL_NOW:
                return self._fill(actor, ordered)
        except (ConflictError, InvalidInputError, LinkClosedError) as error:
            return self.page(actor, enrolment, Entered(), _reason(error)), error.status
        return redirect(url_for("clinic.show_case", enrolment_id=enrolment_id, asked=ordered.result.value), 303)

    def _fill(self, actor: Actor, ordered: Ordered) -> ResponseReturnValue:
        if ordered.occasion_id is None:
            raise ConflictError("Nothing is asked now.")
        keep_clinic_visit(self.form.enter(actor, ordered.occasion_id), actor, ordered.enrolment_id)
        return redirect(url_for("patient.start"), 303)


def _when(value: str) -> When:
    if value not in list(When):
        issue = Issue("code-invalid", "There is no such way to ask.", "when", rule="not-a-way")
        raise InvalidInputError(issue.text, issues=[issue])
    return When(value)


def _reason(error: ConflictError | InvalidInputError | LinkClosedError) -> str:
    if isinstance(error, LinkClosedError):
        return "expired"
    rule = error.issues[0].rule or ""
    return rule if rule in REASONS else "other"
