"""The page that a practice system opens: the browser of the launch is let in, for one patient alone."""

from dataclasses import dataclass

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from flow.launch import LaunchPatient
from kernel.errors import AccessError
from web.clinic.staff import Staff
from web.oauth.authorize import kept_browser

HOME = "launched"
"""Where a browser keeps whose page it was let in for."""
OPEN_TO_ONE = (
    frozenset(("clinic.show_case", "clinic.decide_case", "clinic.move", "clinic.ask", "clinic.show_related"))
    | {"clinic.change_related", "clinic.sign_out", "clinic.open_launched", "clinic.print_form", "clinic.release"}
    | {"clinic.print_result", "clinic.open_attachment"}
)
"""Endpoints of a session that shows one patient; each writes an audit row, which refuses another one's."""
WITHOUT_PATIENT = frozenset(("clinic.show_sessions", "clinic.end_sessions"))
"""Endpoints of such a session that show no patient at all."""
WITHOUT_SESSION = frozenset(
    ("clinic.login", "clinic.sign_in", "clinic.leave", "clinic.come_back", "clinic.show_clinics")
) | {"clinic.choose_clinic"}
"""Endpoints by which somebody signs in anew, which ends the session before."""


@dataclass(frozen=True, slots=True)
class LaunchedViews:
    """The way in, and the wall around it."""

    launch: LaunchPatient
    staff: Staff

    def open(self) -> ResponseReturnValue:
        """Let the browser of a launch in, once.

        Raises:
            AccessError: this browser came with no launch, or too late.
        """
        kept = kept_browser()
        opened = self.launch.open(*kept) if kept else None
        if opened is None:
            raise AccessError("This page is opened from the practice system.")
        self.staff.begin(opened.token)
        session[HOME] = opened.enrolment_id
        return redirect(url_for("clinic.show_case", enrolment_id=opened.enrolment_id), 303)

    def keep_to_one_patient(self) -> ResponseReturnValue | None:
        """Refuse every page but the patient's own to whoever was let in for one; the worklist leads back to it.

        Raises:
            AccessError: it is another page.
        """
        if request.endpoint in OPEN_TO_ONE | WITHOUT_PATIENT | WITHOUT_SESSION or not self.staff.sees_one_patient():
            return None
        if request.endpoint == "clinic.list_work" and HOME in session:
            return redirect(url_for("clinic.show_case", enrolment_id=session[HOME]), 303)
        raise AccessError("This session shows one patient alone.")
