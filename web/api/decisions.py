"""Decisions of the JSON door."""

from typing import Any

from flow.decide import Decide, DecisionOrder
from kernel.ids import EnrolmentId, SuggestionId
from scoring.decision import Decision
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.decision_schemas import ConfirmationOrderSchema, DecisionOrderSchema, DecisionSchema
from web.auth import current_actor

REFUSALS = {
    404: "No such enrolment or suggestion in this clinic",
    409: "A newer answer or decision has come since the suggestion was shown",
}


def blueprint(decide: Decide) -> JsonBlueprint:
    """Build `/api/v1/decisions`."""
    decisions = JsonBlueprint("decisions", __name__, url_prefix=f"{PREFIX}/decisions", description="Decisions")

    @decisions.taking("", DecisionOrderSchema, DecisionSchema, REFUSALS)
    def create(order: DecisionOrder) -> tuple[Decision, int, dict[str, Any]]:
        """File a clinician's decision, plan from it, and report it to the plan; a second one amends the first."""
        return _made(decide(current_actor(), order))

    @decisions.taking("/confirm", ConfirmationOrderSchema, DecisionSchema, REFUSALS)
    def confirm(order: dict[str, str]) -> tuple[Decision, int, dict[str, Any]]:
        """Confirm that nothing has changed since the last decision."""
        enrolment_id, suggestion_id = EnrolmentId(order["enrolment_id"]), SuggestionId(order["suggestion_id"])
        return _made(decide.confirm(current_actor(), enrolment_id, suggestion_id))

    return decisions


def _made(decision: Decision) -> tuple[Decision, int, dict[str, Any]]:
    return decision, 201, {"Location": f"/fhir/ClinicalImpression/{decision.id}"}
