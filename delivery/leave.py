"""What a patient chooses instead of answering, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.ids import EnrolmentId, LeaveId, OccasionId


class LeaveKind(StrEnum):
    """What was chosen.

    ONCE means this occasion only; PAUSE, nothing until a date; STOP, no questionnaires any more, as a status
    `declined` says it: the patient stays in the package.
    """

    ONCE = "once"
    PAUSE = "pause"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Leave:
    """A patient's choice, for one enrolment.

    Args:
        until: Danish date on which a pause ends by itself.
        at: when it was chosen, aware UTC.
        ended_at: when a pause was over, by itself or by the clinic's word, aware UTC.
    """

    id: LeaveId
    enrolment_id: EnrolmentId
    occasion_id: OccasionId
    kind: LeaveKind
    until: date | None
    at: datetime
    ended_at: datetime | None = None
