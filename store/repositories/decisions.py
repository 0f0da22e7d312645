"""Decisions, with the reason and the patient's goal sealed: they are free text and may name the patient."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from kernel.ids import DecisionId, EnrolmentId, PatientRef, SuggestionId
from scoring.decision import CLINICIANS_PART, Decision
from scoring.levels import Colour, DifferentiationLevel
from store.base import table_of
from store.repositories.actions import Actions
from store.scope import Found, Scope
from store.sealing import open_for_patient, seal_for_patient
from store.tables.decision import DecisionRow
from store.tables.enrolment import EnrolmentRow
from store.values import batched, to_columns, to_value

DECISION = table_of(DecisionRow)
ENROLMENT = table_of(EnrolmentRow)
WRITTEN_OTHERWISE = frozenset({"reason", "level", "actions", "dimensions", "goal", "measurements"})


@dataclass(frozen=True, slots=True)
class Lasting:
    """What of a decision says whether it still stands."""

    suggestion_id: SuggestionId
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Decisions:
    """Reads and adds decisions."""

    scope: Scope

    def add(self, decision: Decision) -> None:
        """Add a decision with the actions agreed with it.

        Raises:
            NotFoundError: there is no such enrolment in this clinic.
            ConflictError: the decision before it has been followed by another already.
        """
        patient_ref = self._patient(decision.enrolment_id)
        columns = {
            **to_columns(decision, without=WRITTEN_OTHERWISE),
            "dimensions": {name: colour.value for name, colour in decision.dimensions.items()},
            "level": None if decision.level is None else int(decision.level),
            "measurements": {code: str(value) for code, value in decision.measurements.items()},
            "reason_enc": seal_for_patient(self.scope, patient_ref, _place(decision.id), decision.reason.encode()),
            "goal_enc": self._sealed_goal(patient_ref, decision),
        }
        self.scope.insert(DECISION, columns)
        for action in decision.actions:
            Actions(self.scope).add(action)

    def get(self, decision_id: DecisionId) -> Decision:
        """Return a decision; NotFoundError if there is none in this clinic."""
        return self._value(self.scope.get(DECISION, decision_id))

    def newest(self, enrolment_id: EnrolmentId) -> Decision | None:
        """Return the newest decision about an enrolment."""
        query = self.scope.select(DECISION, DECISION.c.enrolment_id == enrolment_id)
        row = self.scope.first(query.order_by(DECISION.c.decided_at.desc(), DECISION.c.id.desc()))
        return None if row is None else self._value(row)

    def lasting(self, enrolment_ids: Collection[EnrolmentId]) -> Mapping[EnrolmentId, Lasting]:
        """Return on what was decided last in enrolments, and until when that counts; nothing sealed is opened."""
        found: dict[EnrolmentId, Lasting] = {}
        for batch in batched(sorted(enrolment_ids)):
            query = self.scope.select(DECISION, DECISION.c.enrolment_id.in_(batch))
            for row in self.scope.all(query.order_by(DECISION.c.enrolment_id, DECISION.c.decided_at, DECISION.c.id)):
                found[EnrolmentId(row.enrolment_id)] = Lasting(SuggestionId(row.suggestion_id), row.valid_until)
        return found

    def of_enrolment(self, enrolment_id: EnrolmentId) -> tuple[Decision, ...]:
        """Return all decisions about an enrolment, oldest first."""
        query = self.scope.select(DECISION, DECISION.c.enrolment_id == enrolment_id)
        rows = self.scope.all(query.order_by(DECISION.c.decided_at, DECISION.c.id))
        return tuple(self._value(row) for row in rows)

    def clinicians_part(self, enrolment_id: EnrolmentId) -> Decision | None:
        """Return the newest decision in which the clinician's own part of the needs assessment was given."""
        query = self.scope.select(DECISION, DECISION.c.enrolment_id == enrolment_id)
        rows = self.scope.all(query.order_by(DECISION.c.decided_at.desc(), DECISION.c.id.desc()))
        return next((self._value(row) for row in rows if CLINICIANS_PART in row.dimensions), None)

    def _value(self, row: Found) -> Decision:
        patient_ref = self._patient(EnrolmentId(row.enrolment_id))
        reason = open_for_patient(self.scope, patient_ref, _place(row.id), row.reason_enc).decode()
        level = None if row.level is None else DifferentiationLevel(row.level)
        return to_value(
            Decision,
            row,
            reason=reason,
            level=level,
            dimensions=MappingProxyType({name: Colour(colour) for name, colour in row.dimensions.items()}),
            actions=Actions(self.scope).of_decision(DecisionId(row.id)),
            goal=self._goal(patient_ref, row),
            measurements=MappingProxyType({code: Decimal(value) for code, value in row.measurements.items()}),
        )

    def _sealed_goal(self, patient_ref: PatientRef, decision: Decision) -> bytes | None:
        if not decision.goal:
            return None
        return seal_for_patient(self.scope, patient_ref, _goal_place(decision.id), decision.goal.encode())

    def _goal(self, patient_ref: PatientRef, row: Found) -> str:
        if row.goal_enc is None:
            return ""
        return open_for_patient(self.scope, patient_ref, _goal_place(row.id), row.goal_enc).decode()

    def _patient(self, enrolment_id: EnrolmentId) -> PatientRef:
        return PatientRef(self.scope.get(ENROLMENT, enrolment_id).patient_ref)


def _place(decision_id: str) -> str:
    return f"decision.reason/{decision_id}"


def _goal_place(decision_id: str) -> str:
    return f"decision.goal/{decision_id}"
