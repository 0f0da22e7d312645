"""ClinicalImpression: the suggestion and the decision as two linked records, after the national FUT profile."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fhir.resources.R4B.clinicalimpression import ClinicalImpression

from flow.record import DecisionRecord, SuggestionRecord
from flow.records import ASSESSMENT, TRIAGE
from scoring.levels import Colour
from scoring.suggestion import Alert, MatchedRow
from web.fhir.decision_context import Sources, decision_context
from web.fhir.model import concept, instant, written
from web.fhir.response import place_of
from web.fhir.systems import (
    COLOURS,
    FUT_CARE_PLAN,
    FUT_DECISION_CONTEXT,
    FUT_FINDING,
    FUT_IMPRESSION,
    LEVEL,
    PERSON,
    RESOURCE_TYPES,
    TABLE_ROWS,
    URGENCY,
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


def suggestion_impression(record: SuggestionRecord) -> str:
    """Write a suggestion: every row that matched, every input, and the exact table."""
    suggestion, alert = record.suggestion, record.suggestion.alert
    return written(
        ClinicalImpression,
        {
            "id": suggestion.id,
            "meta": {"lastUpdated": instant(suggestion.made_at)},
            "extension": [
                _care_plan(suggestion.enrolment_id),
                {"url": FUT_DECISION_CONTEXT, "valueReference": {"reference": "#context"}},
                {"url": URGENCY, "valueCode": alert.urgency.value},
            ],
            "status": "completed" if suggestion.complete else "in-progress",
            "code": concept(FUT_IMPRESSION, TRIAGE),
            "subject": {"reference": f"Patient/{record.patient_ref}"},
            "effectiveDateTime": instant(suggestion.made_at),
            "date": instant(suggestion.made_at),
            "investigation": _investigation(record.sources),
            "protocol": [library(alert.table.id, alert.table.version)],
            "summary": alert.action.da,
            "finding": [_overall(alert.colour), *(_row(alert, row) for row in alert.rows)],
        },
        contained=decision_context(alert.table, {"phase": alert.phase}, alert.inputs.values(), record.sources),
    )


def decision_impression(record: DecisionRecord) -> str:
    """Write a clinician's decision, linked to the suggestion by `previous`."""
    decision = record.decision
    level = [{"url": LEVEL, "valueInteger": int(decision.level)}] if decision.level else []
    return written(
        ClinicalImpression,
        {
            "id": decision.id,
            "meta": {"lastUpdated": instant(decision.decided_at)},
            "extension": [_care_plan(decision.enrolment_id), *level],
            "status": "completed",
            "code": concept(FUT_IMPRESSION, ASSESSMENT),
            "subject": {"reference": f"Patient/{record.patient_ref}"},
            "effectiveDateTime": instant(decision.decided_at),
            "date": instant(decision.decided_at),
            "assessor": _person(decision.author_id, decision.author_name),
            "previous": {"reference": f"ClinicalImpression/{decision.suggestion_id}"},
            "investigation": _investigation(record.sources),
            "finding": [_overall(decision.colour)],
            "note": [{"text": decision.reason}] if decision.reason else [],
        },
    )


def _overall(colour: Colour) -> dict[str, Any]:
    codings = [{"system": FUT_FINDING, "code": FINDING[colour]}, {"system": COLOURS, "code": colour.value}]
    return {"itemCodeableConcept": {"coding": codings}}


def _row(alert: Alert, row: MatchedRow) -> dict[str, Any]:
    table = library(alert.table.id, alert.table.version)
    basis = f"{row.colour.value}, {row.urgency.value}. {row.action.da}".strip()
    return {
        "itemCodeableConcept": {
            "coding": [{"system": TABLE_ROWS, "version": table, "code": row.id}],
            "text": row.reason.da,
        },
        "basis": f"{basis} ({row.source})" if row.source else basis,
    }


def _investigation(sources: Sources) -> list[dict[str, Any]]:
    items = [{"reference": place_of(sources[response_id])} for response_id in sorted(sources)]
    return [{"code": concept(RESOURCE_TYPES, "QuestionnaireResponse"), "item": items}] if items else []


def _care_plan(enrolment_id: str) -> dict[str, Any]:
    return {"url": FUT_CARE_PLAN, "valueReference": {"reference": f"CarePlan/{enrolment_id}"}}


def _person(person_id: str, name: str) -> dict[str, Any]:
    return {"type": "Practitioner", "identifier": {"system": PERSON, "value": person_id}, "display": name}
