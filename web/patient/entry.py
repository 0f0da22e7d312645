"""From what a browser posts for one item to answers of that item."""

from collections.abc import Sequence
from dataclasses import dataclass

from questionnaires.model import Answer, Coded, Item, ItemType

FIELD = "answer"
"""Name of the form field that holds the answer of the one item on the page."""

LONGEST_NUMBER = 9
"""Digits that we try to read as a number; more are out of any range."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the patient entered.

    Args:
        answers: usable answers; empty when nothing was entered or it is not usable.
        fault: key of the text that says what is wrong, without the `error.` prefix; None when all is well.
    """

    answers: tuple[Answer, ...] = ()
    fault: str | None = None


def read_entry(item: Item, posted: Sequence[str]) -> Entry:
    """Read the posted values of one item; nothing entered is the fault `choose` or `write`."""
    values = [value.strip() for value in posted if value.strip()]
    if not values:
        return Entry(fault="choose" if item.type in (ItemType.CHOICE, ItemType.BOOLEAN) else "write")
    if not item.repeats and len(values) > 1:
        return Entry(fault="invalid")
    if item.type is ItemType.CHOICE:
        return _choice(item, values)
    if item.type is ItemType.BOOLEAN:
        return _boolean(values[0])
    if item.type is ItemType.INTEGER:
        return _integer(item, values[0])
    return _text(item, values[0])


def posted_value(answer: Answer) -> str:
    """Return the form value that stands for an answer: the opposite of `read_entry`."""
    if isinstance(answer, Coded):
        return answer.code
    if isinstance(answer, bool):
        return "true" if answer else "false"
    return str(answer)


def _choice(item: Item, values: Sequence[str]) -> Entry:
    chosen = tuple(Coded(option.system, option.code) for option in item.options if option.code in values)
    return Entry(chosen) if len(chosen) == len(values) else Entry(fault="invalid")


def _boolean(value: str) -> Entry:
    return Entry((value == "true",)) if value in ("true", "false") else Entry(fault="invalid")


def _integer(item: Item, value: str) -> Entry:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return Entry(fault="number")
    if len(digits) > LONGEST_NUMBER:
        return Entry(fault="range")
    number = int(value)
    too_low = item.min_value is not None and number < item.min_value
    too_high = item.max_value is not None and number > item.max_value
    return Entry(fault="range") if too_low or too_high else Entry((number,))


def _text(item: Item, value: str) -> Entry:
    too_long = item.max_length is not None and len(value) > item.max_length
    return Entry(fault="too-long") if too_long else Entry((value,))
