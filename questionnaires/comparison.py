"""How an `enableWhen` compares: an operator of FHIR and two answers."""

import operator
from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from questionnaires.dated import Dated, is_apart, is_before, is_same
from questionnaires.kinds import Answer, Quantity, Reference

PLAIN: MappingProxyType[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "=": operator.eq,
        "!=": operator.ne,
        ">": operator.gt,
        "<": operator.lt,
        ">=": operator.ge,
        "<=": operator.le,
    }
)
DATES: MappingProxyType[str, Callable[[Dated, Dated], bool]] = MappingProxyType(
    {
        "=": is_same,
        "!=": is_apart,
        ">": lambda given, wanted: is_before(wanted, given),
        "<": is_before,
        ">=": lambda given, wanted: is_same(given, wanted) or is_before(wanted, given),
        "<=": lambda given, wanted: is_same(given, wanted) or is_before(given, wanted),
    }
)
NUMBERS = (int, Decimal)
ORDERED = (">", "<", ">=", "<=")


def compare(told: str, given: Answer, wanted: Answer) -> bool:
    """Compare an answer with what a condition asks for.

    Args:
        told: FHIR questionnaire-enable-operator other than `exists`.
        given: the answer.
        wanted: what the condition names.

    Returns:
        Whether it is certainly so: what cannot be compared (March with the 3rd of March, 5 mg with 5 ml, a text with
        a coding) is neither more nor less nor the same; answers of different kinds only ever differ.
    """
    kind = type(wanted)
    if type(given) is not kind and not (type(given) in NUMBERS and kind in NUMBERS):
        return told == "!="
    if kind is Dated:
        return DATES[told](given, wanted)  # type: ignore[arg-type]  # both are of this kind
    if kind is Quantity:
        return _quantities(told, given, wanted)
    if kind is Reference:
        return PLAIN[told](_target(given), _target(wanted))
    return PLAIN[told](given, wanted)


def _quantities(told: str, given: Any, wanted: Any) -> bool:
    if given.measure != wanted.measure or given.comparator or wanted.comparator:
        return False
    return PLAIN[told](given.value, wanted.value)


def _target(reference: Any) -> Any:
    """A literal reference is the same whatever type it also states."""
    return reference.reference or (reference.type, reference.identifier)
