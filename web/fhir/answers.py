"""The answers of the FHIR door: its address, its media type, its ETags."""

import json
from collections.abc import Callable
from hashlib import sha256

from flask import Response, request

from web.fhir.negotiation import FHIR_JSON, preferences
from web.fhir.outcome import outcome

DOOR = "/fhir"


def address() -> str:
    """Return the absolute address of the door, as the caller reached it."""
    return f"{request.url_root.rstrip('/')}{DOOR}"


def answered(body: str, status: int = 200) -> Response:
    """Answer with FHIR JSON."""
    return Response(body, status, content_type=f"{FHIR_JSON}; charset=utf-8")


def returned(representation: Callable[[], str]) -> str:
    """Return what the caller wants to see of a change: the resource, an OperationOutcome, or nothing."""
    match preferences(request).returned:
        case "minimal":
            return ""
        case "OperationOutcome":
            return json.dumps(outcome(()))
        case _:
            return representation()


def cacheable(body: str, version: str | None = None) -> Response:
    """Answer with an ETag, the version of the resource where it has one; 304 where the caller holds it already."""
    response = answered(body)
    response.set_etag(version or sha256(body.encode()).hexdigest()[:16], weak=True)
    response.make_conditional(request)
    return response
