"""Candidates of the JSON door."""

from typing import Any

from delivery.candidate import Candidate
from flow.candidate_import import ImportCandidates, ImportOutcome
from flow.candidates import CandidatePage, Candidates, OrderedCandidate, OrderOutcome
from kernel.errors import ConflictError, Issue
from kernel.ids import CandidateId
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.candidates_schemas import (
    BroughtSchema,
    CandidateOrderSchema,
    CandidatePageSchema,
    CandidateQuerySchema,
    CandidatesOrderSchema,
    ExcludedCandidateSchema,
    ExclusionOrderSchema,
    OrderedCandidateSchema,
    OrderedCandidatesSchema,
    PopulationListSchema,
)
from web.auth import current_actor

UNKNOWN = {404: "No such candidate in this clinic"}
CLOSED = {
    OrderOutcome.EXCLUDED: "The candidate is excluded until a later day.",
    OrderOutcome.LEFT: "The candidate has left the clinic.",
}


def blueprint(candidates: Candidates, bring_in: ImportCandidates) -> JsonBlueprint:
    """Build `/api/v1/candidates`."""
    door = JsonBlueprint("candidates", __name__, url_prefix=f"{PREFIX}/candidates", description="Candidates")

    @door.giving("", CandidatePageSchema, {422: "A parameter is unknown or unusable"}, query=CandidateQuerySchema)
    def listed(query: dict[str, Any]) -> CandidatePage:
        """List who waits for a clinician, page by page."""
        return candidates.listed(current_actor(), query["state"], limit=query["limit"], after=query["after"])

    @door.taking("", PopulationListSchema, BroughtSchema, {}, status=200)
    def bring(entries: list[dict[str, str]]) -> ImportOutcome:
        """Bring a population list in; nobody is asked before a clinician orders it."""
        return bring_in.entries(current_actor(), entries)

    @door.taking("/order", CandidatesOrderSchema, OrderedCandidatesSchema, UNKNOWN, status=200)
    def order_many(order: dict[str, Any]) -> dict[str, tuple[OrderedCandidate, ...]]:
        """Enrol many candidates; who is enrolled, excluded or gone is told."""
        return {"candidates": candidates.order(current_actor(), order.pop("candidates"), **order)}

    @door.taking(
        "/<candidate_id>/order",
        CandidateOrderSchema,
        OrderedCandidateSchema,
        {**UNKNOWN, 409: "The candidate is excluded until a later day, or has left the clinic"},
    )
    def order_one(order: dict[str, Any], candidate_id: str) -> tuple[OrderedCandidate, int, dict[str, str]]:
        """Enrol a candidate; 200 with the enrolment that is there if that was done before."""
        (ordered,) = candidates.order(current_actor(), [CandidateId(candidate_id)], **order)
        if ordered.outcome in CLOSED:
            text = CLOSED[ordered.outcome]
            raise ConflictError(text, issues=[Issue("conflict", text, "state", rule=ordered.outcome.value)])
        status = 201 if ordered.outcome is OrderOutcome.ORDERED else 200
        return ordered, status, {"Location": f"{PREFIX}/enrolments/{ordered.enrolment_id}"}

    @door.taking(
        "/<candidate_id>/exclude",
        ExclusionOrderSchema,
        ExcludedCandidateSchema,
        {**UNKNOWN, 409: "The candidate is enrolled, or has left the clinic"},
        status=200,
    )
    def exclude(order: dict[str, Any], candidate_id: str) -> Candidate:
        """Leave a candidate out until somebody looks again."""
        return candidates.exclude(current_actor(), CandidateId(candidate_id), **order)

    return door
