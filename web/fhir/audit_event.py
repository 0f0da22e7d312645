"""AuditEvent: one audit row in the shapes of IHE Basic Audit Log Patterns."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fhir.resources.R4B.auditevent import AuditEvent

from flow.audit_log import CREATE, READ, REFUSED, UPDATE, AuditRecord, act_of
from security.actor import Role
from store.repositories.audit import FiledEvent
from web.fhir.model import concept, instant, organization, written
from web.fhir.systems import (
    ACT_REASON,
    ACTS,
    AUDIT_ENTITY,
    AUDIT_TYPE,
    BALP,
    CLIENT,
    DICOM,
    INTERACTION,
    OBJECT_ROLE,
    PARTICIPATION,
    PERSON,
    PURPOSES,
    ROLES,
)

SUCCESS, REFUSAL = "0", "4"
"""A row is written in the transaction of its act: what failed has none, and one kind of act is a refusal."""
PROFILES: Mapping[str, str] = MappingProxyType({READ: "PatientRead", CREATE: "PatientCreate", UPDATE: "PatientUpdate"})
INTERACTIONS: Mapping[str, str] = MappingProxyType({READ: "read", CREATE: "create", UPDATE: "update"})
REASONS: Mapping[str, str] = MappingProxyType({"treatment": "TREAT", "own-access": "PATRQT", "audit": "HSYSADMIN"})
SOURCE, DESTINATION = ("110153", "Source Role ID"), ("110152", "Destination Role ID")
NOT_KEPT = {"address": "not-kept", "type": "1"}
"""Addresses of callers are personal data that this service does not keep; the pattern wants the element."""
PEOPLE = (Role.CLINICIAN, Role.CLINIC_STAFF, Role.CLINIC_ADMIN, Role.PATIENT, Role.RELATED_PERSON)


def audit_event(record: AuditRecord, base: str) -> str:
    """Write the AuditEvent of a row.

    Args:
        base: address of the FHIR door, which names the server.

    Returns:
        JSON text. It claims the profile of its act where exactly one patient is concerned; a search names no profile,
        because the pattern wants the query, which may hold an identifier and is not kept.

    Source: IHE ITI Basic Audit Log Patterns 1.1.3, PatientRead, PatientCreate, PatientUpdate.
    """
    event = record.event
    act = act_of(event.action)
    searched = event.action == "search"
    profile = PROFILES.get(act) if len(event.patients) == 1 and not searched else None
    return written(
        AuditEvent,
        {
            "id": event.id,
            "meta": {"profile": [f"{BALP}.{profile}"] if profile else []},
            "type": {"system": AUDIT_TYPE, "code": "rest", "display": "Restful Operation"},
            "subtype": [_interaction(act, searched=searched), {"system": ACTS, "code": event.action}],
            "action": "E" if searched else act,
            "recorded": instant(event.at),
            "outcome": REFUSAL if event.action == REFUSED else SUCCESS,
            "purposeOfEvent": [_purpose(event.purpose)],
            "agent": [_client(event, act), _server(act, base), _user(event, act)],
            "source": {"observer": organization(record.clinic.sor_id, record.clinic.name)},
            "entity": [_data(event), *(_patient(ref) for ref in event.patients)],
        },
    )


def _interaction(act: str, *, searched: bool) -> dict[str, Any] | None:
    code = "search-type" if searched else INTERACTIONS.get(act)
    return {"system": INTERACTION, "code": code} if code else None


def _purpose(purpose: str) -> dict[str, Any]:
    coding = [{"system": PURPOSES, "code": purpose}]
    reason = REASONS.get(purpose)
    return {"coding": [*coding, {"system": ACT_REASON, "code": reason}] if reason else coding}


def _client(event: FiledEvent, act: str) -> dict[str, Any]:
    """Say where the data came from, or went to where it was read; as the pattern has it, a person comes beside."""
    who = {"display": "web"} if event.role in PEOPLE else {"identifier": {"system": CLIENT, "value": event.actor_id}}
    kind = DESTINATION if act == READ else SOURCE
    return {"type": concept(DICOM, *kind), "who": {"type": "Device", **who}, "requestor": False, "network": NOT_KEPT}


def _server(act: str, base: str) -> dict[str, Any]:
    kind = SOURCE if act == READ else DESTINATION
    who = {"type": "Device", "identifier": {"value": base}}
    return {"type": concept(DICOM, *kind), "who": who, "requestor": False, "network": {"address": base, "type": "5"}}


def _user(event: FiledEvent, act: str) -> dict[str, Any] | None:
    """Name the person, by our id; nobody where a system acted by itself."""
    if event.role not in PEOPLE:
        return None
    kind = ("IRCP", "information recipient") if act == READ else ("AUT", "author (originator)")
    role = [concept(ROLES, event.role.value)]
    if event.role is Role.PATIENT:
        return {"type": concept(PARTICIPATION, *kind), "who": _own(event), "requestor": True, "role": role}
    behalf = f"on behalf of {event.on_behalf_of}" if event.on_behalf_of else None
    kind_of_person = "RelatedPerson" if event.role is Role.RELATED_PERSON else "Practitioner"
    who = {"type": kind_of_person, "identifier": {"system": PERSON, "value": event.actor_id}, "display": behalf}
    return {"type": concept(PARTICIPATION, *kind), "who": who, "requestor": True, "role": role}


def _own(event: FiledEvent) -> dict[str, Any]:
    return {"reference": f"Patient/{event.patients[0]}"} if event.patients else {"type": "Patient"}


def _data(event: FiledEvent) -> dict[str, Any]:
    kind = {"system": AUDIT_ENTITY, "code": "2", "display": "System Object"}
    role = {"system": OBJECT_ROLE, "code": "4", "display": "Domain Resource"}
    return {"what": {"identifier": {"value": event.entity}}, "type": kind, "role": role}


def _patient(patient_ref: str) -> dict[str, Any]:
    kind = {"system": AUDIT_ENTITY, "code": "1", "display": "Person"}
    role = {"system": OBJECT_ROLE, "code": "1", "display": "Patient"}
    return {"what": {"reference": f"Patient/{patient_ref}"}, "type": kind, "role": role}
