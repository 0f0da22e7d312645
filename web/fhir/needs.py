"""ClinicalImpression of a needs assessment: a colour per dimension and a suggested level, never one with the alert."""

from typing import Any

from fhir.resources.R4B.clinicalimpression import ClinicalImpression

from flow.record import NeedsRecord
from flow.records import SUPPORT
from scoring.needs import Dimension
from scoring.result import RuleVersion
from web.fhir.decision_context import decision_context
from web.fhir.finding import investigation, of_care_plan, of_dimension, of_row
from web.fhir.model import concept, instant, written
from web.fhir.systems import FUT_DECISION_CONTEXT, FUT_IMPRESSION, LEVEL, library


def needs_impression(record: NeedsRecord) -> str:
    """Write a needs assessment: each dimension with the rows that matched, every input, and the exact table."""
    suggestion, needs = record.suggestion, record.needs
    level = [{"url": LEVEL, "valueInteger": int(needs.level)}] if needs.level else []
    return written(
        ClinicalImpression,
        {
            "id": record.id,
            "meta": {"lastUpdated": instant(suggestion.made_at)},
            "extension": [
                of_care_plan(suggestion.enrolment_id),
                {"url": FUT_DECISION_CONTEXT, "valueReference": {"reference": "#context"}},
                *level,
            ],
            "status": "completed" if suggestion.complete else "in-progress",
            "code": concept(FUT_IMPRESSION, SUPPORT),
            "subject": {"reference": f"Patient/{record.patient_ref}"},
            "effectiveDateTime": instant(suggestion.made_at),
            "date": instant(suggestion.made_at),
            "investigation": investigation(needs.inputs.values(), record.sources),
            "protocol": [library(needs.table.id, needs.table.version)],
            "finding": [found for one in needs.dimensions for found in _findings(needs.table, one)],
        },
        contained=decision_context(
            needs.table, {"part": needs.part, "levelRow": needs.level_row}, needs.inputs.values(), record.sources
        ),
    )


def _findings(table: RuleVersion, dimension: Dimension) -> list[dict[str, Any]]:
    result = of_dimension(dimension.id, dimension.colour, dimension.title.da)
    return [result, *(of_row(table, row) for row in dimension.rows)]
