"""The page of what has not left the house: in plain words, to be sent again or given up."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from delivery.backlog import STUCK, UNFINISHED, Wanted
from delivery.outbox import MessageState
from flow.operate import LONGEST_REASON, OperateOutbox
from kernel.errors import ConflictError, InvalidInputError
from kernel.ids import MessageId
from security.actor import Actor
from web.clinic.staff import Staff

AT_ONCE = 100
"""Messages on the page, the oldest."""


@dataclass(frozen=True, slots=True)
class OutboxViews:
    """The views of the page."""

    operate: OperateOutbox
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show what has not left."""
        return self._page(self.staff.current())

    def change(self) -> ResponseReturnValue:
        """Send a message again, or give it up."""
        actor, message_id = self.staff.current(), MessageId(request.form.get("message", ""))
        try:
            if request.form.get("do") == "cancel":
                self.operate.cancel(actor, message_id, reason=request.form.get("reason", ""))
            else:
                self.operate.retry(actor, message_id)
        except (InvalidInputError, ConflictError) as error:
            return self._page(actor, error.issues[0].rule or "other"), error.status
        return redirect(url_for("clinic.show_outbox", done="yes"), 303)

    def _page(self, actor: Actor, fault: str = "") -> str:
        return render_template(
            "clinic/administered_outbox.html",
            actor=actor,
            stuck=self.operate.listed(actor, Wanted(states=STUCK, limit=AT_ONCE)),
            waiting=[
                one
                for one in self.operate.listed(actor, Wanted(limit=AT_ONCE))
                if one.state in set(UNFINISHED) - set(STUCK)
            ],
            due=MessageState.DUE,
            longest=LONGEST_REASON,
            errors=fault,
        )
