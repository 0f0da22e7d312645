"""The parts that all ClinicalImpressions share: findings in the national codes, what was looked at, whose plan."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from scoring.levels import Colour
from scoring.matched import MatchedRow, UsedInput
from scoring.result import RuleVersion
from web.fhir.decision_context import Sources
from web.fhir.model import concept
from web.fhir.response import place_of
from web.fhir.systems import (
    COLOURS,
    DIMENSIONS,
    FUT_CARE_PLAN,
    FUT_FINDING,
    MEASUREMENTS,
    PRIORITY,
    RESOURCE_TYPES,
    TABLE_ROWS,
    library,
)

FINDING: Mapping[Colour, str] = MappingProxyType(
    {
        Colour.GREEN: "green",
        Colour.YELLOW: "yellow",
        Colour.RED: "red",
        # FUT has no fourth colour: what we do not know is said to be missing, never to be green.
        Colour.UNKNOWN: "data-absent",
    }
)
"""Colour -> FUT finding code."""
TASK_PRIORITY: Mapping[Colour, str] = MappingProxyType({Colour.RED: "asap", Colour.YELLOW: "urgent"})
"""Colour -> priority of the task to assess it, after FUT's generic rule; every other is routine."""


def overall(colour: Colour) -> dict[str, Any]:
    """Build the finding that is the result, in the national code and in ours."""
    return {"itemCodeableConcept": {"coding": _colour(colour)}}


def of_dimension(dimension_id: str, colour: Colour, title: str | None = None) -> dict[str, Any]:
    """Build the finding of one dimension of need."""
    coding = [{"system": DIMENSIONS, "code": dimension_id, "display": title}, *_colour(colour)]
    return {"itemCodeableConcept": {"coding": coding, "text": title}}


def of_measurement(code: str, value: Decimal) -> dict[str, Any]:
    """Build the finding of what a clinician measured; its unit stands in the list of measurements."""
    return {"itemCodeableConcept": concept(MEASUREMENTS, code), "basis": str(value)}


def of_row(table: RuleVersion, row: MatchedRow) -> dict[str, Any]:
    """Build the finding of one row that matched, with why and on what evidence."""
    basis = f"{row.colour.value}, {row.urgency.value}. {row.action.da}".strip()
    return {
        "itemCodeableConcept": {
            "coding": [{"system": TABLE_ROWS, "version": library(table.id, table.version), "code": row.id}],
            "text": row.reason.da,
        },
        "basis": f"{basis} ({row.source})" if row.source else basis,
    }


def investigation(inputs: Iterable[UsedInput], sources: Sources) -> list[dict[str, Any]]:
    """Name the responses that were looked at, each in its version."""
    used = dict.fromkeys(one.response_id for one in inputs if one.response_id)
    items = [{"reference": place_of(sources[response_id])} for response_id in used]
    return [{"code": concept(RESOURCE_TYPES, "QuestionnaireResponse"), "item": items}] if items else []


def of_care_plan(enrolment_id: str) -> dict[str, Any]:
    """Build the extension that names the plan."""
    return {"url": FUT_CARE_PLAN, "valueReference": {"reference": f"CarePlan/{enrolment_id}"}}


def priority(colour: Colour) -> dict[str, Any]:
    """Build the extension that says how soon somebody should look."""
    return {"url": PRIORITY, "valueCode": TASK_PRIORITY.get(colour, "routine")}


def _colour(colour: Colour) -> list[dict[str, Any]]:
    return [{"system": FUT_FINDING, "code": FINDING[colour]}, {"system": COLOURS, "code": colour.value}]
