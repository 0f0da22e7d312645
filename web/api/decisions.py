"""Decisions of the JSON door."""

from typing import Any

from flow.decide import Decide, DecisionOrder
from scoring.decision import Decision
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.schemas import DecisionOrderSchema, DecisionSchema
from web.auth import current_actor

REFUSALS = {
    404: "No such enrolment or suggestion in this clinic",
    409: "A newer answer has arrived since the suggestion was shown",
}


def blueprint(decide: Decide) -> JsonBlueprint:
    """Build `/api/v1/decisions`."""
    decisions = JsonBlueprint("decisions", __name__, url_prefix=f"{PREFIX}/decisions", description="Decisions")

    @decisions.taking("", DecisionOrderSchema, DecisionSchema, REFUSALS)
    def create(order: DecisionOrder) -> tuple[Decision, int, dict[str, Any]]:
        """File a clinician's decision, plan from it, and report it to the plan."""
        decision = decide(current_actor(), order)
        return decision, 201, {"Location": f"/fhir/ClinicalImpression/{decision.id}"}

    return decisions
