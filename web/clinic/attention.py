"""The page of what somebody must look at now: unsent danger answers, reds that wait too long, refused reports."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from flow.attention import Attention
from flow.unsent import UnsentDangers
from kernel.errors import ConflictError
from kernel.ids import MessageId, UnsentId
from security.actor import Actor
from web.clinic.staff import Staff
from web.patient.words import answer_in_words


@dataclass(frozen=True, slots=True)
class AttentionViews:
    """The views of the page."""

    attention: Attention
    unsent: UnsentDangers
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show what is to be looked at."""
        return self._page(self.staff.current())

    def handle(self) -> ResponseReturnValue:
        """Say that a refused report or an unsent danger answer was handled; where somebody was quicker, say so."""
        actor = self.staff.current()
        try:
            if "unsent" in request.form:
                self.unsent.handled(actor, UnsentId(request.form["unsent"]))
            else:
                self.attention.handled(actor, MessageId(request.form.get("message", "")))
        except ConflictError as error:
            return self._page(actor, quicker=True), error.status
        return redirect(url_for("clinic.show_attention", handled="yes"), 303)

    def _page(self, actor: Actor, *, quicker: bool = False) -> str:
        return render_template(
            "clinic/attention.html",
            actor=actor,
            unsent=self.unsent.listed(actor),
            found=self.attention.listed(actor),
            errors=quicker,
            answer_in_words=answer_in_words,
        )
