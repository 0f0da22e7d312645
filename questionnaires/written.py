"""Writes one answer as FHIR JSON has it: the opposite of `values`."""

from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from questionnaires.dated import Dated
from questionnaires.model import Answer, Attachment, Coded, Item, ItemType, Option, Quantity
from questionnaires.plan import KEY_OF, VALUE_KEYS

CHOICES = (ItemType.CHOICE, ItemType.OPEN_CHOICE)
EXACT_DIGITS = 15
"""Digits of a number that a JSON reader with binary numbers, as most are, still reads as they were written."""


def key_of(item: Item, answer: Answer) -> str:
    """Name the JSON element of an answer, such as `valueCoding`."""
    if item.type in CHOICES and not isinstance(answer, Coded):
        return KEY_OF[type(answer)]
    return VALUE_KEYS[item.type]


def written(item: Item, answer: Answer) -> Any:
    """Write an answer of an item; a number with decimals must have at most `EXACT_DIGITS` digits."""
    if isinstance(answer, Coded):
        return _coding(item, answer)
    write = WRITERS.get(type(answer))
    return write(answer) if write else answer


def _coding(item: Item, answer: Coded) -> dict[str, str]:
    option = option_of(item, answer)
    return {"system": option.system, "code": option.code, "display": option.display.da}


def option_of(item: Item, answer: Coded) -> Option:
    """Find the option that a coded answer chooses."""
    return next(one for one in item.options if (one.system, one.code) == (answer.system, answer.code))


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _quantity(value: Quantity) -> dict[str, Any]:
    named = {"comparator": value.comparator, "unit": value.unit, "system": value.system, "code": value.code}
    return {"value": _number(value.value), **{name: text for name, text in named.items() if text}}


def _attachment(value: Attachment) -> dict[str, Any]:
    named = {"contentType": value.content_type, "data": value.data, "url": value.url, "title": value.title}
    return {name: text for name, text in named.items() if text}


WRITERS: Mapping[type, Callable[[Any], Any]] = MappingProxyType(
    {
        Decimal: _number,
        Dated: lambda value: value.text,
        time: lambda value: value.isoformat(timespec="seconds"),
        Quantity: _quantity,
        Attachment: _attachment,
    }
)
