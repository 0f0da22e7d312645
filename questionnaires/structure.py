"""Wall two: is it FHIR R4 at all? Every element known, of its type, not empty; nothing is converted."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from questionnaires.datatypes import DATATYPES, PREFIX_OF, Datatype, Element
from questionnaires.dated import dated_of, is_before
from questionnaires.findings import Findings, Place
from questionnaires.primitives import PRIMITIVES

# Each could change what the response means, and we would not know how.
NOT_UNDERSTOOD = ("modifierExtension", "implicitRules", "_implicitRules", "contained")


def check_object(value: Any, kind: str, place: Place, findings: Findings) -> None:
    """Check one complex value and all below it.

    Args:
        value: decoded JSON.
        kind: FHIR type name.
        place: where it stands.
        findings: takes the faults.

    Source: FHIR R4 section 2.6.2 (JSON), data types.
    """
    if not isinstance(value, dict):
        findings.add("not-an-object", place)
        return
    if not value:
        findings.add("empty", place)
        return
    datatype = DATATYPES.get(kind)
    if datatype is None:
        return
    for name, member in value.items():
        check_member(name, member, datatype, place, findings)
    check_presence(value, kind, datatype, place, findings)


def check_presence(value: dict[str, Any], kind: str, datatype: Datatype, place: Place, findings: Findings) -> None:
    """Check that what must be there is there, and an extension has one value or extensions."""
    for name in datatype.needed:
        if name not in value:
            findings.add("missing-element", (place, name, -1))
    if kind == "Extension" and len(_values(value, datatype)) + ("extension" in value) != 1:
        findings.add("extension-value", place)
    if kind == "Answer" and len(_values(value, datatype)) > 1:
        findings.add("many-values", place)
    if kind in ONE_VALUE and len(_values(value, datatype)) != 1:
        missing: Place = (place, PREFIX_OF.get(kind, "value"), -1)
        findings.add(*(("many-values", place) if _values(value, datatype) else ("missing-element", missing)))
    is_broken = INVARIANTS.get(kind)
    if is_broken is not None and is_broken(value):
        findings.add("invariant", place)


def _ends_before_it_starts(period: dict[str, Any]) -> bool:
    """Tell whether a period breaks per-1; dates of other precision than each other are left alone."""
    ends = [dated_of(period[name]) for name in ("start", "end") if isinstance(period.get(name), str)]
    return len(ends) == BOTH and ends[0] is not None and ends[1] is not None and is_before(ends[1], ends[0])


BOTH = 2
ONE_VALUE = ("EnableWhen", "AnswerOption", "Initial")
INVARIANTS: Mapping[str, Callable[[dict[str, Any]], bool]] = MappingProxyType(
    {
        "Period": _ends_before_it_starts,
        "Quantity": lambda quantity: "code" in quantity and "system" not in quantity,
        "Attachment": lambda attachment: "data" in attachment and "contentType" not in attachment,
    }
)


def _values(value: dict[str, Any], datatype: Datatype) -> set[str]:
    return {name.removeprefix("_") for name in value} & datatype.values


def check_member(name: str, member: Any, datatype: Datatype, place: Place, findings: Findings) -> None:
    """Check one named member of an object."""
    element = datatype.elements.get(name)
    if name in NOT_UNDERSTOOD:
        findings.add("not-supported", (place, name, -1))
    elif element is not None:
        _check_element(name, member, element, place, findings)
    elif name.startswith("_") and name[1:] in datatype.elements:
        _check_sibling(name, member, datatype.elements[name[1:]], place, findings)
    else:
        findings.add("unknown-element", (place, name, -1))


def _check_element(name: str, member: Any, element: Element, place: Place, findings: Findings) -> None:
    if not element.many:
        _check_value(member, element.kind, (place, name, -1), findings)
        if element.codes and isinstance(member, str) and member not in element.codes:
            findings.add("unknown-code", (place, name, -1))
    elif not isinstance(member, list):
        findings.add("not-a-list", (place, name, -1))
    elif not member:
        findings.add("empty", (place, name, -1))
    else:
        for index, one in enumerate(member):
            _check_value(one, element.kind, (place, name, index), findings)


def _check_value(value: Any, kind: str, place: Place, findings: Findings) -> None:
    is_valid = PRIMITIVES.get(kind)
    if is_valid is None:
        check_object(value, kind, place, findings)
    elif not is_valid(value) or (kind == "reference" and not findings.resolves(value)):
        findings.add("wrong-type", place)


def _check_sibling(name: str, member: Any, element: Element, place: Place, findings: Findings) -> None:
    """Check `_name`, which carries id and extensions of a primitive; a list of primitives has a list beside it."""
    if element.kind not in PRIMITIVES:
        findings.add("unknown-element", (place, name, -1))
    elif not element.many:
        check_object(member, "Primitive", (place, name, -1), findings)
    elif not isinstance(member, list):
        findings.add("not-a-list", (place, name, -1))
    else:
        for index, one in enumerate(member):
            if one is not None:
                check_object(one, "Primitive", (place, name, index), findings)
