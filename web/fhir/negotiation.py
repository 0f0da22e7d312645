"""What the FHIR door reads and writes, JSON in R4, and what a caller prefers."""

from dataclasses import dataclass

from flask import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from web.media import LARGEST_BODY, NotAcceptableError, UnsupportedMediaError, demand_readable

FHIR_JSON = "application/fhir+json"
READ = (FHIR_JSON, "application/json")
FORM = "application/x-www-form-urlencoded"
WRITTEN = frozenset({"*/*", "application/*", FHIR_JSON, "application/json", "json"})
R4 = ("4.0", "4.0.1")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the `Prefer` header asks for.

    Args:
        returned: `representation`, `minimal` or `OperationOutcome`.
        strict: an unknown search parameter is an error.
    """

    returned: str
    strict: bool


def preferences(request: Request) -> Preferences:
    """Read the `Prefer` header; what we do not know in it is passed over, as RFC 7240 asks."""
    parts = (part for value in request.headers.getlist("Prefer") for part in value.replace(";", ",").split(","))
    asked = {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in parts)}
    return Preferences(asked.get("return", "representation"), strict=asked.get("handling") == "strict")


def demand_writable(request: Request) -> None:
    """Check that the caller takes FHIR JSON; `_format` wins over `Accept`.

    Raises:
        NotAcceptableError: it wants XML, HTML or another FHIR version.
    """
    # In a query string a `+` that was not written as %2B arrives as a space.
    wanted = request.args.get("_format", "").replace(" ", "+") or request.headers.get("Accept") or "*/*"
    accepted = (entry for entry, quality in parse_accept_header(wanted, MIMEAccept) if quality > 0)
    if not any(_is_written(entry) for entry in accepted):
        raise NotAcceptableError(f"Only {FHIR_JSON} of fhirVersion {R4[0]} is written.")


def demand_resource(request: Request, *, most_bytes: int = LARGEST_BODY) -> None:
    """Check that the body is FHIR JSON.

    Args:
        most_bytes: how large it may be.

    Raises:
        UnsupportedMediaError: it is XML, a form, compressed, or in another FHIR version.
    """
    demand_readable(request, *READ, most_bytes=most_bytes)
    if not _is_r4(request.headers.get("Content-Type", "")):
        raise UnsupportedMediaError(f"Only fhirVersion {R4[0]} is read here.")


def _is_written(entry: str) -> bool:
    return parse_options_header(entry)[0].lower() in WRITTEN and _is_r4(entry)


def _is_r4(media_type: str) -> bool:
    _, options = parse_options_header(media_type)
    return options.get("fhirversion", R4[0]) in R4
