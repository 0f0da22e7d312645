"""The port to the plan: what a plan target is given and what it gives back."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from delivery.parties import Clinic, PatientIdentity
from kernel.ids import Canonical, DecisionId, EnrolmentId, MessageId, ResponseId, SuggestionId


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
        band: Danish label of the band, or None.
        code: (system, code, display) of a Danish or international code, if the content names one.
    """

    id: str
    label: str
    display: str | None
    band: str | None
    code: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class ReportedDecision:
    """The clinician's decision, as the plan shows it.

    Args:
        colour: `GREEN`, `YELLOW` or `RED`.
        level: 1, 2 or 3, or None.
        next_due: Danish date of the next questionnaire, if one is planned.
        scores: of the responses that were decided on.
    """

    id: DecisionId
    suggestion_id: SuggestionId
    colour: str
    level: int | None
    author: str = field(repr=False)
    decided_at: datetime
    next_due: date | None
    scores: tuple[ReportedScore, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReport:
    """The state of one enrolment for its plan, rendered when it is sent.

    Args:
        key: idempotency key.
        sequence: grows with every report of the enrolment; a plan never goes back behind it.
        awaiting: answers newer than the decision wait for assessment.
        answers: newest occasion's answers.
        decision: the newest decision, None before the first: then nothing here carries a colour, band or level.
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

    def report(self, report: PlanReport) -> PlanReceipt:
        """Write the report; the same key twice changes the plan once.

        Raises:
            PlanError: with `permanent` when trying again is useless; a conflict that re-reading did not
                solve is not permanent.
        """
        ...
