"""AGREE: what was agreed with a patient is begun, done or dropped, each step on record."""

from dataclasses import dataclass

from flow.report import enqueue_progress
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import ActionId
from scoring.actions import ActionState, AgreedAction
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class MoveAction:
    """The use case."""

    store: Store

    def __call__(self, actor: Actor, action_id: ActionId, state: str) -> AgreedAction:
        """Move an agreed action to another state and tell the plan; into the state where it is changes nothing.

        Raises:
            InvalidInputError: there is no such state.
            NotFoundError: no such action in this clinic.
            ConflictError: it was finished, or somebody else has just moved it.
        """
        allow(actor, Action.MOVE_ACTION)
        wanted = _state(state)
        with self.store.write(actor.clinic_id, actor) as tx:
            action = tx.actions.get(action_id)
            if action.state is wanted:
                return action
            if wanted not in action.state.next_states or not tx.actions.move(action_id, action.state, wanted, tx.now):
                text = "The action cannot be moved from where it is to this state."
                raise ConflictError(text, issues=[Issue("conflict", text, "state", rule="not-a-move")])
            return _told(tx, tx.actions.get(action_id))


def _state(code: str) -> ActionState:
    try:
        return ActionState(code)
    except ValueError as error:
        issue = Issue("code-invalid", "No such state of an action.", "state", rule="not-a-state")
        raise InvalidInputError(issue.text, issues=[issue]) from error


def _told(tx: Tx, action: AgreedAction) -> AgreedAction:
    enrolment = tx.enrolments.get(action.enrolment_id)
    enqueue_progress(tx, enrolment, action.decision_id)
    tx.audit.record(AuditEvent("move", f"Task/{action.id}", (enrolment.patient_ref,)))
    return action
