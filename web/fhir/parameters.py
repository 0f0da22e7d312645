"""What an operation is given: a resource alone, or FHIR Parameters with named resources and values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import Issue, MalformedInputError
from questionnaires.strict_json import MOST_BYTES, parse_object
from web.fhir.verbatim import elements, members


@dataclass(frozen=True, slots=True)
class Given:
    """What came in.

    Args:
        resources: name of a parameter -> the resource, as it was written.
        values: name of a parameter -> its value, decoded JSON.
    """

    resources: Mapping[str, bytes]
    values: Mapping[str, Any]

    def resource(self, name: str) -> bytes:
        """Return a resource that must be there.

        Raises:
            MalformedInputError: it is not.
        """
        if name not in self.resources:
            raise refused("required", f"The parameter {name} is missing.", "Parameters.parameter", "missing-parameter")
        return self.resources[name]

    def text(self, name: str) -> str | None:
        """Return a value that is a text; None if it is not given.

        Raises:
            MalformedInputError: it is no text.
        """
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise refused("value", f"The parameter {name} is a text.", "Parameters.parameter", "wrong-type")
        return value


def given(raw: bytes, alone: str, known: Collection[str], *, most_bytes: int = MOST_BYTES) -> Given:
    """Read what an operation is given.

    Args:
        raw: the body.
        alone: parameter that a body is which is no Parameters.
        known: names of the parameters that the operation understands; others are refused, for they would change what
            is asked.
        most_bytes: how large the body may be.

    Raises:
        MalformedInputError: no JSON, or a parameter that is not understood, without a name, or there twice.
    """
    body = parse_object(raw, most_bytes=most_bytes)
    if body.get("resourceType") != "Parameters":
        return Given({alone: raw}, {})
    resources: dict[str, bytes] = {}
    values: dict[str, Any] = {}
    listed = body.get("parameter", [])
    written = elements(members(raw.decode())["parameter"]) if isinstance(listed, list) and listed else []
    for index, text in enumerate(written):
        name, place = _name(listed[index], index, known), f"Parameters.parameter[{index}]"
        if name in resources or name in values:
            raise refused("duplicate", "The parameter stands there twice.", place, "duplicate-parameter")
        if isinstance(listed[index].get("resource"), dict):
            resources[name] = members(text)["resource"].encode()
        else:
            values[name] = _value(listed[index], place)
    return Given(resources, values)


def _name(parameter: Any, index: int, known: Collection[str]) -> str:
    name = parameter.get("name") if isinstance(parameter, dict) else None
    if not isinstance(name, str) or name not in known:
        text = f"Known parameters are {', '.join(sorted(known))}."
        raise refused("not-supported", text, f"Parameters.parameter[{index}].name", "unknown-parameter")
    return name


def _value(parameter: dict[str, Any], place: str) -> Any:
    values = [value for key, value in parameter.items() if key.startswith("value") or key == "part"]
    if len(values) != 1:
        raise refused("structure", "A parameter has one value or one resource.", place, "parameter-value")
    return values[0]


def refused(code: str, text: str, expression: str, rule: str) -> MalformedInputError:
    """Make the error for what an operation cannot be asked."""
    return MalformedInputError(text, issues=[Issue(code, text, expression, rule=rule)])
