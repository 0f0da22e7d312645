"""Communication: what left for a patient, a plan or a record; when and how, never what it said."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fhir.resources.R4B.communication import Communication

from delivery.outbox import MessageState
from flow.record import CommunicationRecord
from web.fhir.model import concept, instant, organization, written
from web.fhir.response import place_of
from web.fhir.systems import CHANNEL_EVENTS, CHANNELS, MESSAGE_KINDS, MESSAGE_STATES, TARGET

STATUS: Mapping[MessageState, str] = MappingProxyType(
    {
        MessageState.DUE: "preparation",
        MessageState.LEASED: "in-progress",
        MessageState.IN_DOUBT: "unknown",
        MessageState.ACCEPTED: "completed",
        MessageState.SUPERSEDED: "not-done",
        MessageState.CANCELLED: "not-done",
        MessageState.EXPIRED: "not-done",
        MessageState.DEAD: "stopped",
    }
)
"""State of a message -> Communication.status."""
REACHED = ("opened", "notified")
"""Events that show that a message reached its patient, the surest first."""


def communication(record: CommunicationRecord) -> str:
    """Write the Communication of a message."""
    told, message = record.communication, record.communication.message
    patient = {"reference": f"Patient/{record.patient_ref}"}
    to_patient = message.kind.is_to_patient
    sent = told.closed_at if message.state is MessageState.ACCEPTED else None
    return written(
        Communication,
        {
            "id": record.id,
            "meta": {"lastUpdated": instant(told.closed_at or told.created_at)},
            "status": STATUS[message.state],
            "statusReason": concept(MESSAGE_STATES, message.state.value),
            "category": [concept(MESSAGE_KINDS, message.kind.value)],
            "medium": [concept(CHANNELS, message.target)],
            "subject": patient,
            "about": [{"reference": reference} for reference in _about(record)],
            "sent": instant(sent),
            "received": instant(_received(record)),
            "recipient": [patient if to_patient else _target(message.target)],
            "sender": organization(record.clinic.sor_id, record.clinic.name),
            "reasonCode": [concept(MESSAGE_KINDS, message.kind.value), *_events(record)],
        },
    )


def _about(record: CommunicationRecord) -> list[str]:
    message = record.communication.message
    plan = [f"CarePlan/{message.enrolment_id}"] if message.enrolment_id else []
    asked = [f"Task/{request.id}" for request in record.requests]
    answer = [place_of(record.response)] if record.response else []
    decision = [f"ClinicalImpression/{message.decision_id}"] if message.decision_id else []
    return [*plan, *asked, *answer, *decision]


def _received(record: CommunicationRecord) -> Any:
    at = {fact.event: fact.at for fact in record.communication.receipts}
    return next((at[event] for event in REACHED if event in at), None)


def _events(record: CommunicationRecord) -> list[dict[str, Any]]:
    """Tell what the channel told: a refusal that came after the acceptance must not be hidden by it."""
    return [concept(CHANNEL_EVENTS, fact.event) for fact in record.communication.receipts]


def _target(name: str) -> dict[str, Any]:
    return {"type": "Device", "identifier": {"system": TARGET, "value": name}}
