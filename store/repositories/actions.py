"""Agreed actions, with the note sealed: it is free text and may name the patient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from kernel.ids import ActionId, DecisionId, EnrolmentId, PatientRef
from scoring.actions import ActionState, AgreedAction
from store.base import table_of
from store.scope import Found, Scope, Where
from store.sealing import open_for_patient, seal_for_patient
from store.tables.agreed_action import AgreedActionRow
from store.tables.enrolment import EnrolmentRow
from store.values import to_columns, to_value

ACTION = table_of(AgreedActionRow)
ENROLMENT = table_of(EnrolmentRow)


@dataclass(frozen=True, slots=True)
class Actions:
    """Reads, adds and moves agreed actions."""

    scope: Scope

    def add(self, action: AgreedAction) -> None:
        """Add an action; its enrolment and decision must be there."""
        patient_ref = self._patient(action.enrolment_id)
        note = seal_for_patient(self.scope, patient_ref, _place(action.id), action.note.encode())
        self.scope.insert(ACTION, {**to_columns(action, without=frozenset({"note"})), "note_enc": note})

    def get(self, action_id: ActionId) -> AgreedAction:
        """Return an action; NotFoundError if there is none in this clinic."""
        return self._value(self.scope.get(ACTION, action_id))

    def of_enrolment(self, enrolment_id: EnrolmentId) -> tuple[AgreedAction, ...]:
        """Return all actions of an enrolment, oldest first."""
        return tuple(self._all(ACTION.c.enrolment_id == enrolment_id))

    def of_decision(self, decision_id: DecisionId) -> tuple[AgreedAction, ...]:
        """Return what was agreed with a decision, in that order."""
        return tuple(self._all(ACTION.c.decision_id == decision_id))

    def move(self, action_id: ActionId, from_state: ActionState, to_state: ActionState, at: datetime) -> bool:
        """Move an action to another state; False if it was no longer in `from_state`."""
        where = (ACTION.c.id == action_id, ACTION.c.state == from_state)
        return self.scope.update(ACTION, where, {"state": to_state, "changed_at": at}) == 1

    def _all(self, where: Where) -> Iterable[AgreedAction]:
        # Sorted here: to spare itself the sorting, SQLite would walk all of the clinic's actions in order of their ids.
        rows = sorted(self.scope.all(self.scope.select(ACTION, where)), key=attrgetter("id"))
        return (self._value(row) for row in rows)

    def _value(self, row: Found) -> AgreedAction:
        patient_ref = self._patient(EnrolmentId(row.enrolment_id))
        note = open_for_patient(self.scope, patient_ref, _place(row.id), row.note_enc).decode()
        return to_value(AgreedAction, row, note=note)

    def _patient(self, enrolment_id: EnrolmentId) -> PatientRef:
        return PatientRef(self.scope.get(ENROLMENT, enrolment_id).patient_ref)


def _place(action_id: str) -> str:
    return f"agreed_action.note/{action_id}"
