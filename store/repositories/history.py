"""All that a table may look back at, for one enrolment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func

from delivery.schedule import Enrolment
from kernel.ids import Canonical, OccasionId, ResponseId
from scoring.history import History, PastDecision, PastResponse
from scoring.result import Score
from store.base import table_of
from store.repositories.enrolments import RUNNING
from store.repositories.responses import RETRACTED
from store.repositories.scores import score_of
from store.scope import Found, Scope, Where
from store.tables.decision import DecisionRow
from store.tables.enrolment import EnrolmentRow
from store.tables.request import RequestRow
from store.tables.response import ResponseRow
from store.tables.score import ScoreRow
from store.tables.suggestion import SuggestionRow

DECISION = table_of(DecisionRow)
ENROLMENT = table_of(EnrolmentRow)
REQUEST = table_of(RequestRow)
RESPONSE = table_of(ResponseRow)
SCORE = table_of(ScoreRow)
SUGGESTION = table_of(SuggestionRow)


@dataclass(frozen=True, slots=True)
class Histories:
    """Reads the episode of an enrolment."""

    scope: Scope

    def of(self, enrolment: Enrolment) -> History:
        """Return the patient's current responses, and the enrolment's decisions.

        The responses go back to the patient's first running enrolment: what one package asked is not asked again for
        another while it is valid, so it must be seen from there too.
        A response that was entered in error is left out; an amended one was received when its first version was.
        Both oldest first; a response is as old as the moment at which the patient finished it.
        """
        since = self._first_enrolled_at(enrolment)
        scores = self._scores(enrolment, since)
        responses = tuple(_past(row, scores.get(row.id, {})) for row in self._responses(enrolment, since))
        began_at = enrolment.enrolled_at if since < enrolment.enrolled_at else None
        return History(responses, self._decisions(enrolment), began_at)

    def _first_enrolled_at(self, enrolment: Enrolment) -> datetime:
        running = self.scope.select(
            ENROLMENT, ENROLMENT.c.patient_ref == enrolment.patient_ref, ENROLMENT.c.state.in_(RUNNING)
        )
        first = self.scope.first(running.order_by(ENROLMENT.c.enrolled_at))
        return enrolment.enrolled_at if first is None else min(first.enrolled_at, enrolment.enrolled_at)

    def _responses(self, enrolment: Enrolment, since: datetime) -> tuple[Found, ...]:
        same_request = (REQUEST.c.clinic_id == RESPONSE.c.clinic_id) & (REQUEST.c.id == RESPONSE.c.request_id)
        query = (
            self.scope.select(RESPONSE, *_episode(enrolment, since))
            .with_only_columns(RESPONSE.c.id, RESPONSE.c.questionnaire, RESPONSE.c.authored_at, REQUEST.c.occasion_id)
            .join(REQUEST, same_request)
            .where(func.coalesce(REQUEST.c.completed_at, RESPONSE.c.received_at) >= since)
            .order_by(RESPONSE.c.authored_at, RESPONSE.c.id)
        )
        return tuple(self.scope.all(query))

    def _scores(self, enrolment: Enrolment, since: datetime) -> Mapping[str, Mapping[str, Score]]:
        same_response = (RESPONSE.c.clinic_id == SCORE.c.clinic_id) & (RESPONSE.c.id == SCORE.c.response_id)
        query = self.scope.select(SCORE).join(RESPONSE, same_response).where(*_episode(enrolment, since))
        found: dict[str, dict[str, Score]] = {}
        # Ids grow with time: the scores of the newest rule version come last and stay.
        for row in self.scope.all(query.order_by(SCORE.c.id)):
            found.setdefault(row.response_id, {})[row.score_id] = score_of(row)
        return found

    def _decisions(self, enrolment: Enrolment) -> tuple[PastDecision, ...]:
        same = (SUGGESTION.c.clinic_id == DECISION.c.clinic_id) & (SUGGESTION.c.id == DECISION.c.suggestion_id)
        query = (
            self.scope.select(DECISION, DECISION.c.enrolment_id == enrolment.id)
            .with_only_columns(
                DECISION.c.decided_at, DECISION.c.valid_until, DECISION.c.new_episode, SUGGESTION.c.alert
            )
            .join(SUGGESTION, same)
            .order_by(DECISION.c.decided_at, DECISION.c.id)
        )
        return tuple(_past_decision(row) for row in self.scope.all(query))


def _episode(enrolment: Enrolment, since: datetime) -> tuple[Where, ...]:
    return (
        RESPONSE.c.patient_ref == enrolment.patient_ref,
        RESPONSE.c.is_current,
        RESPONSE.c.status != RETRACTED,
        # An amendment comes after its first version: that one decides, where the answers themselves are read.
        RESPONSE.c.received_at >= since,
    )


def _past(row: Found, scores: Mapping[str, Score]) -> PastResponse:
    url, _, _version = row.questionnaire.partition("|")
    return PastResponse(
        id=ResponseId(row.id),
        questionnaire=Canonical(row.questionnaire),
        questionnaire_id=url.rsplit("/", 1)[-1],
        occasion_id=OccasionId(row.occasion_id),
        answered_at=row.authored_at,
        scores=scores,
    )


def _past_decision(row: Found) -> PastDecision:
    used = (one["response_id"] for one in row.alert["inputs"].values())
    responses = frozenset(ResponseId(response_id) for response_id in used if response_id)
    return PastDecision(row.decided_at, row.valid_until, responses, row.new_episode)
