"""A resource as JSON text, checked by the FHIR models on its way out."""

import json
from datetime import UTC, datetime
from typing import Any

from fhir.resources.R4B.fhirresourcemodel import FHIRResourceModel

from delivery.parties import SOR
from web.fhir.systems import PERSON


def written(model: type[FHIRResourceModel], body: dict[str, Any], contained: dict[str, Any] | None = None) -> str:
    """Check a resource against its model and write it.

    Args:
        body: elements with plain values; those that are None or empty are left out.
        contained: a resource within it, written as it is: the models take 20 ms for a Parameters of some inputs, so
            the tests check it instead.
    """
    text = str(model.model_validate(without_empty(body)).model_dump_json(exclude_none=True))
    if contained is None:
        return text
    return f'{text[:-1]},"contained":[{json.dumps(contained, ensure_ascii=False)}]}}'


def without_empty(value: Any) -> Any:
    """Leave out what is None or empty, at every depth: FHIR knows no empty elements."""
    if isinstance(value, dict):
        kept = {name: without_empty(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner is not None and inner not in ({}, [], "")}
    if isinstance(value, list | tuple):
        return [without_empty(inner) for inner in value if inner is not None]
    return value


def instant(moment: datetime | None) -> str | None:
    """Write a moment in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def concept(system: str, code: str, display: str | None = None) -> dict[str, Any]:
    """Build a CodeableConcept with one coding."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def organization(sor_id: str, name: str) -> dict[str, Any]:
    """Build a reference to a clinic by its SOR id."""
    return {"type": "Organization", "identifier": {"system": SOR, "value": sor_id}, "display": name}


def practitioner(person_id: str, name: str) -> dict[str, Any]:
    """Build a reference to a clinician by our id."""
    return {"type": "Practitioner", "identifier": {"system": PERSON, "value": person_id}, "display": name}
