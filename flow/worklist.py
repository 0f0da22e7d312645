"""LOOK: who waits for the clinic, the worst and the longest waiting first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from delivery.content import Content
from delivery.schedule import Enrolment, Occasion, OccasionState
from kernel.ids import EnrolmentId
from questionnaires.model import Text
from scoring.decision import Decision
from scoring.levels import Colour, DifferentiationLevel, Urgency
from scoring.suggestion import Alert, FiledSuggestion
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx


class WorkState(StrEnum):
    """Where an enrolment stands for the clinic, most pressing first."""

    AWAITING_DECISION = "awaiting-decision"
    NEW_ANSWER_AWAITING = "new-answer-awaiting"
    UNANSWERED = "unanswered"
    ASKED = "asked"
    DECIDED = "decided"
    PLANNED = "planned"

    @property
    def is_awaiting(self) -> bool:
        """Whether an answer waits for a decision."""
        return self in (WorkState.AWAITING_DECISION, WorkState.NEW_ANSWER_AWAITING)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One enrolment on the worklist.

    Args:
        name: the patient's.
        colour: the suggestion's before a decision, the decision's after it, and the worse of both while a newer
            answer awaits; None where nothing was answered.
        urgency: the suggestion's, while it awaits a decision.
        reason: of the suggestion's worst row, while it awaits a decision.
        answered_at: when the newest answer came, aware UTC.
        complete: every form of the newest answered occasion is in.
        level: the suggested one before a decision and the decided one after it; None where there is none.
        wished_at: when the patient wished to be contacted, if nobody has decided since.
    """

    enrolment: Enrolment
    name: str = field(repr=False)
    state: WorkState
    colour: Colour | None = None
    urgency: Urgency | None = None
    reason: Text | None = None
    answered_at: datetime | None = None
    complete: bool = True
    level: DifferentiationLevel | None = None
    wished_at: datetime | None = None

    @property
    def order(self) -> tuple[int, int, int, datetime]:
        """Sort key: state, then colour and urgency from the worst, then the longest waiting."""
        colour = -self.colour.severity if self.colour else 0
        urgency = -self.urgency.severity if self.urgency else 0
        state = 0 if self.state.is_awaiting else list(WorkState).index(self.state)
        return (state, colour, urgency, self.answered_at or self.enrolment.enrolled_at)


@dataclass(frozen=True, slots=True)
class ListWork:
    """The use case; it reads all enrolments, `chunk` by `chunk`, because none that waits may be left out."""

    store: Store
    content: Content
    chunk: int = 500

    def __call__(self, actor: Actor) -> tuple[WorkRow, ...]:
        """Return the clinic's enrolments in the order in which they need somebody."""
        allow(actor, Action.READ_WORKLIST)
        # A write, because looking at patients leaves a trace in the same transaction.
        with self.store.write(actor.clinic_id, actor) as tx:
            rows = tuple(_row(tx, enrolment) for enrolment in _enrolments(tx, self.chunk))
            seen = tuple(row.enrolment.patient_ref for row in rows)
            tx.audit.record(AuditEvent("read", "Worklist", seen))
        return tuple(sorted(rows, key=lambda row: row.order))


def _enrolments(tx: Tx, chunk: int) -> Iterator[Enrolment]:
    last: EnrolmentId | None = None
    while found := tx.enrolments.all(chunk, last):
        yield from found
        last = found[-1].id


@dataclass(frozen=True, slots=True)
class PatientWork:
    """All packages of one patient, the most pressing first.

    Args:
        rows: at least one.
    """

    rows: tuple[WorkRow, ...]

    @property
    def state(self) -> WorkState:
        """State of the most pressing package."""
        return self.rows[0].state


def by_patient(rows: Sequence[WorkRow]) -> tuple[PatientWork, ...]:
    """Put the packages of each patient together; a patient stands where the most pressing one does.

    Args:
        rows: in the order in which they need somebody.
    """
    found: dict[str, list[WorkRow]] = {}
    for row in rows:
        found.setdefault(row.enrolment.patient_ref, []).append(row)
    return tuple(PatientWork(tuple(packages)) for packages in found.values())


def _row(tx: Tx, enrolment: Enrolment) -> WorkRow:
    name = tx.patients.identity(enrolment.patient_ref).name
    suggestion = tx.suggestions.newest(enrolment.id)
    decision = tx.decisions.newest(enrolment.id)
    newest = tx.occasions.newest_of(enrolment.patient_ref)
    state, wished = state_of(suggestion, decision, newest), wished_at(newest, decision)
    if suggestion is None:
        return WorkRow(enrolment, name, state, wished_at=wished)
    alert = suggestion.alert
    return WorkRow(
        enrolment,
        name,
        state,
        colour=_colour(state, suggestion, decision),
        urgency=alert.urgency if state.is_awaiting else None,
        reason=_worst_reason(alert) if state.is_awaiting else None,
        answered_at=suggestion.made_at,
        complete=suggestion.complete,
        level=_level(suggestion, decision),
        wished_at=wished,
    )


def wished_at(newest: Occasion | None, decision: Decision | None) -> datetime | None:
    """Tell since when a patient wishes to be contacted; None where there is no wish, or somebody decided since."""
    wished = newest.contact_wished_at if newest else None
    return None if wished is None or (decision and decision.decided_at >= wished) else wished


def _worst_reason(alert: Alert) -> Text | None:
    """Return the reason of the row that gave the alert its colour and, among those, its urgency."""
    worst = [row for row in alert.rows if row.colour is alert.colour]
    return max(worst, key=lambda row: row.urgency.severity).reason if worst else None


def state_of(suggestion: FiledSuggestion | None, decision: Decision | None, newest: Occasion | None) -> WorkState:
    """Tell where an enrolment stands.

    Args:
        suggestion: the newest one.
        decision: the newest one.
        newest: the patient's newest occasion.
    """
    if suggestion and decision is None:
        return WorkState.AWAITING_DECISION
    if suggestion and decision and decision.suggestion_id != suggestion.id:
        return WorkState.NEW_ANSWER_AWAITING
    answered = suggestion is not None and newest is not None and suggestion.occasion_id == newest.id
    if newest and not answered and newest.state is OccasionState.EXPIRED:
        return WorkState.UNANSWERED
    if newest and newest.state is OccasionState.OPEN:
        return WorkState.ASKED
    return WorkState.DECIDED if decision else WorkState.PLANNED


def _level(suggestion: FiledSuggestion, decision: Decision | None) -> DifferentiationLevel | None:
    if decision is not None:
        return decision.level
    return suggestion.needs.level if suggestion.needs else None


def _colour(state: WorkState, suggestion: FiledSuggestion, decision: Decision | None) -> Colour:
    if decision is None:
        return suggestion.alert.colour
    if state is WorkState.NEW_ANSWER_AWAITING:
        return max(decision.colour, suggestion.alert.colour, key=lambda colour: colour.severity)
    return decision.colour
