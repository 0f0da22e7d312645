"""The call list: whom the clinic calls itself, the form filled in together, and who was not reached."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from flow.calls import CallList
from flow.form import LinkClosedError, PatientForm
from kernel.errors import NotOpenError
from kernel.ids import OccasionId
from security.actor import Actor
from web.clinic.staff import Staff
from web.visit import keep_clinic_visit


@dataclass(frozen=True, slots=True)
class CallViews:
    """The views of the list."""

    calls: CallList
    form: PatientForm
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show whom to call."""
        return self._page(self.staff.current())

    def take(self) -> ResponseReturnValue:
        """Fill in together, or note a call in vain; where the patient has answered meanwhile, say so."""
        actor, occasion_id = self.staff.current(), OccasionId(request.form.get("occasion", ""))
        try:
            if request.form.get("do") == "fill":
                keep_clinic_visit(self.form.enter(actor, occasion_id), actor)
                return redirect(url_for("patient.start"), 303)
            self.calls.not_reached(actor, occasion_id)
        except (NotOpenError, LinkClosedError) as error:
            return self._page(actor, closed=True), error.status
        return redirect(url_for("clinic.list_calls", noted="yes"), 303)

    def _page(self, actor: Actor, *, closed: bool = False) -> str:
        return render_template("clinic/calls.html", actor=actor, calls=self.calls.listed(actor), errors=closed)
