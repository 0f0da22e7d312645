"""Whose form this browser fills in, kept in the session: the patient alone, or one of the clinic's staff together."""

from collections.abc import Callable

from flask import session, url_for

from flow.form import Visit
from kernel.errors import UnauthenticatedError
from kernel.ids import ClinicId, EnrolmentId, OccasionId, PatientRef, RelatedPersonId
from security.actor import Actor

KEY = "visit"
RELATED = "related"
"""Who answers for the patient of the visit."""
OF_PATIENT = 3
"""Parts of a patient's own visit; one of the clinic's also says who fills in and where to go back to."""


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
    return Visit(ClinicId(clinic_id), OccasionId(occasion_id), PatientRef(patient_ref), actor)


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
