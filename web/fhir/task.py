"""Task: one questionnaire asked once, in the shape of the SDC questionnaire task, or one action that was agreed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fhir.resources.R4B.task import Task

from delivery.schedule import RequestState
from flow.record import ActionRecord, TaskRecord
from scoring.actions import ActionState
from store.records import QUESTIONNAIRE_TASK
from web.fhir.model import concept, instant, organization, practitioner, written
from web.fhir.systems import ACTIONS, OCCASION, REQUEST, REQUEST_STATES, SDC_TASK

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
ACTION_STATUS: Mapping[ActionState, str] = MappingProxyType(
    {
        ActionState.REQUESTED: "requested",
        ActionState.IN_PROGRESS: "in-progress",
        ActionState.COMPLETED: "completed",
        ActionState.CANCELLED: "cancelled",
    }
)
"""State of an agreed action -> Task.status."""


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
            "code": concept(SDC_TASK, QUESTIONNAIRE_TASK),
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


def action_task(record: ActionRecord) -> str:
    """Write the Task of an agreed action: what was agreed with whom, by when, and where it stands."""
    action, decision = record.action, record.decision
    patient = {"reference": f"Patient/{record.patient_ref}"}
    return written(
        Task,
        {
            "id": action.id,
            "meta": {"lastUpdated": instant(action.changed_at)},
            "basedOn": [{"reference": f"CarePlan/{action.enrolment_id}"}],
            "status": ACTION_STATUS[action.state],
            "intent": "plan",
            "code": concept(ACTIONS, action.code, record.label.da),
            "focus": patient,
            "for": patient,
            "authoredOn": instant(action.agreed_at),
            "lastModified": instant(action.changed_at),
            "requester": practitioner(decision.author_id, decision.author_name),
            "reasonReference": {"reference": f"ClinicalImpression/{action.decision_id}"},
            "note": [{"text": action.note}] if action.note else [],
            "restriction": {"period": {"end": action.due.isoformat() if action.due else None}},
        },
    )


def _output(record: TaskRecord) -> list[dict[str, Any]]:
    if record.response_id is None:
        return []
    reference = {"reference": f"QuestionnaireResponse/{record.response_id}"}
    return [{"type": concept(SDC_TASK, "response"), "valueReference": reference}]
