"""Provenance: who brought a version of a response, and who made a decision, on whose behalf and from what."""

from typing import Any

from fhir.resources.R4B.provenance import Provenance

from flow.record import DecisionAct, ResponseAct
from questionnaires.filed import FiledResponse
from security.actor import Role
from store.repositories.audit import Doer
from web.fhir.model import concept, instant, organization, written
from web.fhir.response import exact_place
from web.fhir.systems import AGENT_TYPES, CLIENT, DATA_OPERATION, DOORS, PERSON

PEOPLE = (Role.CLINICIAN, Role.CLINIC_STAFF, Role.CLINIC_ADMIN)


def response_provenance(act: ResponseAct) -> str:
    """Write the Provenance of one version of a response: the patient is its author, unless somebody changed it."""
    first = act.version.version == 1
    before = [] if first else [_entity("revision", exact_place(act.version, act.version.version - 1))]
    author = _author(act) if first else None
    return written(
        Provenance,
        {
            "id": act.id,
            "target": [{"reference": exact_place(act.version, act.version.version)}],
            "recorded": instant(act.filed.received_at),
            "occurredDateTime": instant(act.filed.authored_at),
            "activity": concept(DATA_OPERATION, "CREATE" if first else "UPDATE"),
            "agent": [author, _bringer(act.doer, act.filed, "transmitter" if first else "author")],
            "entity": before,
        },
    )


def decision_provenance(act: DecisionAct) -> str:
    """Write the Provenance of a decision: who decided, in whose delegation, on which suggestion."""
    decision = act.decision
    before = [_entity("revision", f"ClinicalImpression/{decision.previous_id}")] if decision.previous_id else []
    who = {**_person(decision.author_id), "display": decision.author_name}
    behalf = _person(decision.on_behalf_of) if decision.on_behalf_of else None
    return written(
        Provenance,
        {
            "id": act.id,
            "target": [{"reference": f"ClinicalImpression/{decision.id}"}],
            "recorded": instant(decision.decided_at),
            "activity": concept(DATA_OPERATION, "CREATE"),
            "agent": [
                _agent("author", who, behalf),
                _agent("custodian", organization(act.clinic.sor_id, act.clinic.name)),
            ],
            "entity": [_entity("source", f"ClinicalImpression/{decision.suggestion_id}"), *before],
        },
    )


def _author(act: ResponseAct) -> dict[str, Any]:
    """Name the patient, or who answered for the patient."""
    patient = {"reference": f"Patient/{act.patient_ref}"}
    if act.doer is not None and act.doer.role is Role.RELATED_PERSON:
        return _agent("author", _related(act.doer), patient)
    return _agent("author", patient)


def _related(doer: Doer) -> dict[str, Any]:
    return {"type": "RelatedPerson", "identifier": {"system": PERSON, "value": doer.actor_id}}


def _bringer(doer: Doer | None, filed: FiledResponse, kind: str) -> dict[str, Any]:
    """Name who brought it; the door that it came by where no audit row tells."""
    if doer is None:
        return _agent(kind, {"type": "Device", "identifier": {"system": DOORS, "value": filed.via}})
    if doer.role is Role.PATIENT:
        return _agent(kind, {"reference": f"Patient/{filed.patient_ref}"})
    if doer.role is Role.RELATED_PERSON:
        return _agent(kind, _related(doer), {"reference": f"Patient/{filed.patient_ref}"})
    if doer.role in PEOPLE:
        behalf = _person(doer.on_behalf_of) if doer.on_behalf_of else None
        return _agent(kind, _person(doer.actor_id), behalf)
    return _agent(kind, {"type": "Device", "identifier": {"system": CLIENT, "value": doer.actor_id}})


def _agent(kind: str, who: dict[str, Any], behalf: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": concept(AGENT_TYPES, kind), "who": who, "onBehalfOf": behalf}


def _person(person_id: str) -> dict[str, Any]:
    return {"type": "Practitioner", "identifier": {"system": PERSON, "value": person_id}}


def _entity(role: str, reference: str) -> dict[str, Any]:
    return {"role": role, "what": {"reference": reference}}
