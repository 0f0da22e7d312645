"""Red suggestions until a decision: opened once, told step by step, closed by the decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists

from delivery.escalation import ClinicEscalation, OpenRed, Step, Why
from delivery.outbox import MessageKind, MessageState
from kernel.ids import EnrolmentId, EscalationId, PersonId, new_id
from scoring.suggestion import FiledSuggestion
from store.base import table_of
from store.dialect import insert_for
from store.scope import Found, Scope
from store.tables.clinic_escalation import ClinicEscalationRow
from store.tables.escalation import OPEN, EscalationRow
from store.tables.escalation_step import EscalationStepRow
from store.tables.outbox import OutboxRow
from store.values import to_value

CHOICE = table_of(ClinicEscalationRow)
OUTBOX = table_of(OutboxRow)
RED = table_of(EscalationRow)
STEP = table_of(EscalationStepRow)


@dataclass(frozen=True, slots=True)
class TakenStep:
    """That somebody was told.

    Args:
        person_id: who; None where nobody was named, and for the operator.
        at: aware UTC.
    """

    step: Step
    why: Why
    person_id: PersonId | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Reds:
    """Reads and writes the reds of one clinic that wait for a decision."""

    scope: Scope

    def open(self, suggestion: FiledSuggestion) -> bool:
        """Watch a red suggestion from now on; False if the enrolment has an open one already."""
        columns = {
            "id": new_id(),
            "enrolment_id": suggestion.enrolment_id,
            "suggestion_id": suggestion.id,
            "since": suggestion.made_at,
            "look_at": suggestion.made_at,
        }
        return self.scope.insert_once(RED, ("clinic_id", "enrolment_id"), columns, where=OPEN)

    def close(self, enrolment_id: EnrolmentId) -> bool:
        """Watch no longer, because somebody decided; False if nothing was watched."""
        is_open = (RED.c.enrolment_id == enrolment_id, RED.c.closed_at.is_(None))
        return self.scope.update(RED, is_open, {"closed_at": self.scope.now, "look_at": None}) == 1

    def lock(self, red_id: EscalationId) -> OpenRed | None:
        """Return an open red and keep every other writer of it waiting; None if it was closed meanwhile.

        Raises:
            NotFoundError: there is none in this clinic.
        """
        row = self.scope.get(RED, red_id, lock=True)
        return None if row.closed_at else self._red(row)

    def open_of(self, enrolment_id: EnrolmentId) -> OpenRed | None:
        """Return the open red of an enrolment, if there is one."""
        row = self.scope.first(self._open().where(RED.c.enrolment_id == enrolment_id))
        return None if row is None else self._red(row)

    def escalated(self) -> tuple[OpenRed, ...]:
        """Return the open reds that somebody was told of, the longest waiting first."""
        told = exists().where(STEP.c.clinic_id == RED.c.clinic_id, STEP.c.escalation_id == RED.c.id)
        return tuple(self._red(row) for row in self.scope.all(self._open().where(told).order_by(RED.c.since, RED.c.id)))

    def count_escalated(self) -> int:
        """Count the open reds that somebody was told of."""
        return len(self.escalated())

    def take(self, red_id: EscalationId, taken: TakenStep) -> bool:
        """Record that somebody is told; False if that was done before: the constraint lets each step happen once."""
        columns = {
            "id": new_id(),
            "escalation_id": red_id,
            "step": taken.step,
            "why": taken.why,
            "person_id": taken.person_id,
            "at": taken.at,
        }
        return self.scope.insert_once(STEP, ("clinic_id", "escalation_id", "step"), columns)

    def steps(self, red_id: EscalationId) -> tuple[TakenStep, ...]:
        """Return who was told, in order."""
        rows = self.scope.all(self.scope.select(STEP, STEP.c.escalation_id == red_id).order_by(STEP.c.at, STEP.c.id))
        return tuple(to_value(TakenStep, row) for row in rows)

    def look_again(self, red_id: EscalationId, at: datetime | None) -> None:
        """Say when an open red is looked at again; None = never."""
        self.scope.update(RED, (RED.c.id == red_id, RED.c.closed_at.is_(None)), {"look_at": at})

    def choice(self) -> ClinicEscalation:
        """Return what the clinic has chosen."""
        row = self.scope.first(self.scope.select(CHOICE))
        return ClinicEscalation() if row is None else to_value(ClinicEscalation, row)

    def choose(self, choice: ClinicEscalation) -> None:
        """Record what the clinic chooses; its open reds are looked at anew by it."""
        values = {"person_id": choice.person_id, "decided_minutes": choice.decided_minutes}
        statement = insert_for(self.scope.connection, CHOICE).values(clinic_id=self.scope.clinic_id, **values)
        self.scope.connection.execute(statement.on_conflict_do_update(index_elements=["clinic_id"], set_=values))
        untold = ~exists().where(
            STEP.c.clinic_id == RED.c.clinic_id, STEP.c.escalation_id == RED.c.id, STEP.c.step == Step.OPERATOR
        )
        self.scope.update(RED, (RED.c.closed_at.is_(None), untold), {"look_at": self.scope.now})

    def _open(self) -> Select[tuple[object, ...]]:
        return self.scope.select(RED, RED.c.closed_at.is_(None))

    def _red(self, row: Found) -> OpenRed:
        steps: Mapping[Step, datetime] = {taken.step: taken.at for taken in self.steps(row.id)}
        return to_value(OpenRed, row, steps=steps, received=self._is_received(row))

    def _is_received(self, row: Found) -> bool:
        """Tell whether the clinic's inbox has taken an entry that was made with the red or after it."""
        taken = self.scope.select(
            OUTBOX,
            OUTBOX.c.enrolment_id == row.enrolment_id,
            OUTBOX.c.kind == MessageKind.INBOX_ANSWER,
            OUTBOX.c.state == MessageState.ACCEPTED,
            OUTBOX.c.created_at >= row.since,
        )
        return self.scope.first(taken) is not None
