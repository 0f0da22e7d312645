"""Where somebody of the staff is signed in: a list of their own sessions, and a way to end the others."""

from dataclasses import dataclass

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from flow.own_sessions import FRESH, OwnSessions
from web.clinic.staff import BROKER, PROVEN, TOKEN, Staff

OTHERS = "others"
"""What the form says for all sessions but this one."""


@dataclass(frozen=True, slots=True)
class SessionViews:
    """The page and its form."""

    staff: Staff

    @property
    def _own(self) -> OwnSessions:
        return OwnSessions(self.staff.sessions)

    def show(self) -> ResponseReturnValue:
        """Show where whoever asks is signed in."""
        actor = self.staff.current()
        return render_template(
            "clinic/sessions.html",
            actor=actor,
            listed=self._own.listed(session[TOKEN]),
            may_end=self._may_end(),
            again=_again(),
            others=OTHERS,
        )

    def end(self) -> ResponseReturnValue:
        """End one of the others, or all; whoever signed in too long ago finds the way to sign in again."""
        self.staff.current()
        wanted = request.form.get("session", "")
        if not self._may_end():
            return redirect(url_for("clinic.show_sessions"), 303)
        ended = self._own.end_others(session[TOKEN], None if wanted == OTHERS else wanted)
        return redirect(url_for("clinic.show_sessions", done="yes" if ended else "none"), 303)

    def _may_end(self) -> bool:
        """Tell whether this person signed in recently, and not by a broker that asked nothing anew."""
        proven, now = session.get(PROVEN), self.staff.sessions.clock.now().timestamp()
        return self._own.may_end(session[TOKEN]) and (proven is None or now - proven < FRESH.total_seconds())


def _again() -> str:
    """Return where this person signs in again: at the own broker, which asks anew."""
    broker = session.get(BROKER)
    return url_for("clinic.leave", broker=broker, again="yes") if broker else url_for("clinic.login")
