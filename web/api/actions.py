"""Agreed actions of the JSON door."""

from flow.actions import MoveAction
from kernel.ids import ActionId
from scoring.actions import AgreedAction
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.decision_schemas import ActionMoveSchema, ActionSchema
from web.auth import current_actor

REFUSALS = {
    404: "No such action in this clinic",
    409: "The action was finished, or somebody else has just moved it",
}


def blueprint(move: MoveAction) -> JsonBlueprint:
    """Build `/api/v1/actions`."""
    actions = JsonBlueprint("actions", __name__, url_prefix=f"{PREFIX}/actions", description="Agreed actions")

    @actions.taking("/<action_id>/state", ActionMoveSchema, ActionSchema, REFUSALS, status=200)
    def change(order: dict[str, str], action_id: str) -> AgreedAction:
        """Begin, finish or drop what was agreed with a patient, and tell the plan."""
        return move(current_actor(), ActionId(action_id), order["state"])

    return actions
