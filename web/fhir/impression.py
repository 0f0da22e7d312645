"""ClinicalImpression: the suggestion and the decision as two linked records, after the national FUT profile."""

from fhir.resources.R4B.clinicalimpression import ClinicalImpression

from flow.record import DecisionRecord, SuggestionRecord
from flow.records import ASSESSMENT, TRIAGE
from web.fhir.decision_context import decision_context
from web.fhir.finding import investigation, of_care_plan, of_dimension, of_measurement, of_row, overall, priority
from web.fhir.model import concept, instant, practitioner, written
from web.fhir.systems import FUT_DECISION_CONTEXT, FUT_IMPRESSION, LEVEL, URGENCY, library


def suggestion_impression(record: SuggestionRecord) -> str:
    """Write a suggestion: every row that matched, every input, and the exact table."""
    suggestion, alert = record.suggestion, record.suggestion.alert
    return written(
        ClinicalImpression,
        {
            "id": suggestion.id,
            "meta": {"lastUpdated": instant(suggestion.made_at)},
            "extension": [
                of_care_plan(suggestion.enrolment_id),
                {"url": FUT_DECISION_CONTEXT, "valueReference": {"reference": "#context"}},
                {"url": URGENCY, "valueCode": alert.urgency.value},
                priority(alert.colour),
            ],
            "status": "completed" if suggestion.complete else "in-progress",
            "code": concept(FUT_IMPRESSION, TRIAGE),
            "subject": {"reference": f"Patient/{record.patient_ref}"},
            "effectiveDateTime": instant(suggestion.made_at),
            "date": instant(suggestion.made_at),
            "investigation": investigation(alert.inputs.values(), record.sources),
            "protocol": [library(alert.table.id, alert.table.version)],
            "summary": alert.action.da,
            "finding": [overall(alert.colour), *(of_row(alert.table, row) for row in alert.rows)],
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
            "extension": [of_care_plan(decision.enrolment_id), *level],
            "status": "completed",
            "code": concept(FUT_IMPRESSION, ASSESSMENT),
            "subject": {"reference": f"Patient/{record.patient_ref}"},
            "effectiveDateTime": instant(decision.decided_at),
            "date": instant(decision.decided_at),
            "assessor": practitioner(decision.author_id, decision.author_name),
            "previous": {"reference": f"ClinicalImpression/{decision.suggestion_id}"},
            "investigation": investigation(record.suggestion.alert.inputs.values(), record.sources),
            "finding": [
                overall(decision.colour),
                *(of_dimension(name, colour) for name, colour in decision.dimensions.items()),
                *(of_measurement(code, value) for code, value in decision.measurements.items()),
            ],
            "note": [{"text": decision.reason}] if decision.reason else [],
        },
    )
