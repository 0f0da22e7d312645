"""Candidates: patients of a population list who might enter a care package, and what somebody said to that."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kernel.ids import CandidateId, EnrolmentId, PatientRef


class CandidateState(StrEnum):
    """Life of a candidate; one per patient and package waits or is excluded at a time."""

    WAITING = "waiting"
    EXCLUDED = "excluded"
    ORDERED = "ordered"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One patient of a list, for one package.

    Args:
        package: `KOL` or `LRS`.
        diagnosis: code as the list has it, such as `R95`.
        own_patient: the list says that the patient belongs to this clinic.
        assessed_by: id of who ordered or excluded.
        assessed_name: name of who ordered or excluded.
        on_behalf_of: id of the clinician in whose delegation that was.
        reason: why excluded.
        review_on: Danish date from which an exclusion is to be looked at again.
        enrolment_id: what an order led to.
    """

    id: CandidateId
    patient_ref: PatientRef
    package: str
    diagnosis: str
    own_patient: bool
    state: CandidateState
    imported_at: datetime
    assessed_at: datetime | None = None
    assessed_by: str | None = None
    assessed_name: str | None = None
    on_behalf_of: str | None = None
    reason: str | None = field(default=None, repr=False)
    review_on: date | None = None
    enrolment_id: EnrolmentId | None = None

    def is_for_review(self, today: date) -> bool:
        """Tell whether an exclusion is to be looked at again."""
        return self.state is CandidateState.EXCLUDED and self.review_on is not None and self.review_on <= today
