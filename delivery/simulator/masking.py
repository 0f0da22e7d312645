"""Keeps CPR numbers off the simulator's pages."""

from typing import Any

_DATE_DIGITS = 6


def masked(identifier: str) -> str:
    """Return the date part of an identifier, the rest crossed out: `DDMMYY-xxxx`."""
    return f"{identifier[:_DATE_DIGITS]}-xxxx"


def without_identifier(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource with the identifier of its subject masked."""
    subject = resource.get("subject", {})
    identifier = subject.get("identifier")
    if not identifier:
        return resource
    shown = identifier | {"value": masked(identifier["value"])}
    return resource | {"subject": subject | {"identifier": shown}}
