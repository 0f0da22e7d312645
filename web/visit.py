"""Whose form this browser fills in, kept in the session: the patient alone, or one of the clinic's staff together."""

from collections.abc import Callable
from dataclasses import replace

from flask import Flask, Response, request, session, url_for

from flow.form import Visit
from kernel.clock import Clock
from kernel.errors import UnauthenticatedError
from kernel.ids import ClinicId, EnrolmentId, OccasionId, PatientRef, RelatedPersonId
from questionnaires.manner import Answerer, Manner, Mode
from security.actor import Actor
from web.headers import is_under

KEY = "visit"
MANNER = "manner"
SEEN = "seen"
"""When this browser last called, in seconds since 1970."""
IDLE_S = 30 * 60
"""A visit ends when the browser has been silent for so long: telephones and tablets are shared and left lying."""
WARNED_S = 3 * 60
"""So long before the end the page says so; WCAG asks for 20 seconds, and our readers read slowly."""
RELATED = "related"
"""Who answers for the patient of the visit."""
OF_PATIENT = 3
"""Parts of a patient's own visit; one of the clinic's also says who fills in and where to go back to."""


def init_idle(app: Flask, clock: Clock) -> None:
    """Let a visit end when its browser has been silent for `IDLE_S`; what was saved stays on the server."""

    @app.before_request
    def end_idle() -> None:
        if KEY in session and int(clock.now().timestamp()) - session.get(SEEN, 0) > IDLE_S:
            session.pop(KEY)

    @app.after_request
    def note(response: Response) -> Response:
        if is_under(request.path, "/p", "/clinic") and KEY in session:
            session[SEEN] = int(clock.now().timestamp())
        return response

    app.jinja_env.globals.update(idle_s=lambda: IDLE_S if KEY in session else 0, warned_s=WARNED_S)


def keep_visit(visit: Visit) -> None:
    """Let this browser fill in; an earlier visit ends, a sign-in of the clinic's staff stays."""
    session[KEY] = [visit.clinic_id, visit.occasion_id, visit.patient_ref]
    session.pop(RELATED, None)
    if visit.related:
        session[RELATED] = visit.related


def keep_clinic_visit(visit: Visit, actor: Actor, enrolment_id: EnrolmentId | None = None) -> None:
    """Let this browser fill in as long as this person stays signed in.

    Args:
        enrolment_id: whose page to go back to; None = the call list.
    """
    session[KEY] = [visit.clinic_id, visit.occasion_id, visit.patient_ref, actor.id, enrolment_id]
    # From the call list it is a telephone call; else they sit together. The start page lets the choice be changed.
    keep_manner(Mode.TOGETHER if enrolment_id else Mode.PHONE, Answerer.PATIENT)


def keep_manner(mode: Mode, answerer: Answerer) -> None:
    """Keep how the clinic's own screen is used."""
    session[MANNER] = [mode.value, answerer.value]


def kept_manner() -> Manner:
    """Return how the clinic's own screen is used; together with the patient where nothing was chosen."""
    mode, answerer = session.get(MANNER, (Mode.TOGETHER, Answerer.PATIENT))
    return Manner(Mode(mode), Answerer(answerer))


def kept_visit(staff: Callable[[], Actor]) -> Visit:
    """Return the visit of this browser.

    Args:
        staff: finds who of the clinic is signed in.

    Raises:
        UnauthenticatedError: there is none, or who filled in is signed in no more.
    """
    kept = session.get(KEY)
    if not kept:
        raise UnauthenticatedError("No form was opened in this browser.")
    clinic_id, occasion_id, patient_ref, *clinic = kept
    if not clinic:
        related = RelatedPersonId(session[RELATED]) if RELATED in session else None
        return Visit(ClinicId(clinic_id), OccasionId(occasion_id), PatientRef(patient_ref), related=related)
    actor = staff()
    if (actor.id, actor.clinic_id) != (clinic[0], clinic_id):
        raise UnauthenticatedError("Somebody else is signed in now.")
    manner = replace(kept_manner(), by=actor.id)
    return Visit(ClinicId(clinic_id), OccasionId(occasion_id), PatientRef(patient_ref), actor, manner)


def leave_clinic_visit() -> None:
    """End what one of the staff was filling in; a patient's own visit stays."""
    if len(session.get(KEY, ())) > OF_PATIENT:
        session.pop(KEY)


def way_back() -> str | None:
    """Return the clinic's page that a visit began on; None for a patient's own visit."""
    kept = session.get(KEY, ())
    if len(kept) <= OF_PATIENT:
        return None
    enrolment_id = kept[-1]
    return url_for("clinic.show_case", enrolment_id=enrolment_id) if enrolment_id else url_for("clinic.list_calls")
