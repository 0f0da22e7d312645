"""Why an instrument cannot be sent: its owner asks for a licence that is missing, too old, or has no wording."""

from datetime import date
from enum import StrEnum

from delivery.adopted import Adopted
from questionnaires.licence import LicenceList
from questionnaires.model import Questionnaire
from questionnaires.wording import DANISH


class WhyNot(StrEnum):
    """Why an instrument cannot be sent."""

    NO_LICENCE = "no-licence"
    NOT_YET = "licence-not-yet-valid"
    EXPIRED = "licence-expired"


def why_not(questionnaire: Questionnaire, licences: LicenceList, adopted: Adopted, on: date) -> WhyNot | None:
    """Tell why a questionnaire version cannot be sent outside demo.

    Patients are written to in Danish, so it is the Danish wording and its licence that count; a licence record comes
    with its wording, so that there is never one without the other.

    Args:
        on: Danish date.

    Returns:
        None where it can be sent.
    """
    if not licences.needs_record(questionnaire.id):
        return None
    wording = adopted.by_language(questionnaire.canonical).get(DANISH)
    if wording is None:
        return WhyNot.NO_LICENCE
    record = adopted.licence(wording.licence_id)
    if record.holds_on(on):
        return None
    return WhyNot.NOT_YET if on < record.granted_on else WhyNot.EXPIRED
