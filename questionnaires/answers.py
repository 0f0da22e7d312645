"""Wall three, one answer: the value against its item; an exact JSON type each, no conversion."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from questionnaires.model import Answer, ItemType
from questionnaires.plan import PlannedItem
from questionnaires.primitives import MOST, is_string

# What is broken when the answer is of another kind than the item asks for.
WRONG_KIND = MappingProxyType(
    {
        ItemType.BOOLEAN: "not-a-boolean",
        ItemType.INTEGER: "not-a-number",
        ItemType.CHOICE: "not-an-option",
        ItemType.STRING: "invalidAnswerType",
        ItemType.TEXT: "invalidAnswerType",
    }
)


class RefusedAnswerError(Exception):
    """An answer that its item does not allow.

    Args:
        rule: name of the broken rule.
    """

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def read_answer(planned: PlannedItem, key: str, value: Any) -> Answer:
    """Read one value as an answer of its item.

    Args:
        planned: the item.
        key: JSON name it came under, such as `valueInteger`.
        value: decoded JSON.

    Raises:
        RefusedAnswerError: names the broken rule.
    """
    if key != planned.value_key:
        if key == "valueDecimal" and planned.item.type is ItemType.INTEGER and isinstance(value, Decimal):
            raise RefusedAnswerError("not-on-step")
        raise RefusedAnswerError(WRONG_KIND[planned.item.type])
    return READERS[planned.item.type](planned, value)


def _boolean(_: PlannedItem, value: Any) -> Answer:
    if not isinstance(value, bool):
        raise RefusedAnswerError("not-a-boolean")
    return value


def _integer(planned: PlannedItem, value: Any) -> Answer:
    # `bool` is a kind of `int` to Python, so the exact type is asked: true is no 1 here.
    if type(value) is not int:
        raise RefusedAnswerError("not-on-step" if isinstance(value, Decimal) else "not-a-number")
    low = planned.item.min_value if planned.item.min_value is not None else -MOST - 1
    high = planned.item.max_value if planned.item.max_value is not None else MOST
    if not low <= value <= high:
        raise RefusedAnswerError("out-of-range")
    return value


def _choice(planned: PlannedItem, value: Any) -> Answer:
    system, code = (value.get("system"), value.get("code")) if isinstance(value, dict) else (None, None)
    if not isinstance(system, str) or not isinstance(code, str):
        raise RefusedAnswerError("not-an-option")
    coded = planned.options.get((system, code))
    if coded is None:
        raise RefusedAnswerError("not-an-option")
    return coded


def _text(planned: PlannedItem, value: Any) -> Answer:
    if not is_string(value):
        raise RefusedAnswerError("invalidAnswerType")
    if planned.item.max_length is not None and len(value) > planned.item.max_length:
        raise RefusedAnswerError("maxLength")
    return str(value)


READERS: Mapping[ItemType, Callable[[PlannedItem, Any], Answer]] = MappingProxyType(
    {
        ItemType.BOOLEAN: _boolean,
        ItemType.INTEGER: _integer,
        ItemType.CHOICE: _choice,
        ItemType.STRING: _text,
        ItemType.TEXT: _text,
    }
)
