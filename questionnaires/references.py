"""Reads which request a response fulfils and whose it is."""

from typing import Any

from questionnaires.findings import Findings, Place
from questionnaires.vocabulary import CPR_SYSTEM, REQUEST_SYSTEM

REQUEST_TYPE = "ServiceRequest/"


def request_of(resource: dict[str, Any], root: Place, findings: Findings) -> str | None:
    """Read the id of our request from `basedOn`; other systems' references are left alone.

    Args:
        resource: the response.
        root: its place.
        findings: takes the fault if two of our requests are named.
    """
    based_on = resource.get("basedOn")
    entries = based_on if isinstance(based_on, list) else []
    ids = {found for entry in entries if (found := _request_id(entry)) is not None}
    if len(ids) > 1:
        findings.add("ambiguous-request", (root, "basedOn", -1))
    return min(ids, default=None)


def _request_id(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return None
    identifier = entry.get("identifier")
    if isinstance(identifier, dict) and identifier.get("system") == REQUEST_SYSTEM:
        value = identifier.get("value")
        return value if isinstance(value, str) else None
    reference = entry.get("reference")
    if isinstance(reference, str) and reference.startswith(REQUEST_TYPE):
        return reference.removeprefix(REQUEST_TYPE)
    return None


def subject_of(resource: dict[str, Any]) -> tuple[str | None, tuple[str, str] | None]:
    """Read reference and identifier (system, value) of the subject from a response that passed the structure check.

    Of a contained subject, which has no address elsewhere, the identifier is read: a CPR number before any other.
    """
    subject = resource.get("subject", {})
    reference, identifier = subject.get("reference"), subject.get("identifier", {})
    if reference is not None and reference.startswith("#"):
        inside = next(one for one in resource["contained"] if one["id"] == reference[1:])
        named = sorted(inside.get("identifier", ()), key=lambda one: one.get("system") != CPR_SYSTEM)
        reference, identifier = None, identifier or next(iter(named), {})
    system, value = identifier.get("system"), identifier.get("value")
    return reference, (system, value) if system and value else None
