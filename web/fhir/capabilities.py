"""The CapabilityStatement, made from the same table as the routes: it cannot promise what is not there."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from web.fhir.interactions import ResourceEntry
from web.fhir.model import written
from web.fhir.negotiation import FHIR_JSON
from web.fhir.systems import BASE

RELEASED = "2026-11-20"
SECURITY = (
    "A bearer token on every call but this one and .well-known/smart-configuration, by SMART Backend Services. "
    "CPR numbers never belong in an address."
)
SMART = {"system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR"}


def capability_statement(entries: Sequence[ResourceEntry], address: str) -> str:
    """Write the statement.

    Args:
        address: absolute address of the FHIR door, as the caller reached it.
    """
    return written(
        CapabilityStatement,
        {
            "url": f"{BASE}/CapabilityStatement/svarbro",
            "name": "Svarbro",
            "title": "Svarbro: questionnaires, answers, scores, suggestions and decisions",
            "status": "active",
            "date": RELEASED,
            "publisher": "Svarbro",
            "kind": "instance",
            "software": {"name": "svarbro", "version": version("svarbro")},
            "implementation": {"description": "This installation", "url": address},
            "fhirVersion": "4.0.1",
            "format": [FHIR_JSON, "json"],
            "rest": [
                {
                    "mode": "server",
                    "security": {"service": [{"coding": [SMART]}], "description": SECURITY},
                    "resource": [_resource(entry) for entry in entries],
                }
            ],
        },
    )


def _resource(entry: ResourceEntry) -> dict[str, Any]:
    return {
        "type": entry.type,
        "documentation": entry.documentation,
        "interaction": [{"code": code} for code in entry.interactions],
        "versioning": entry.versioning,
        "readHistory": True if "vread" in entry.interactions else None,
        "updateCreate": False if "update" in entry.interactions else None,
        "conditionalCreate": True if entry.conditional_create else None,
        "searchParam": [
            {"name": parameter.name, "type": parameter.type, "documentation": parameter.documentation}
            for parameter in entry.parameters
        ],
        "operation": [{"name": one.name, "definition": one.definition} for one in entry.operations],
    }
