"""Wall three, one answer: the value against its item; an exact JSON type each, no conversion."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any

from questionnaires.limits import broken_limit
from questionnaires.model import Answer, Coded, ItemType
from questionnaires.plan import PlannedItem
from questionnaires.values import NoValueError, read_value

# What is broken when the answer is of another kind than the item asks for.
WRONG_KIND = MappingProxyType(
    {
        ItemType.BOOLEAN: "not-a-boolean",
        ItemType.INTEGER: "not-a-number",
        ItemType.CHOICE: "not-an-option",
        ItemType.OPEN_CHOICE: "not-an-option",
    }
)
CODING = "valueCoding"


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
        value: decoded JSON; a complex value other than a Coding has passed the structure check.

    Raises:
        RefusedAnswerError: names the broken rule.
    """
    answer = _coded(planned, value) if key == CODING and key in planned.keys else _simple(planned, key, value)
    rule = broken_limit(planned.item, answer)
    if rule is not None:
        raise RefusedAnswerError(rule)
    return answer


def _coded(planned: PlannedItem, value: Any) -> Answer:
    system, code = (value.get("system", ""), value.get("code", "")) if isinstance(value, dict) else ("", "")
    if not isinstance(system, str) or not isinstance(code, str):
        raise RefusedAnswerError("not-an-option")
    if planned.item.open_list and (code or value.get("display")):
        return Coded(system, code)
    coded = planned.options.get((system, code))
    version = planned.versions.get((system, code), "")
    if coded is None or (version and value.get("version", version) != version):
        raise RefusedAnswerError("not-an-option")
    return coded


def _simple(planned: PlannedItem, key: str, value: Any) -> Answer:
    item = planned.item
    if key not in planned.keys:
        raise RefusedAnswerError(_why_wrong(item.type, value if isinstance(value, Decimal) else None))
    try:
        answer = read_value(key.removeprefix("value"), value)
    except NoValueError:
        raise RefusedAnswerError(_why_wrong(item.type, value)) from None
    is_free = not (item.values or item.type is ItemType.CHOICE) or (
        item.type is ItemType.OPEN_CHOICE and isinstance(answer, str)
    )
    if not is_free and answer not in item.values:
        raise RefusedAnswerError("not-an-option")
    return answer


def _why_wrong(kind: ItemType, value: Any) -> str:
    """A number that is no whole one, or too large to be one, is told apart from what is no number."""
    if kind is ItemType.INTEGER and isinstance(value, Decimal):
        return "not-on-step"
    if kind is ItemType.INTEGER and type(value) is int:
        return "out-of-range"
    return WRONG_KIND.get(kind, "invalidAnswerType")
