"""The audit as lines for the national access log; its interface is not public in full (assumption A54)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flow.audit_log import CREATE, EXECUTE, READ, UPDATE, AuditRecord, act_of

ACTS: Mapping[str, str] = MappingProxyType({CREATE: "create", READ: "read", UPDATE: "update", EXECUTE: "execute"})
SYSTEM = "svarbro"


def minlog_line(record: AuditRecord) -> Mapping[str, Any]:
    """Make the line of a row: who looked at whom, when, why, and for which organisation.

    Returns:
        What public texts on MinLog2 name as the content of a registration, under names of ours. The citizen is the
        pseudonym: whoever reports puts the CPR number there, which this file must not hold.
    """
    event, clinic = record.event, record.clinic
    return {
        "id": event.id,
        "time": event.at.isoformat(),
        "citizen": list(event.patients),
        "user": {"id": event.actor_id, "role": event.role.value, "onBehalfOf": event.on_behalf_of},
        "organisation": {"sorId": clinic.sor_id, "providerNumber": clinic.provider_number, "name": clinic.name},
        "act": ACTS[act_of(event.action)],
        "detail": event.action,
        "object": event.entity,
        "purpose": event.purpose,
        "system": SYSTEM,
    }
