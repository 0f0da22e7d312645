"""The page of what somebody must look at now: reds that wait too long, and reports that were refused."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from flow.attention import Attention
from kernel.errors import ConflictError
from kernel.ids import MessageId
from security.actor import Actor
from web.clinic.staff import Staff


@dataclass(frozen=True, slots=True)
class AttentionViews:
    """The views of the page."""

    attention: Attention
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show what is to be looked at."""
        return self._page(self.staff.current())

    def handle(self) -> ResponseReturnValue:
        """Say that a refused report was handled; where somebody was quicker, say so."""
        actor = self.staff.current()
        try:
            self.attention.handled(actor, MessageId(request.form.get("message", "")))
        except ConflictError as error:
            return self._page(actor, quicker=True), error.status
        return redirect(url_for("clinic.show_attention", handled="yes"), 303)

    def _page(self, actor: Actor, *, quicker: bool = False) -> str:
        return render_template("clinic/attention.html", actor=actor, found=self.attention.listed(actor), errors=quicker)
