"""Related persons: who may answer for a patient, by what right, and when."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kernel.ids import PatientRef, RelatedPersonId


class Relationship(StrEnum):
    """By what right somebody answers for a patient.

    Source: HL7 v3 RoleCode GUARD and POWATT; værgemålsloven, lov om fremtidsfuldmagter.
    """

    GUARDIAN = "guardian"
    POWER_OF_ATTORNEY = "power-of-attorney"


@dataclass(frozen=True, slots=True)
class RelatedPerson:
    """Somebody who may answer for a patient, as the clinic recorded it.

    Args:
        source: what the clinic saw, such as a decision of Familieretshuset; in its own words.
        valid_from: first Danish day.
        valid_until: last Danish day; None = until it is ended.
        recorded_by: id of the member of the staff.
        ended_at: when the clinic ended it; None = it stands.
    """

    id: RelatedPersonId
    patient_ref: PatientRef
    relationship: Relationship
    name: str = field(repr=False)
    source: str = field(repr=False)
    valid_from: date
    valid_until: date | None
    recorded_by: str
    recorded_at: datetime
    ended_at: datetime | None = None

    def is_in_force(self, day: date) -> bool:
        """Tell whether it counts on a Danish day."""
        has_begun = self.ended_at is None and self.valid_from <= day
        return has_begun and (self.valid_until is None or day <= self.valid_until)
