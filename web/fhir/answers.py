"""The answers of the FHIR door: its address, its media type, its ETags."""

from hashlib import sha256

from flask import Response, request

from web.fhir.negotiation import FHIR_JSON

DOOR = "/fhir"


def address() -> str:
    """Return the absolute address of the door, as the caller reached it."""
    return f"{request.url_root.rstrip('/')}{DOOR}"


def answered(body: str, status: int = 200) -> Response:
    """Answer with FHIR JSON."""
    return Response(body, status, content_type=f"{FHIR_JSON}; charset=utf-8")


def cacheable(body: str, version: str | None = None) -> Response:
    """Answer with an ETag, the version of the resource where it has one; 304 where the caller holds it already."""
    response = answered(body)
    response.set_etag(version or sha256(body.encode()).hexdigest()[:16], weak=True)
    response.make_conditional(request)
    return response
