"""The port to the plan: what a plan target is given and what it gives back."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from delivery.capabilities import Capabilities
from delivery.parties import Clinic, PatientIdentity
from kernel.ids import Canonical, DecisionId, EnrolmentId, MessageId, ResponseId, SuggestionId


class ReportEvent(StrEnum):
    """What happened, so that there is something to report."""

    ANSWER = "answer"
    DECISION = "decision"
    NOT_ANSWERED = "not-answered"
    UNDELIVERED = "undelivered"
    ESCALATION = "escalation"
    REFUSED = "refused"
    UNSENT = "unsent"
    LEFT = "left"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class ReportedAnswer:
    """That a questionnaire was answered; never how.

    Args:
        title: Danish title of the questionnaire.
        answered_at: aware UTC.
    """

    response_id: ResponseId
    questionnaire: Canonical
    title: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class ReportedScore:
    """One score, released by a decision.

    Args:
        label: Danish label.
        display: rounded value as text, or None for a category.
        band: Danish label of the band, as clinicians read it, or None.
        gentle: the band in the words that the patient reads, or None.
        change: points since the answer before, such as `+6`, where the instrument judges changes; else empty.
        since: Danish date of the answer before, where there is a change.
        code: (system, code, display) of a Danish or international code, if the content names one.
    """

    id: str
    label: str
    display: str | None
    band: str | None
    code: tuple[str, str, str] | None = None
    gentle: str | None = None
    change: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class ReportedSuggestion:
    """What the tables advise; only the clinic itself may see it before a decision.

    Args:
        colour: `GREEN`, `UNKNOWN`, `YELLOW` or `RED`.
        urgency: code, such as `within-1-week`.
        reasons: Danish reason of each matched row, worst first.
        action: Danish advice.
        complete: everything that was asked has been answered, or its time is over.
    """

    id: SuggestionId
    colour: str
    urgency: str
    reasons: tuple[str, ...]
    action: str
    complete: bool


@dataclass(frozen=True, slots=True)
class ReportedAction:
    """Something that was agreed.

    Args:
        label: Danish.
        due: Danish date by which it is to be done, if one was set.
    """

    label: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ReportedDecision:
    """The clinician's decision, as the plan shows it.

    Args:
        colour: `GREEN`, `YELLOW` or `RED`.
        level: 1, 2 or 3, or None.
        next_due: Danish date of the next questionnaire, if one is planned.
        scores: of the responses that were decided on.
        dimensions: Danish title of each dimension of need, and its colour.
        actions: what was agreed.
        goal: the patient's own goal in the patient's words; empty when none was agreed.
    """

    id: DecisionId
    suggestion_id: SuggestionId
    colour: str
    level: int | None
    author: str = field(repr=False)
    decided_at: datetime
    next_due: date | None
    scores: tuple[ReportedScore, ...] = ()
    dimensions: tuple[tuple[str, str], ...] = ()
    actions: tuple[ReportedAction, ...] = ()
    goal: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ReportedEscalation:
    """A red that waits for somebody.

    Args:
        since: when the red was suggested, aware UTC.
        why: `not-received` or `not-decided`.
        person: name of who is to act; empty where the clinic has named nobody.
    """

    since: datetime
    why: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class ReportedAlert:
    """What somebody is to be alerted of, once.

    Args:
        id: the same in every entry that tells of it.
        kind: `red`, `yellow`, `unknown`, or `wish` for contact.
        raised_at: aware UTC.
    """

    id: str
    kind: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class ReportedLeave:
    """What a patient chose instead of answering.

    Args:
        kind: `once`, `pause` or `stop`.
        until: Danish date on which a pause ends.
    """

    kind: str
    until: date | None


@dataclass(frozen=True, slots=True)
class PlanReport:
    """The state of one enrolment, rendered when it is sent; what may leave of it is decided by `delivery.release`.

    Args:
        key: idempotency key.
        sequence: grows with every report of the enrolment; a plan never goes back behind it.
        awaiting: answers newer than the decision wait for assessment.
        answers: newest occasion's answers.
        decision: what was decided, None before the first decision.
        event: what happened.
        suggestion: the newest suggestion; never in a report that `delivery.release` lets out of the clinic.
        link: address of the clinic's page about the enrolment; it opens nothing without signing in.
        escalation: with the event `escalation`; told to the clinic itself only.
        refused_by: names of targets that took a report not; with the event `refused`.
        unsent_since: when a danger answer was given that was not sent, aware UTC; with the event `unsent`.
        leave: with the event `left`; told to the clinic itself only.
        contact_wished_at: when the patient wished to be contacted, if nobody has decided since; told to the clinic
            itself only.
    """

    key: MessageId
    sequence: int
    enrolment_id: EnrolmentId
    package: str
    clinic: Clinic
    patient: PatientIdentity
    enrolled_at: datetime
    awaiting: bool
    answers: tuple[ReportedAnswer, ...]
    decision: ReportedDecision | None = None
    event: ReportEvent = ReportEvent.ANSWER
    suggestion: ReportedSuggestion | None = None
    link: str = ""
    escalation: ReportedEscalation | None = None
    refused_by: tuple[str, ...] = ()
    unsent_since: datetime | None = None
    leave: ReportedLeave | None = None
    contact_wished_at: datetime | None = None
    alerts: tuple[ReportedAlert, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReceipt:
    """What the plan said.

    Args:
        version: version of the plan after the report.
        duplicate: the plan had this report, or a newer one, already.
    """

    reference: str
    version: str
    duplicate: bool = False


class PlanTarget(Protocol):
    """Carries reports to one kind of plan."""

    name: str
    capabilities: Capabilities

    def report(self, report: PlanReport) -> PlanReceipt:
        """Write the report; the same key twice changes the plan once.

        Raises:
            PlanError: with `permanent` when trying again is useless; a conflict that re-reading did not
                solve is not permanent.
        """
        ...
