"""What is asked when: enrolment, series, slot, occasion and request, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kernel.ids import Canonical, EnrolmentId, OccasionId, PatientRef, RequestId, SeriesId, SlotId


class EnrolmentState(StrEnum):
    """Life of an enrolment."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class SlotState(StrEnum):
    """Life of a slot: every slot ends in exactly one terminal state."""

    PLANNED = "planned"
    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class OccasionState(StrEnum):
    """Life of an occasion; at most one per patient is open."""

    OPEN = "open"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class RequestState(StrEnum):
    """Life of a request: the FHIR Task of one questionnaire asked once."""

    REQUESTED = "requested"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """The request can still be answered."""
        return self in (RequestState.REQUESTED, RequestState.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One patient in one care package at one clinic.

    Args:
        id: also the FHIR id of the CarePlan.
        patient_ref: pseudonym.
        package: `KOL` or `LRS`.
        programme: id of the programme, such as `kol`.
        programme_version: exact version that plans its series.
        channel: where invitations go first.
        plan_target: where reports go.
        state: see `EnrolmentState`.
        enrolled_at: aware UTC.
        slots: the programme's slot -> the questionnaire chosen for it, such as `healthLiteracy` -> `shk-draft`.
        control_month: month of the yearly control, 1 to 12; None = none agreed.
    """

    id: EnrolmentId
    patient_ref: PatientRef
    package: str
    programme: str
    programme_version: str
    channel: str
    plan_target: str
    state: EnrolmentState
    enrolled_at: datetime
    slots: Mapping[str, str] = field(default_factory=dict)
    control_month: int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A row of slots counted from one anchor; a re-plan ends it and starts another.

    Args:
        enrolment_id: whose.
        n: number within the enrolment, from 1.
        occasion_kind: id of the programme's occasion, such as `start` or `periodic`.
        anchor: Danish date from which slots are counted.
        period_months: months between slots; 0 = a single slot at the anchor.
        programme_version: that planned it.
        reason: why it was planned: `enrolled`, `ordered`, `before-appointment:<date>`,
            `after-discharge:<date>`, `control-month:<month>`, `rest:<slot id>`, `decided:<decision id>`.
        ended_at: aware UTC; None while it runs.
        ask: ids of the questionnaires that an earlier occasion had no room for; empty = all that the kind asks.
    """

    id: SeriesId
    enrolment_id: EnrolmentId
    n: int
    occasion_kind: str
    anchor: date
    period_months: int
    programme_version: str
    reason: str
    ended_at: datetime | None = None
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """The k-th time of a series.

    Args:
        k: UNIQUE within the series; 0 is the anchor itself.
        nominal_date: anchor + k x period, month end clamped; its identity in time.
        due_at: when to ask, aware UTC, inside the clinic's window.
        occasion_id: the occasion that asks it, once open.
        asked_by: `<id>|<version>` of the licence-free variant that asks it, once open; None = its own programme.
    """

    id: SlotId
    series_id: SeriesId
    enrolment_id: EnrolmentId
    patient_ref: PatientRef
    k: int
    nominal_date: date
    due_at: datetime
    state: SlotState
    occasion_id: OccasionId | None = None
    asked_by: str | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """All that is asked of a patient at one time: one invitation, one link, one reminder chain.

    Args:
        opened_at: aware UTC.
        expires_at: after this moment nothing is accepted any more.
        state: see `OccasionState`.
        completed_at: when the last request was answered.
        counted: it counts against the patient's yearly cap.
        reminder_days: days after the invitation was taken on which it is repeated, as they were when it opened.
        contact_wished_at: when the patient wished to be contacted; None where there is no such wish.
    """

    id: OccasionId
    patient_ref: PatientRef
    state: OccasionState
    opened_at: datetime
    expires_at: datetime
    completed_at: datetime | None = None
    counted: bool = False
    reminder_days: tuple[int, ...] = ()
    contact_wished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One questionnaire asked of one patient once.

    Args:
        id: also the FHIR id of the Task, and the order number of a channel.
        position: order within the occasion, from 0.
        questionnaire: `url|version`.
        requested_at: aware UTC.
    """

    id: RequestId
    occasion_id: OccasionId
    patient_ref: PatientRef
    questionnaire: Canonical
    position: int
    state: RequestState
    requested_at: datetime
    expires_at: datetime
    completed_at: datetime | None = None
