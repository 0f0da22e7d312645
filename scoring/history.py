"""What is known of a patient's earlier answers, as the timelines need it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kernel.ids import Canonical, OccasionId, ResponseId
from scoring.result import Score


@dataclass(frozen=True, slots=True)
class PastResponse:
    """One response of the episode, with its scores.

    Args:
        questionnaire: `url|version` answered.
        questionnaire_id: short name, such as `cat`.
        answered_at: aware UTC.
        scores: score id -> score.
    """

    id: ResponseId
    questionnaire: Canonical
    questionnaire_id: str
    occasion_id: OccasionId
    answered_at: datetime
    scores: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One decision of the package, with the responses that it was made on."""

    decided_at: datetime
    valid_until: datetime
    responses: frozenset[ResponseId]


@dataclass(frozen=True, slots=True)
class History:
    """All that a table may look back at: responses and decisions of one episode, oldest first.

    The responses include the current occasion's.
    """

    responses: tuple[PastResponse, ...] = ()
    decisions: tuple[PastDecision, ...] = ()
