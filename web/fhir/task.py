"""Task: one questionnaire asked of one patient once, in the shape of the SDC questionnaire task."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fhir.resources.R4B.task import Task

from delivery.schedule import RequestState
from flow.record import TaskRecord
from web.fhir.model import concept, instant, organization, written
from web.fhir.systems import OCCASION, REQUEST, REQUEST_STATES, SDC_TASK

STATUS: Mapping[RequestState, str] = MappingProxyType(
    {
        RequestState.REQUESTED: "requested",
        RequestState.IN_PROGRESS: "in-progress",
        RequestState.COMPLETED: "completed",
        RequestState.EXPIRED: "failed",
        RequestState.CANCELLED: "cancelled",
    }
)
"""State of a request -> Task.status."""


def task(record: TaskRecord) -> str:
    """Write the Task of a request."""
    request = record.request
    patient = {"reference": f"Patient/{request.patient_ref}"}
    expired = concept(REQUEST_STATES, "expired") if request.state is RequestState.EXPIRED else None
    return written(
        Task,
        {
            "id": request.id,
            "meta": {"lastUpdated": instant(request.completed_at or request.requested_at)},
            "identifier": [{"system": REQUEST, "value": request.id}],
            "groupIdentifier": {"system": OCCASION, "value": request.occasion_id},
            "status": STATUS[request.state],
            "statusReason": expired,
            "intent": "order",
            "code": concept(SDC_TASK, "complete-questionnaire"),
            "for": patient,
            "authoredOn": instant(request.requested_at),
            "lastModified": instant(request.completed_at or request.requested_at),
            "requester": organization(record.clinic.sor_id, record.clinic.name),
            "owner": patient,
            "restriction": {"period": {"end": instant(request.expires_at)}},
            "input": [{"type": concept(SDC_TASK, "questionnaire"), "valueCanonical": request.questionnaire}],
            "output": _output(record),
        },
    )


def _output(record: TaskRecord) -> list[dict[str, Any]]:
    if record.response_id is None:
        return []
    reference = {"reference": f"QuestionnaireResponse/{record.response_id}"}
    return [{"type": concept(SDC_TASK, "response"), "valueReference": reference}]
