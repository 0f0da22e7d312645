"""That a patient is put off for a while, with what is expected meanwhile."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kernel.ids import EnrolmentId, PersonId, PostponementId, StandInId
from scoring.levels import Colour


class Ended(StrEnum):
    """Why a postponement ended before its day."""

    WORSE = "worse"
    WISH = "wish"
    BY_HAND = "by-hand"
    ANEW = "anew"


@dataclass(frozen=True, slots=True)
class Postponement:
    """One enrolment put off.

    Args:
        until: last Danish day of it.
        expected: colour up to which nothing is news until then.
        reason: free text, may name the patient.
        set_by: id of who did it.
        set_by_name: the name, shown with it.
        set_at: aware UTC.
        ended_at: when it ended before its day; None = it has not.
    """

    id: PostponementId
    enrolment_id: EnrolmentId
    until: date
    expected: Colour
    reason: str = field(repr=False)
    set_by: str
    set_by_name: str = field(repr=False)
    set_at: datetime
    ended_at: datetime | None = None
    ended_why: Ended | None = None


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody looks after the patients of somebody who is away.

    Args:
        person_id: who is away.
        stands_in_id: who looks after the patients meanwhile.
        first_day: Danish day, included.
        last_day: Danish day, included.
    """

    id: StandInId
    person_id: PersonId
    stands_in_id: PersonId
    first_day: date
    last_day: date
