"""What patients chose instead of answering, enrolment by enrolment, and which decisions they may read of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from delivery.leave import Leave, LeaveKind
from kernel.ids import DecisionId, EnrolmentId, LeaveId, OccasionId, new_id
from store.base import table_of
from store.scope import Scope
from store.tables.patient_leave import PatientLeaveRow
from store.tables.released_decision import ReleasedDecisionRow
from store.values import to_value

LEAVE = table_of(PatientLeaveRow)
RELEASED = table_of(ReleasedDecisionRow)


@dataclass(frozen=True, slots=True)
class Leaves:
    """Reads and writes the choices of one clinic's patients."""

    scope: Scope

    def add(self, occasion_id: OccasionId, enrolment_id: EnrolmentId, kind: LeaveKind, until: date | None) -> bool:
        """Keep a choice; False if the occasion was left before, so that a double click counts once."""
        columns = {
            "id": new_id(),
            "enrolment_id": enrolment_id,
            "occasion_id": occasion_id,
            "kind": kind,
            "until": until,
            "at": self.scope.now,
        }
        return self.scope.insert_once(LEAVE, ("clinic_id", "occasion_id", "enrolment_id"), columns)

    def of_occasion(self, occasion_id: OccasionId) -> tuple[Leave, ...]:
        """Return how an occasion was left; empty where it was not."""
        rows = self.scope.all(self.scope.select(LEAVE, LEAVE.c.occasion_id == occasion_id).order_by(LEAVE.c.id))
        return tuple(to_value(Leave, row) for row in rows)

    def newest_of(self, enrolment_id: EnrolmentId) -> Leave | None:
        """Return what the patient of an enrolment chose last."""
        query = self.scope.select(LEAVE, LEAVE.c.enrolment_id == enrolment_id)
        row = self.scope.first(query.order_by(LEAVE.c.at.desc(), LEAVE.c.id.desc()))
        return None if row is None else to_value(Leave, row)

    def end(self, leave_id: LeaveId) -> Leave | None:
        """End a pause; None if it has ended before."""
        running = (LEAVE.c.id == leave_id, LEAVE.c.ended_at.is_(None))
        rows = self.scope.update_returning(LEAVE, running, {"ended_at": self.scope.now})
        return to_value(Leave, rows[0]) if rows else None

    def end_pause(self, enrolment_id: EnrolmentId) -> None:
        """End the pause of an enrolment, because the clinic said what holds now."""
        running = (LEAVE.c.enrolment_id == enrolment_id, LEAVE.c.until.is_not(None), LEAVE.c.ended_at.is_(None))
        self.scope.update(LEAVE, running, {"ended_at": self.scope.now})

    def release(self, decision_id: DecisionId) -> bool:
        """Let the patient read of a decision; False if that was done before."""
        columns = {"id": new_id(), "decision_id": decision_id, "released_at": self.scope.now}
        return self.scope.insert_once(RELEASED, ("clinic_id", "decision_id"), columns)

    def released(self, decision_ids: Collection[DecisionId]) -> frozenset[DecisionId]:
        """Return which of these decisions the patient may read of."""
        query = self.scope.select(RELEASED, RELEASED.c.decision_id.in_(sorted(decision_ids)))
        return frozenset(DecisionId(row.decision_id) for row in self.scope.all(query))
