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
        topics: tells which named things it is about, such as activities, where the instrument asks for them; equal for
            the same things. None = not known, so that nothing can be compared.
    """

    id: ResponseId
    questionnaire: Canonical
    questionnaire_id: str
    occasion_id: OccasionId
    answered_at: datetime
    scores: Mapping[str, Score]
    topics: str | None = None


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One decision of the package, with the responses that it was made on.

    Args:
        new_episode: the clinician confirmed that a new episode has begun.
    """

    decided_at: datetime
    valid_until: datetime
    responses: frozenset[ResponseId]
    new_episode: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """All that a table may look back at: the patient's responses and the package's decisions, oldest first.

    The responses include the current occasion's, and those that another running package asked earlier.

    Args:
        began_at: the enrolment, where earlier responses are included; None where there are none.
    """

    responses: tuple[PastResponse, ...] = ()
    decisions: tuple[PastDecision, ...] = ()
    began_at: datetime | None = None

    @property
    def episode_start(self) -> datetime | None:
        """Start of the running episode: the occasion whose new episode a clinician confirmed last, else the enrolment.

        Source: docs/clinical/README.md, "earlier values".
        """
        confirmed = [decision for decision in self.decisions if decision.new_episode]
        if not confirmed:
            return self.began_at
        newest = max(confirmed, key=lambda decision: decision.decided_at)
        known = [response for response in self.responses if response.id in newest.responses]
        if not known:
            return newest.decided_at
        occasion = max(known, key=lambda response: response.answered_at).occasion_id
        return min(response.answered_at for response in self.responses if response.occasion_id == occasion)
