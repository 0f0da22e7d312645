"""Scores of responses, with the ids under which they are read as Observations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.ids import ResponseId, ScoreId, new_id
from questionnaires.filed import FiledResponse
from scoring.result import RuleVersion, Score, Scored
from store.base import table_of
from store.scope import Found, Scope
from store.tables.response import ResponseRow
from store.tables.score import ScoreRow
from store.values import to_columns, to_value

SCORE = table_of(ScoreRow)
RESPONSE = table_of(ResponseRow)


@dataclass(frozen=True, slots=True)
class FiledScore:
    """One score as the store keeps it.

    Args:
        id: also the FHIR id of its Observation.
        response_id: the response that was scored.
        rule: the exact rule that gave it.
        params: parameters of the rule.
        rescored_at: when a later rule replaced what stood here; None where it stands as it was first filed.
    """

    id: ScoreId
    response_id: ResponseId
    score: Score
    rule: RuleVersion
    params: Mapping[str, str | int]
    rescored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """Reads and adds scores."""

    scope: Scope

    def add(self, response: FiledResponse, scored: Scored) -> None:
        """Add all scores of a response; scored twice by the same rule version is a ConflictError."""
        self.scope.insert_all(SCORE, columns_of(response.id, scored))

    def of_response(self, response_id: ResponseId) -> Scored:
        """Return the scores of a response by the newest rule that scored it.

        Raises:
            NotFoundError: there is no such response in this clinic.
        """
        response = self.scope.get(RESPONSE, response_id)
        filed = self.filed(response_id)
        newest = max(filed, key=lambda one: one.id, default=None)
        if newest is None:
            return Scored(response.questionnaire, RuleVersion("", "", ""), ())
        scores = tuple(one.score for one in filed if one.rule == newest.rule)
        return Scored(response.questionnaire, newest.rule, scores, newest.params)

    def filed(self, response_id: ResponseId) -> tuple[FiledScore, ...]:
        """Return the scores of a response with their ids, in the order of the rule."""
        query = self.scope.select(SCORE, SCORE.c.response_id == response_id)
        rows = self.scope.all(query.order_by(SCORE.c.position, SCORE.c.id))
        return tuple(_filed(row) for row in rows)

    def get(self, score_id: ScoreId) -> FiledScore:
        """Return one score by its id; NotFoundError if there is none in this clinic."""
        return _filed(self.scope.get(SCORE, score_id))


def columns_of(response_id: ResponseId, scored: Scored) -> list[dict[str, Any]]:
    """Make the rows of all scores of a response, each with a new id."""
    return [
        {
            **to_columns(score, without=frozenset({"id", "entries"})),
            "id": new_id(),
            "response_id": response_id,
            "position": position,
            "score_id": score.id,
            "rule_id": scored.rule.id,
            "rule_version": scored.rule.version,
            "rule_sha256": scored.rule.sha256,
            "params": dict(scored.params),
        }
        for position, score in enumerate(scored.scores)
    ]


def score_of(row: Found) -> Score:
    """Make the score of a row."""
    return to_value(Score, row, id=row.score_id, entries=None)


def _filed(row: Found) -> FiledScore:
    rule = RuleVersion(row.rule_id, row.rule_version, row.rule_sha256)
    return FiledScore(ScoreId(row.id), ResponseId(row.response_id), score_of(row), rule, row.params, row.rescored_at)
