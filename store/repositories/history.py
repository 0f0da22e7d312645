"""All that a table may look back at, for one enrolment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_

from delivery.schedule import Enrolment
from kernel.ids import Canonical, OccasionId, ResponseId
from scoring.history import History, PastDecision, PastResponse
from scoring.result import Score
from store.base import table_of
from store.repositories.enrolments import RUNNING
from store.repositories.responses import RETRACTED
from store.repositories.scores import score_of
from store.scope import Found, Scope, of_clinic
from store.tables.decision import DecisionRow
from store.tables.enrolment import EnrolmentRow
from store.tables.request import RequestRow
from store.tables.response import ResponseRow
from store.tables.score import ScoreRow
from store.tables.suggestion import SuggestionRow
from store.types import UtcDateTime
from store.values import names_of

DECISION = table_of(DecisionRow)
ENROLMENT = table_of(EnrolmentRow)
REQUEST = table_of(RequestRow)
RESPONSE = table_of(ResponseRow)
SCORE = table_of(ScoreRow)
SUGGESTION = table_of(SuggestionRow)
SCORE_COLUMNS = tuple(
    SCORE.c[name] for name in ("score_id", *(one for one in names_of(Score) if one in SCORE.c and one != "id"))
)


SINCE = bindparam("since", type_=UtcDateTime())
FIRST_ENROLLED = of_clinic(
    ENROLMENT,
    ENROLMENT.c.patient_ref == bindparam("of_patient"),
    or_(*(ENROLMENT.c.state == state for state in RUNNING)),
).with_only_columns(func.min(ENROLMENT.c.enrolled_at).label("enrolled_at"))
ANSWERS = (
    of_clinic(
        RESPONSE,
        RESPONSE.c.patient_ref == bindparam("of_patient"),
        RESPONSE.c.is_current,
        RESPONSE.c.status != RETRACTED,
        # An amendment comes after its first version: that one decides, so `completed_at` is asked too.
        RESPONSE.c.received_at >= SINCE,
        func.coalesce(REQUEST.c.completed_at, RESPONSE.c.received_at) >= SINCE,
    )
    .with_only_columns(
        RESPONSE.c.id.label("answer_id"),
        RESPONSE.c.questionnaire,
        RESPONSE.c.authored_at,
        REQUEST.c.occasion_id,
        *SCORE_COLUMNS,
    )
    .join(REQUEST, and_(REQUEST.c.clinic_id == RESPONSE.c.clinic_id, REQUEST.c.id == RESPONSE.c.request_id))
    .outerjoin(SCORE, and_(SCORE.c.clinic_id == RESPONSE.c.clinic_id, SCORE.c.response_id == RESPONSE.c.id))
    # Ids grow with time: the scores of the newest rule version come last and stay.
    .order_by(RESPONSE.c.authored_at, RESPONSE.c.id, SCORE.c.id)
)
DECISIONS = (
    of_clinic(DECISION, DECISION.c.enrolment_id == bindparam("of_enrolment"))
    .with_only_columns(DECISION.c.decided_at, DECISION.c.valid_until, DECISION.c.new_episode, SUGGESTION.c.alert)
    .join(
        SUGGESTION,
        and_(SUGGESTION.c.clinic_id == DECISION.c.clinic_id, SUGGESTION.c.id == DECISION.c.suggestion_id),
    )
    .order_by(DECISION.c.decided_at, DECISION.c.id)
)


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
        began_at = enrolment.enrolled_at if since < enrolment.enrolled_at else None
        decisions = self.scope.rows(DECISIONS, of_enrolment=enrolment.id)
        return History(self._responses(enrolment, since), tuple(_past_decision(row) for row in decisions), began_at)

    def _first_enrolled_at(self, enrolment: Enrolment) -> datetime:
        (first,) = self.scope.rows(FIRST_ENROLLED, of_patient=enrolment.patient_ref)
        return min(first.enrolled_at or enrolment.enrolled_at, enrolment.enrolled_at)

    def _responses(self, enrolment: Enrolment, since: datetime) -> tuple[PastResponse, ...]:
        answers: dict[str, Found] = {}
        scores: dict[str, dict[str, Score]] = {}
        for row in self.scope.rows(ANSWERS, of_patient=enrolment.patient_ref, since=since):
            answers[row.answer_id] = row
            found = scores.setdefault(row.answer_id, {})
            if row.score_id is not None:
                found[row.score_id] = score_of(row)
        return tuple(_past(row, scores[answer_id]) for answer_id, row in answers.items())


def _past(row: Found, scores: Mapping[str, Score]) -> PastResponse:
    url, _, _version = row.questionnaire.partition("|")
    return PastResponse(
        id=ResponseId(row.answer_id),
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
