"""CarePlan: one enrolment, with what is asked now and what is planned next."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fhir.resources.R4B.careplan import CarePlan

from delivery.schedule import EnrolmentState
from flow.record import PlanRecord
from web.fhir.model import concept, instant, organization, written
from web.fhir.systems import AWAITING, BASE, PACKAGES

STATUS: Mapping[EnrolmentState, str] = MappingProxyType(
    {EnrolmentState.ACTIVE: "active", EnrolmentState.PAUSED: "on-hold", EnrolmentState.ENDED: "completed"}
)
"""State of an enrolment -> CarePlan.status."""


def care_plan(record: PlanRecord) -> str:
    """Write the CarePlan of an enrolment."""
    enrolment = record.enrolment
    results = [found.id for found in (record.suggestion, record.decision) if found]
    return written(
        CarePlan,
        {
            "id": enrolment.id,
            "extension": [{"url": AWAITING, "valueBoolean": record.awaiting}],
            "instantiatesCanonical": [
                f"{BASE}/PlanDefinition/{enrolment.programme}|{enrolment.programme_version}",
            ],
            "status": STATUS[enrolment.state],
            "intent": "plan",
            "category": [concept(PACKAGES, enrolment.package)],
            "title": record.title,
            "subject": {"reference": f"Patient/{enrolment.patient_ref}"},
            "period": {"start": instant(enrolment.enrolled_at)},
            "created": instant(enrolment.enrolled_at),
            "author": organization(record.clinic.sor_id, record.clinic.name),
            "supportingInfo": [{"reference": f"ClinicalImpression/{result}"} for result in results],
            "activity": [*_asked(record), *_planned(record)],
        },
    )


def _asked(record: PlanRecord) -> list[dict[str, Any]]:
    return [{"reference": {"reference": f"Task/{request.id}"}} for request in record.asked]


def _planned(record: PlanRecord) -> list[dict[str, Any]]:
    return [
        {
            "detail": {
                "kind": "Task",
                "status": "scheduled",
                "scheduledPeriod": {"start": instant(slot.due_at)},
            }
        }
        for slot in sorted(record.planned, key=lambda slot: slot.due_at)
    ]
