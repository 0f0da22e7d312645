"""What is known of a patient beside the answers: may the patient be written to, and by which kind of channel."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.ids import PatientRef

CLINIC_CHANNEL = "clinic"
"""The channel without an app: staff ask by telephone or on the clinic's own screen."""


class StatusKind(StrEnum):
    """What a source tells of a patient; each is yes or no.

    DECLINED means the questionnaires only: the patient stays in the package. DIGITAL is yes until a source says no.
    """

    DEAD = "dead"
    MOVED = "moved"
    PROTECTED = "protected"
    DECLINED = "declined"
    DIGITAL = "digital"

    @property
    def ends(self) -> bool:
        """A yes ends the patient's packages in this clinic."""
        return self in (StatusKind.DEAD, StatusKind.MOVED)

    @property
    def stops(self) -> bool:
        """Nobody writes to the patient while this is yes."""
        return self is not StatusKind.DIGITAL


@dataclass(frozen=True, slots=True)
class StatusReport:
    """One thing that a source tells of a patient.

    Args:
        value: yes or no.
        since: Danish date from which it holds.
    """

    kind: StatusKind
    value: bool
    since: date


@dataclass(frozen=True, slots=True)
class PatientStatus:
    """One line of a patient's history: what was known from when until when, and from whom.

    Args:
        id: ours.
        since: Danish date from which it holds, as the source says.
        source: name of the feed, such as `cpr` or `lps`.
        recorded_at: when we learned it, aware UTC.
        ended_at: when something newer of the same kind replaced it; None = it is what we know.
    """

    id: str
    patient_ref: PatientRef
    kind: StatusKind
    value: bool
    since: date
    source: str
    recorded_at: datetime
    ended_at: datetime | None = None


class Hold(StrEnum):
    """Why a message that is due does not leave; the first two hold everything, the others what patients see."""

    NO_AGREEMENT = "no-agreement"
    OPTED_OUT = "opted-out"
    STATUS_STALE = "status-stale"
    PATIENT_STATUS = "patient-status"


@dataclass(frozen=True, slots=True)
class FeedDemand:
    """That a clinic writes to nobody unless a source spoke within so many hours.

    Args:
        source: name of the feed, such as `cpr`.
        max_age_h: hours, 1 or more.
        fresh_until: until when what it said last counts, aware UTC; None = it never spoke.
    """

    source: str
    max_age_h: int
    fresh_until: datetime | None


@dataclass(frozen=True, slots=True)
class StatusFeed:
    """When a source last told this clinic anything, even that nothing has changed.

    Args:
        source: its name.
        received_at: aware UTC.
        entries: how many lines it held.
    """

    source: str
    received_at: datetime
    entries: int
