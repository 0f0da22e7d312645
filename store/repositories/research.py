"""What research may see of a clinic: coded answers, scores and decisions, never what is sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from kernel.ids import PatientRef
from store.base import table_of
from store.repositories.responses import RETRACTED
from store.scope import Scope
from store.sealing import destroyed
from store.tables.decision import DecisionRow
from store.tables.enrolment import EnrolmentRow
from store.tables.response import ResponseRow
from store.tables.score import ScoreRow

DECISION, ENROLMENT, RESPONSE, SCORE = (table_of(row) for row in (DecisionRow, EnrolmentRow, ResponseRow, ScoreRow))


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a patient.

    Args:
        at: when, aware UTC; it leaves as a shifted day.
        coded: columns that say nothing of who it is.
    """

    patient_ref: PatientRef
    at: datetime
    coded: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Research:
    """Reads the coded columns; patients who were destroyed are left out."""

    scope: Scope

    def answers(self) -> tuple[Fact, ...]:
        """Return every coded answer of every current response."""
        query = select(RESPONSE.c.patient_ref, RESPONSE.c.authored_at, RESPONSE.c.questionnaire, RESPONSE.c.vector)
        rows = self.scope.all(query.where(*self._current()))
        return tuple(
            Fact(row.patient_ref, row.authored_at, {"questionnaire": row.questionnaire, "item": item, "answer": answer})
            for row in rows
            for item, answer in row.vector.items()
        )

    def scores(self) -> tuple[Fact, ...]:
        """Return every score of every current response."""
        of = and_(SCORE.c.clinic_id == RESPONSE.c.clinic_id, SCORE.c.response_id == RESPONSE.c.id)
        coded = (SCORE.c.score_id, SCORE.c.value, SCORE.c.band, SCORE.c.estimated, SCORE.c.missing)
        query = select(RESPONSE.c.patient_ref, RESPONSE.c.authored_at, RESPONSE.c.questionnaire, *coded)
        rows = self.scope.all(query.join(SCORE, of).where(*self._current()))
        names = ("questionnaire", "score_id", "value", "band", "estimated", "missing")
        return tuple(
            Fact(row.patient_ref, row.authored_at, {name: getattr(row, name) for name in names}) for row in rows
        )

    def decisions(self) -> tuple[Fact, ...]:
        """Return every decision, without its reason and who took it."""
        of = and_(DECISION.c.clinic_id == ENROLMENT.c.clinic_id, DECISION.c.enrolment_id == ENROLMENT.c.id)
        coded = (ENROLMENT.c.package, DECISION.c.colour, DECISION.c.level)
        query = select(ENROLMENT.c.patient_ref, DECISION.c.decided_at, *coded).join(DECISION, of)
        alive = ENROLMENT.c.patient_ref.not_in(destroyed(self.scope))
        rows = self.scope.all(query.where(ENROLMENT.c.clinic_id == self.scope.clinic_id, alive))
        return tuple(
            Fact(
                row.patient_ref, row.decided_at, {"package": row.package, "colour": str(row.colour), "level": row.level}
            )
            for row in rows
        )

    def _current(self) -> tuple[Any, ...]:
        return (
            RESPONSE.c.clinic_id == self.scope.clinic_id,
            RESPONSE.c.is_current,
            RESPONSE.c.status != RETRACTED,
            RESPONSE.c.patient_ref.not_in(destroyed(self.scope)),
        )
