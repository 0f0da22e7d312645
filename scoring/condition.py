"""Conditions of bands and decision rows: JSON, never strings to parse, compiled once and walked."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from questionnaires.content_file import Fields
from scoring.number import Number

Value = Number | str
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


Values = Mapping[str, Value | None]
Test = Callable[[Values, Params], bool]


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison.

    Args:
        name: input, score or parameter that is looked at.
        op: `==`, `!=`, `<`, `<=`, `>`, `>=`, `is-null` or `is-not-null`.
        value: what it is compared with; None for the null tests.
        is_param: `name` is a parameter.
        test: the comparison, compiled.
    """

    name: str
    op: str
    value: Value | None = None
    is_param: bool = False
    test: Test = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "test", _nullity(self) if self.value is None else _comparison(self))

    def holds(self, values: Values, params: Params = NO_PARAMS) -> bool:
        """Tell whether it is true; a comparison with null is false, `!=` too."""
        return self.test(values, params)


def _nullity(atom: Atom) -> Test:
    name, wanted = atom.name, atom.op == "is-null"
    return lambda values, _params: (values.get(name) is None) is wanted


def _comparison(atom: Atom) -> Test:
    name, compare, value, is_param = atom.name, COMPARE[atom.op], atom.value, atom.is_param

    def of_param(_values: Values, params: Params) -> bool:
        given = params.get(name)
        return given is not None and compare(given, value)

    def of_value(values: Values, _params: Params) -> bool:
        given = values.get(name)
        return given is not None and compare(given, value)

    return of_param if is_param else of_value


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives, of which one must hold whole.

    Args:
        alternatives: conjunctions of atoms; empty for `otherwise`.
        otherwise: true when nothing else is; whoever walks the list decides when.
        test: the whole, compiled: it is walked for every row of every suggestion.
    """

    alternatives: tuple[tuple[Atom, ...], ...]
    otherwise: bool = False
    test: Test = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tests = tuple(_all(tuple(atom.test for atom in atoms)) for atoms in self.alternatives)
        object.__setattr__(self, "test", tests[0] if len(tests) == 1 else _any(tests))

    def holds(self, values: Values, params: Params = NO_PARAMS) -> bool:
        """Tell whether one alternative is true; `otherwise` has none."""
        return self.test(values, params)

    def names(self) -> frozenset[str]:
        """List the inputs or scores that it looks at."""
        return frozenset(atom.name for atoms in self.alternatives for atom in atoms if not atom.is_param)


# Plain loops: generators cost twice as much.
def _all(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def holds(values: Values, params: Params) -> bool:
        for test in tests:  # noqa: SIM110
            if not test(values, params):
                return False
        return True

    return holds


def _any(tests: tuple[Test, ...]) -> Test:
    def holds(values: Values, params: Params) -> bool:
        for test in tests:  # noqa: SIM110
            if test(values, params):
                return True
        return False

    return holds


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
