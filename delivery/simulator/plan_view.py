"""A plan as a person reads it: what the newest version of its resources says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from delivery.simulator.masking import masked


@dataclass(frozen=True, slots=True)
class DecisionView:
    """The decision beside a plan.

    Args:
        colour: code of the finding: `green`, `yellow`, `red`; decides the mark before the words.
        words: the finding in words.
        level: 1, 2 or 3, or None.
        scores: label and value, band included, of each score.
    """

    colour: str
    words: str
    level: int | None
    author: str = field(repr=False)
    decided_at: datetime
    scores: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan.

    Args:
        identifier: masked.
        state: the line that tells where the plan stands.
        answers: title and line of each answered questionnaire.
        next_due: date of the next questionnaire.
    """

    id: str
    title: str
    patient: str = field(repr=False)
    identifier: str
    clinic: str
    state: str
    version: str
    updated_at: datetime
    answers: tuple[tuple[str, str], ...]
    next_due: date | None
    decision: DecisionView | None


def view_plan(plan: dict[str, Any], beside: Sequence[dict[str, Any]]) -> PlanView:
    """Read a CarePlan and the resources written with it; another party may have left any of it out."""
    subject = plan.get("subject", {})
    activities = [activity.get("detail", {}) for activity in plan.get("activity", [])]
    planned = [detail["scheduledPeriod"]["start"] for detail in activities if "scheduledPeriod" in detail]
    return PlanView(
        id=plan["id"],
        title=plan.get("title", "Plan"),
        patient=subject.get("display", ""),
        identifier=masked(subject.get("identifier", {}).get("value", "")),
        clinic=plan.get("author", {}).get("display", ""),
        state=plan.get("description", ""),
        version=plan["meta"]["versionId"],
        updated_at=datetime.fromisoformat(plan["meta"]["lastUpdated"]),
        answers=tuple(
            (detail["code"]["text"], detail.get("scheduledString", ""))
            for detail in activities
            if detail.get("status") == "completed"
        ),
        next_due=date.fromisoformat(planned[0]) if planned else None,
        decision=_decision(plan, beside),
    )


def _decision(plan: dict[str, Any], beside: Sequence[dict[str, Any]]) -> DecisionView | None:
    named = {entry.get("reference") for entry in plan.get("supportingInfo", [])}
    for resource in beside:
        if f"ClinicalImpression/{resource['id']}" in named and resource["resourceType"] == "ClinicalImpression":
            scores = [one for one in beside if one["id"].startswith(f"{resource['id']}.")]
            return _view_decision(resource, scores)
    return None


def _view_decision(impression: dict[str, Any], scores: Sequence[dict[str, Any]]) -> DecisionView:
    finding = impression["finding"][0]["itemCodeableConcept"]["coding"][0]
    levels = [entry["valueInteger"] for entry in impression.get("extension", []) if "valueInteger" in entry]
    return DecisionView(
        colour=finding["code"],
        words=finding["display"],
        level=levels[0] if levels else None,
        author=impression.get("assessor", {}).get("display", ""),
        decided_at=datetime.fromisoformat(impression["date"]),
        scores=tuple((score["code"]["text"], _value(score)) for score in scores),
    )


def _value(score: dict[str, Any]) -> str:
    band = score.get("interpretation", [{}])[0].get("text") or score.get("valueCodeableConcept", {}).get("text")
    quantity = score.get("valueQuantity", {}).get("value")
    number = None if quantity is None else str(quantity).replace(".", ",")
    shown = " · ".join(part for part in (number, band) if part)
    return shown or "kan ikke beregnes"
