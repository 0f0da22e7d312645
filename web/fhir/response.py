"""QuestionnaireResponse: the submitted bytes, with the id and version that we gave them."""

import json
from typing import Any

from flow.record import ResponseRecord
from store.repositories.responses import ResponseVersion
from web.fhir.model import instant
from web.fhir.verbatim import members


def questionnaire_response(record: ResponseRecord) -> str:
    """Write a version of a filed response."""
    meta = {"versionId": str(record.filed.version), "lastUpdated": instant(record.filed.received_at)}
    return with_identity(record.raw, record.id, meta)


def place_of(version: ResponseVersion) -> str:
    """Write the reference to a version: plain while it is the only one, exact once there are others."""
    if version.is_current and version.version == 1:
        return f"QuestionnaireResponse/{version.first_id}"
    return exact_place(version, version.version)


def exact_place(version: ResponseVersion, number: int) -> str:
    """Write the reference to a version of the same response by its number."""
    return f"QuestionnaireResponse/{version.first_id}/_history/{number}"


def with_identity(raw: bytes, resource_id: str, meta: dict[str, Any]) -> str:
    """Put our id and version into submitted bytes and leave all the rest as it was written.

    Reading and writing it anew would change decimals, moments and the order of elements; so the members are
    cut out as text. A submitted id gives way to ours, as FHIR's create asks; a submitted meta keeps its profiles and
    tags.

    Args:
        raw: a JSON object that passed our gate.
        meta: overrides the members of a submitted meta.
    """
    written = members(raw.decode())
    identity = {
        "resourceType": written.pop("resourceType"),
        "id": json.dumps(resource_id),
        "meta": json.dumps({**json.loads(written.pop("meta", "{}")), **meta}, ensure_ascii=False),
    }
    written.pop("id", None)
    return "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in {**identity, **written}.items()) + "}"
