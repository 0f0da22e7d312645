"""What the short way of the gate looks up: one table for each level, compiled once, of items of the usual kinds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from questionnaires.comparison import compare
from questionnaires.kinds import NO_LIMITS
from questionnaires.model import Answer, Coded, Condition, Item, ItemType, Questionnaire

Given = Mapping[str, tuple[Answer, ...]]
Reader = Callable[[Any], tuple[Answer, ...] | None]


def _nothing(_: Any) -> None:
    """Read an answer of what has none."""


class QuickItem(NamedTuple):
    """One item; a plain tuple, for it is unpacked once for each answer.

    Args:
        position: place in the document, from 0.
        key: JSON name of its value; empty for a group.
        text: as the questionnaire has it; None where it has none.
        options: of a choice, (system, code) -> its one answer; None otherwise.
        read: of another question, value -> its one answer, or None where it is not of the usual kind.
        inner: table of a group's items; None of a question.
    """

    position: int
    key: str
    text: str | None
    options: Mapping[tuple[str, str], tuple[Answer, ...]] | None = None
    read: Reader = _nothing
    inner: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """An item that is only asked under conditions.

    Args:
        holds: whether it is asked.
        within: its own linkId and those of all that is nested in it.
    """

    holds: Callable[[Given], bool]
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuickPlan:
    """A questionnaire whose responses may take the short way.

    Args:
        table: linkId -> item, of the top level.
        gates: in document order.
        required: for each item that must be answered its linkId, and those that count as its answer.
    """

    table: Mapping[str, QuickItem]
    gates: tuple[Gate, ...]
    required: tuple[tuple[str, tuple[str, ...]], ...]


def quick_plan_of(questionnaire: Questionnaire) -> QuickPlan | None:
    """Compile a questionnaire; None where something in it needs the full way for every response.

    That is a group that stands several times, an item nested in a question, a condition on a later item, and a fewest
    number. An item that is only unusual in itself is left out of the table, so a response that answers it takes the
    full way.
    """
    items = tuple(questionnaire.by_link_id.values())
    positions = {link_id: position for position, link_id in enumerate(questionnaire.by_link_id)}
    if any(_is_deep(item) or _looks_ahead(item, positions) for item in items):
        return None
    return QuickPlan(
        table=_table(questionnaire.items, positions),
        gates=tuple(Gate(_holds(item), tuple(_ids((item,)))) for item in items if item.enable_when),
        required=tuple(_required(questionnaire.items)),
    )


def _is_deep(item: Item) -> bool:
    is_group = item.type is ItemType.GROUP
    return (is_group and item.repeats) or (bool(item.items) and not is_group) or item.limits.min_occurs > 0


def _looks_ahead(item: Item, positions: Mapping[str, int]) -> bool:
    return any(positions[condition.question] > positions[item.link_id] for condition in item.enable_when)


def _ids(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        yield item.link_id
        yield from _ids(item.items)


def _required(items: Sequence[Item]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in items:
        if item.hidden:
            continue
        if item.required:
            yield item.link_id, tuple(_ids((item,)))
        yield from _required(item.items)


def _table(items: Sequence[Item], positions: Mapping[str, int]) -> Mapping[str, QuickItem]:
    found: dict[str, QuickItem] = {}
    for item in items:
        position = positions[item.link_id]
        if item.type is ItemType.GROUP:
            found[item.link_id] = QuickItem(position, "", item.text.da or None, inner=_table(item.items, positions))
        elif not item.read_only and item.limits == NO_LIMITS:
            found.update((item.link_id, one) for one in _question(item, position))
    return found


def _question(item: Item, position: int) -> Iterator[QuickItem]:
    text = item.text.da or None
    if item.type is ItemType.CHOICE and item.options and not any(one.version for one in item.options):
        coded = ((one.system, one.code) for one in item.options)
        yield QuickItem(position, "valueCoding", text, {one: (Coded(*one),) for one in coded})
    elif item.type is ItemType.BOOLEAN and item.max_length is None:
        yield QuickItem(position, "valueBoolean", text, read=_boolean)
    elif item.type is ItemType.INTEGER and item.max_length is None and not item.values:
        low, high = (end if end is not None else MOST[i] for i, end in enumerate((item.min_value, item.max_value)))
        yield QuickItem(position, "valueInteger", text, read=partial(_integer, low, high))
    elif item.type in (ItemType.STRING, ItemType.TEXT) and not item.values:
        yield QuickItem(position, "valueString", text, read=partial(_text, item.max_length or LONGEST))


MOST = (-(2**31), 2**31 - 1)
LONGEST = 2**31


def _boolean(value: Any) -> tuple[Answer, ...] | None:
    return (value,) if value is True or value is False else None


def _integer(low: int, high: int, value: Any) -> tuple[Answer, ...] | None:
    return (value,) if type(value) is int and low <= value <= high and MOST[0] <= value <= MOST[1] else None


def _text(longest: int, value: Any) -> tuple[Answer, ...] | None:
    # Printable text holds no line end, tab or control character, so it needs no closer look.
    return (value,) if type(value) is str and value and value.isprintable() and len(value) <= longest else None


def _holds(item: Item) -> Callable[[Given], bool]:
    truths = tuple(_truth(condition) for condition in item.enable_when)
    if len(truths) == 1:
        return truths[0]
    joined = any if item.enable_any else all
    return lambda given: joined(is_true(given) for is_true in truths)


def _truth(condition: Condition) -> Callable[[Given], bool]:
    question, told, wanted = condition.question, condition.operator, condition.answer
    if told == "exists":
        return lambda given: (question in given) is wanted
    return lambda given: any(compare(told, answer, wanted) for answer in given.get(question, ()))
