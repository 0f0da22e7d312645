"""The FHIR resources of a report: a care plan, and the decision with its scores once there is one."""

from decimal import Decimal
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.clinicalimpression import ClinicalImpression
from fhir.resources.R4B.observation import Observation

from delivery.instants import instant
from delivery.parties import CPR, SOR, PatientIdentity
from delivery.plans.port import PlanReport, ReportedAction, ReportedAnswer, ReportedDecision, ReportedScore
from delivery.recurrence import danish_date

BASE = "https://svarbro.example/fhir"
SEQUENCE = f"{BASE}/StructureDefinition/report-sequence"
LEVEL = f"{BASE}/StructureDefinition/differentiation-level"
IMPRESSION_CODES = "http://ehealth.sundhed.dk/cs/clinicalimpression-codes"
FINDING_CODES = "http://ehealth.sundhed.dk/cs/clinicalimpression-finding-codes"

AWAITING = "Svar modtaget, afventer vurdering"
"""All that a plan may say of an answer before a clinician's decision."""

_NOTHING_YET = "Ingen svar endnu"
_COLOUR_WORDS = {"GREEN": "grøn", "YELLOW": "gul", "RED": "rød"}
_IDENTIFIER_SYSTEMS = {"cpr": CPR, "x-ecpr": "urn:oid:1.2.208.176.1.6.1.1"}
"""A D-eCPR number belongs to the region that gave it; no public list of those systems was found."""


def transaction_bundle(report: PlanReport, *, if_match: str | None) -> Bundle:
    """Build the transaction that brings the plan to the state of a report.

    Args:
        report: before a decision nothing in it carries a colour, band, level or score.
        if_match: ETag of the plan that was read; None where there is none yet, and none may be.
    """
    guard = {"ifMatch": if_match} if if_match else {"ifNoneMatch": "*"}
    entries = [_entry(_care_plan(report), guard)]
    if report.decision:
        entries.append(_entry(_impression(report, report.decision), {}))
        entries += [_entry(_observation(report, report.decision, score), {}) for score in report.decision.scores]
    return Bundle.model_validate({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def sequence_of(care_plan: dict[str, Any]) -> int:
    """Return the number of the report that a plan holds; 0 where another party wrote it."""
    extensions = care_plan.get("extension", [])
    return next((entry.get("valueInteger", 0) for entry in extensions if entry.get("url") == SEQUENCE), 0)


def _entry(resource: CarePlan | ClinicalImpression | Observation, guard: dict[str, str]) -> dict[str, Any]:
    path = f"{resource.get_resource_type()}/{resource.id}"
    return {"fullUrl": f"{BASE}/{path}", "resource": resource, "request": {"method": "PUT", "url": path, **guard}}


def _care_plan(report: PlanReport) -> CarePlan:
    decision = report.decision
    body: dict[str, Any] = {
        "resourceType": "CarePlan",
        "id": report.enrolment_id,
        "extension": [{"url": SEQUENCE, "valueInteger": report.sequence}],
        "status": "active",
        "intent": "plan",
        "category": [{"coding": [{"system": f"{BASE}/CodeSystem/care-package", "code": report.package}]}],
        "title": f"Pakkeforløb {report.package}",
        "description": _state(report),
        "subject": _subject(report.patient),
        "period": {"start": instant(report.enrolled_at)},
        "author": _clinic(report),
        "activity": [_answered(answer) for answer in report.answers],
    }
    if decision:
        body["supportingInfo"] = [{"reference": f"ClinicalImpression/{decision.id}"}]
        body["extension"] += _level(decision)
        body["activity"] += [*(_agreed(action) for action in decision.actions), *_planned(decision)]
        body |= _goal(report, decision)
    return CarePlan.model_validate({name: value for name, value in body.items() if value})


def _state(report: PlanReport) -> str:
    """Say in one line where the plan stands."""
    decision = report.decision
    if decision is None:
        return AWAITING if report.answers else _NOTHING_YET
    level = f", niveau {decision.level}" if decision.level else ""
    line = f"Vurderet {danish_date(decision.decided_at):%d.%m.%Y}: {_COLOUR_WORDS[decision.colour]}{level}"
    return f"{line}. Nyt svar modtaget, afventer vurdering" if report.awaiting else line


def _answered(answer: ReportedAnswer) -> dict[str, Any]:
    return {
        "detail": {
            "kind": "Task",
            "instantiatesCanonical": [answer.questionnaire],
            "code": {"text": answer.title},
            "status": "completed",
            "scheduledString": f"Besvaret {danish_date(answer.answered_at):%d.%m.%Y}",
        },
        "progress": [{"time": instant(answer.answered_at), "text": "Svar modtaget"}],
    }


def _agreed(action: ReportedAction) -> dict[str, Any]:
    due = {"scheduledPeriod": {"end": action.due.isoformat()}} if action.due else {}
    return {"detail": {"kind": "Task", "code": {"text": action.label}, "status": "scheduled", **due}}


def _goal(report: PlanReport, decision: ReportedDecision) -> dict[str, Any]:
    """Write the patient's own goal, in the patient's words."""
    if not decision.goal:
        return {}
    goal = {
        "resourceType": "Goal",
        "id": "goal",
        "lifecycleStatus": "active",
        "description": {"text": decision.goal},
        "subject": _subject(report.patient),
    }
    return {"contained": [goal], "goal": [{"reference": "#goal"}]}


def _planned(decision: ReportedDecision) -> list[dict[str, Any]]:
    if decision.next_due is None:
        return []
    start = decision.next_due.isoformat()
    detail = {
        "kind": "Task",
        "code": {"text": "Næste spørgeskema"},
        "status": "scheduled",
        "scheduledPeriod": {"start": start},
    }
    return [{"detail": detail}]


def _impression(report: PlanReport, decision: ReportedDecision) -> ClinicalImpression:
    finding = {
        "system": FINDING_CODES,
        "code": decision.colour.lower(),
        "display": f"Samlet vurdering er {_COLOUR_WORDS[decision.colour]}",
    }
    body: dict[str, Any] = {
        "resourceType": "ClinicalImpression",
        "id": decision.id,
        "status": "completed",
        "code": {"coding": [{"system": IMPRESSION_CODES, "code": "MeasurementAssessment"}]},
        "subject": _subject(report.patient),
        "date": instant(decision.decided_at),
        "assessor": {"display": decision.author},
        "previous": {"identifier": {"system": f"{BASE}/sid/suggestion", "value": decision.suggestion_id}},
        "finding": [{"itemCodeableConcept": {"coding": [finding]}}],
    }
    if level := _level(decision):
        body["extension"] = level
    return ClinicalImpression.model_validate(body)


def _level(decision: ReportedDecision) -> list[dict[str, Any]]:
    return [] if decision.level is None else [{"url": LEVEL, "valueInteger": decision.level}]


def _observation(report: PlanReport, decision: ReportedDecision, score: ReportedScore) -> Observation:
    code: dict[str, Any] = {"text": score.label}
    if score.code:
        system, value, display = score.code
        code["coding"] = [{"system": system, "code": value, "display": display}]
    answered_at = max((answer.answered_at for answer in report.answers), default=decision.decided_at)
    body = {
        "resourceType": "Observation",
        "id": f"{decision.id}.{score.id}",
        "basedOn": [{"reference": f"CarePlan/{report.enrolment_id}"}],
        "status": "final",
        "code": code,
        "subject": _subject(report.patient),
        "effectiveDateTime": instant(min(answered_at, decision.decided_at)),
        "performer": [_clinic(report)],
    }
    return Observation.model_validate(body | _value(score))


def _value(score: ReportedScore) -> dict[str, Any]:
    if score.display is None:
        return (
            {"valueCodeableConcept": {"text": score.band}} if score.band else {"dataAbsentReason": {"text": "ukendt"}}
        )
    unit = {"system": "http://unitsofmeasure.org", "code": "{score}", "unit": "point"}
    value: dict[str, Any] = {"valueQuantity": {"value": Decimal(score.display), **unit}}
    return value | ({"interpretation": [{"text": score.band}]} if score.band else {})


def _subject(patient: PatientIdentity) -> dict[str, Any]:
    identifier = {"value": patient.identifier}
    if system := _IDENTIFIER_SYSTEMS.get(patient.kind):
        identifier["system"] = system
    return {"identifier": identifier, "display": patient.name}


def _clinic(report: PlanReport) -> dict[str, Any]:
    return {"identifier": {"system": SOR, "value": report.clinic.sor_id}, "display": report.clinic.name}
