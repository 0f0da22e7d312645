"""What a response may contain: people, organisations and devices that it refers to; all else is refused by its type."""

from collections.abc import Iterator
from typing import Any

from questionnaires.datatypes import PEOPLE_AND_DEVICES
from questionnaires.findings import Findings, Place
from questionnaires.primitives import PRIMITIVES
from questionnaires.structure import check_object


def contained_ids(resource: dict[str, Any]) -> frozenset[str]:
    """List the ids that a local reference may name."""
    contained = resource.get("contained")
    entries = contained if isinstance(contained, list) else []
    ids = (entry.get("id") for entry in entries if isinstance(entry, dict))
    return frozenset(found for found in ids if isinstance(found, str))


def check_contained(resource: dict[str, Any], root: Place, findings: Findings) -> None:
    """Check what a response contains, after its own references were looked at.

    Args:
        resource: the response.
        root: its place.
        findings: knows which ids were referred to, and takes the faults.

    Source: FHIR R4 DomainResource, invariants dom-2 to dom-5; docs/decisions/0015.
    """
    if "contained" not in resource:
        return
    entries = resource["contained"]
    if not isinstance(entries, list):
        findings.add("not-a-list", (root, "contained", -1))
        return
    if not entries:
        findings.add("empty", (root, "contained", -1))
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        place: Place = (root, "contained", index)
        if not isinstance(entry, dict):
            findings.add("not-an-object", place)
        elif entry.get("resourceType") not in PEOPLE_AND_DEVICES:
            findings.add("contained-type", (place, "resourceType", -1))
        else:
            _check_one(entry, place, seen, findings)


def _check_one(entry: dict[str, Any], place: Place, seen: set[str], findings: Findings) -> None:
    check_object(entry, entry["resourceType"], place, findings)
    inner_id = entry.get("id")
    is_told = "id" in entry and not PRIMITIVES["id"](inner_id)
    if not is_told and (inner_id in seen or inner_id not in findings.pointed):
        findings.add("contained-id", (place, "id", -1))
    seen |= {inner_id} if isinstance(inner_id, str) else set()
    meta = entry.get("meta")
    for name in _of_its_own(meta if isinstance(meta, dict) else {}):
        findings.add("not-supported", ((place, "meta", -1), name, -1))


def _of_its_own(meta: dict[str, Any]) -> Iterator[str]:
    """List what only a resource that stands alone may say (dom-4, dom-5)."""
    return (name for name in ("versionId", "lastUpdated", "security") if name in meta)
