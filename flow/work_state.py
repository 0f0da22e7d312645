"""Where an enrolment stands for the clinic."""

from enum import StrEnum

from delivery.schedule import Occasion, OccasionState
from scoring.decision import Decision
from scoring.suggestion import FiledSuggestion


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
