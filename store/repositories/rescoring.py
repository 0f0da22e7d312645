"""Scores in bulk: which responses a rule has not scored yet, and new scores for many of them by few statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from kernel.ids import Canonical, PatientRef, ResponseId, new_id
from questionnaires.filed import Vector
from scoring.result import RuleVersion, Scored
from store.base import table_of
from store.dialect import take_turns
from store.repositories.responses import RETRACTED
from store.repositories.scores import SCORE, columns_of
from store.scope import Found, Scope
from store.sealing import destroyed
from store.tables.response import ResponseRow
from store.tables.score_history import ScoreHistoryRow
from store.values import batched

RESPONSE = table_of(ResponseRow)
HISTORY = table_of(ScoreHistoryRow)
RESULT = ("value", "display", "band", "estimated", "answered", "missing", "reason")
"""What a reader sees of a score."""


@dataclass(frozen=True, slots=True)
class Unscored:
    """The responses that a rule is to score.

    Args:
        questionnaire: `url|version`.
        rule: that counts now.
        since: only those received from then on; None = all.
    """

    questionnaire: Canonical
    rule: RuleVersion
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredVector:
    """A response, as far as its scores are concerned."""

    id: ResponseId
    patient_ref: PatientRef
    vector: Vector


@dataclass(frozen=True, slots=True)
class Rescoring:
    """Reads vectors and replaces scores."""

    scope: Scope

    def take_turn(self) -> None:
        """Let no other re-scoring of this clinic in before the transaction ends."""
        take_turns(self.scope.connection, f"rescore/{self.scope.clinic_id}")

    def count(self, wanted: Unscored) -> int:
        """Count the responses that are left."""
        query = select(func.count()).select_from(RESPONSE).where(*self._left(wanted))
        return int(self.scope.connection.execute(query).scalar_one())

    def vectors(self, wanted: Unscored, after: ResponseId | None, limit: int) -> tuple[StoredVector, ...]:
        """Read the next responses that are left, in the order of their ids.

        Args:
            after: id of the last one of the part before; None for the first.
        """
        return self._vectors(self._left(wanted), after, limit)

    def _vectors(
        self, where: Sequence[ColumnElement[bool]], after: ResponseId | None, limit: int
    ) -> tuple[StoredVector, ...]:
        query = select(RESPONSE.c.id, RESPONSE.c.patient_ref, RESPONSE.c.vector).where(*where)
        if after is not None:
            query = query.where(RESPONSE.c.id > after)
        rows = self.scope.all(query.order_by(RESPONSE.c.id).limit(limit))
        return tuple(StoredVector(ResponseId(row.id), PatientRef(row.patient_ref), row.vector) for row in rows)

    def scored(self, wanted: Unscored, after: ResponseId | None, limit: int) -> tuple[StoredVector, ...]:
        """Read the next responses that the rule has scored, in the order of their ids."""
        return self._vectors(self._responses(wanted, by_rule=True), after, limit)

    def different(self, scored: Mapping[ResponseId, Scored]) -> ResponseId | None:
        """Return the first response whose stored results are not these."""
        standing = self._standing(tuple(scored))
        for response_id, one in scored.items():
            here = {row.score_id: _result(row) for row in standing[response_id] if row.rule_sha256 == one.rule.sha256}
            if here != _results_of(columns_of(response_id, one)):
                return response_id
        return None

    def replace(self, scored: Mapping[ResponseId, Scored]) -> int:
        """Put new scores in the place of the old ones, which go to the history.

        A score that the response had before keeps its id.

        Returns:
            Number of responses of which a result is another one now.
        """
        old = self._standing(tuple(scored))
        rows = {response_id: columns_of(response_id, one) for response_id, one in scored.items()}
        changed = 0
        for response_id, columns in rows.items():
            standing = {row.score_id: row for row in old[response_id]}
            for row in columns:
                before = standing.get(row["score_id"])
                row |= {"id": before.id if before else row["id"], "rescored_at": self.scope.now if standing else None}
            changed += bool(standing) and _results_of(columns) != {name: _result(row) for name, row in standing.items()}
        history = [self._replaced(row) for standing in old.values() for row in standing]
        self.scope.insert_all(HISTORY, history)
        for part in batched(tuple(scored)):
            self.scope.delete(SCORE, SCORE.c.response_id.in_(part))
        self.scope.insert_all(SCORE, [row for columns in rows.values() for row in columns])
        return changed

    def earlier(self, response_id: ResponseId) -> tuple[tuple[RuleVersion, datetime], ...]:
        """Tell which rules scored a response before, and until when, oldest first."""
        query = self.scope.select(HISTORY, HISTORY.c.response_id == response_id, HISTORY.c.position == 0)
        rows = self.scope.all(query.order_by(HISTORY.c.replaced_at))
        return tuple((RuleVersion(row.rule_id, row.rule_version, row.rule_sha256), row.replaced_at) for row in rows)

    def _left(self, wanted: Unscored) -> tuple[ColumnElement[bool], ...]:
        return self._responses(wanted, by_rule=False)

    def _responses(self, wanted: Unscored, *, by_rule: bool) -> tuple[ColumnElement[bool], ...]:
        scored = select(SCORE.c.id).where(
            SCORE.c.clinic_id == self.scope.clinic_id,
            SCORE.c.response_id == RESPONSE.c.id,
            SCORE.c.rule_version == wanted.rule.version,
            SCORE.c.rule_sha256 == wanted.rule.sha256,
        )
        counted = (RESPONSE.c.is_current, RESPONSE.c.status != RETRACTED)
        since = () if wanted.since is None else (RESPONSE.c.received_at >= wanted.since,)
        return (
            RESPONSE.c.clinic_id == self.scope.clinic_id,
            RESPONSE.c.questionnaire == wanted.questionnaire,
            *counted,
            *since,
            RESPONSE.c.patient_ref.not_in(destroyed(self.scope)),
            scored.exists() if by_rule else ~scored.exists(),
        )

    def _standing(self, response_ids: Sequence[ResponseId]) -> Mapping[str, list[Found]]:
        found: dict[str, list[Found]] = defaultdict(list)
        for part in batched(response_ids):
            for row in self.scope.all(self.scope.select(SCORE, SCORE.c.response_id.in_(part))):
                found[row.response_id].append(row)
        return found

    def _replaced(self, row: Found) -> dict[str, Any]:
        kept = {column.name: getattr(row, column.name) for column in SCORE.c if column.name in HISTORY.c}
        return {**kept, "id": new_id(), "score_row_id": row.id, "replaced_at": self.scope.now}


def _results_of(columns: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Any, ...]]:
    return {row["score_id"]: tuple(row[name] for name in RESULT) for row in columns}


def _result(row: Found) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in RESULT)
