"""Conditions of bands and decision rows: JSON, never strings to parse, compiled once and walked."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from questionnaires.content_file import Fields

Value = int | Fraction | str
Params = Mapping[str, str | int]

COMPARE: MappingProxyType[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "==": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)
NULLITY = ("is-null", "is-not-null")
FRACTION = re.compile(r"-?[0-9]+/[1-9][0-9]*")
NO_PARAMS: Params = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison.

    Args:
        name: input, score or parameter that is looked at.
        op: `==`, `!=`, `<`, `<=`, `>`, `>=`, `is-null` or `is-not-null`.
        value: what it is compared with; None for the null tests.
        is_param: `name` is a parameter.
    """

    name: str
    op: str
    value: Value | None = None
    is_param: bool = False

    def holds(self, values: Mapping[str, Value | None], params: Params = NO_PARAMS) -> bool:
        """Tell whether it is true; a comparison with null is false, `!=` too."""
        given = params.get(self.name) if self.is_param else values.get(self.name)
        if given is None or self.value is None:
            return (given is None) is (self.op == "is-null") and self.value is None
        return COMPARE[self.op](given, self.value)


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives, of which one must hold whole.

    Args:
        alternatives: conjunctions of atoms; empty for `otherwise`.
        otherwise: true when nothing else is; whoever walks the list decides when.
    """

    alternatives: tuple[tuple[Atom, ...], ...]
    otherwise: bool = False

    def holds(self, values: Mapping[str, Value | None], params: Params = NO_PARAMS) -> bool:
        """Tell whether one alternative is true; `otherwise` has none."""
        # Plain loops: this is walked for every row of every suggestion, and generators cost twice as much.
        for atoms in self.alternatives:
            for atom in atoms:
                if not atom.holds(values, params):
                    break
            else:
                return True
        return False

    def names(self) -> frozenset[str]:
        """List the inputs or scores that it looks at."""
        return frozenset(atom.name for atoms in self.alternatives for atom in atoms if not atom.is_param)


def read_condition(fields: Fields) -> Condition:
    """Read a condition.

    Raises:
        ContentError: another shape than `all`, `any` of `all`, or `otherwise`.

    Source: docs/architecture.md section 3; grammar in docs/clinical/README.md.
    """
    if "otherwise" in fields:
        fields.refuse_others(("otherwise",))
        if not fields.flag("otherwise"):
            raise fields.fail("otherwise", "true")
        return Condition((), otherwise=True)
    if "any" in fields:
        fields.refuse_others(("any",))
        parts = fields.parts("any")
        if not parts:
            raise fields.fail("any", "a list that is not empty")
        return Condition(tuple(_conjunction(part) for part in parts))
    return Condition((_conjunction(fields),))


def _conjunction(fields: Fields) -> tuple[Atom, ...]:
    fields.refuse_others(("all",))
    parts = fields.parts("all")
    if not parts:
        raise fields.fail("all", "a list that is not empty")
    return tuple(_atom(part) for part in parts)


def _atom(fields: Fields) -> Atom:
    is_param = "param" in fields
    name = fields.text("param" if is_param else "input")
    op = fields.one_of("op", (*COMPARE, *NULLITY))
    subject = "param" if is_param else "input"
    if op in NULLITY:
        fields.refuse_others(("input", "op"))
        return Atom(name, op)
    fields.refuse_others((subject, "op", "value"))
    return Atom(name, op, read_value(fields, "value"), is_param)


def read_value(fields: Fields, name: str) -> Value:
    """Read a number, an exact fraction written `a/b`, or a code; true and decimals are none of them."""
    if isinstance(fields.raw.get(name), str):
        text = fields.text(name)
        return Fraction(text) if FRACTION.fullmatch(text) else text
    return fields.integer(name)
