"""From answers back to what a browser would post for them, so that a page shows them again."""

from collections.abc import Mapping, Sequence
from datetime import UTC, time
from decimal import Decimal

from questionnaires.dated import Dated
from questionnaires.model import Answer, Coded, Item, ItemType, Quantity
from web.pages import DANISH_TIME
from web.patient.entry import FIELD, OTHER, UNIT
from web.patient.offers import is_chosen_from, offers_of

Fields = Mapping[str, Sequence[str]]
"""Part of the answer's field, the main one empty -> values in order."""


def fields_of(item: Item, answers: Sequence[Answer]) -> Fields:
    """Return the parts of the field of an item that post these answers."""
    if item.type is ItemType.BOOLEAN:
        return {"": ["true" if answer else "false" for answer in answers]}
    if is_chosen_from(item):
        return _chosen(item, answers)
    if item.type in (ItemType.DATE, ItemType.DATE_TIME):
        days = [_day(answer) for answer in answers if isinstance(answer, Dated)]
        return {part: [day[place] for day in days] for place, part in enumerate(("day", "month", "year", "hour"))}
    if item.type is ItemType.QUANTITY:
        measured = [answer for answer in answers if isinstance(answer, Quantity)]
        return {"": [number_in_words(one.value) for one in measured], UNIT: [one.code for one in measured]}
    return {"": [_line(answer) for answer in answers]}


def posted_fields(fields: Mapping[str, Sequence[str]]) -> Fields:
    """Return the parts of the answer's field among all that was posted."""
    names = (name for name in fields if name == FIELD or name.startswith(f"{FIELD}-"))
    return {name.removeprefix(FIELD).removeprefix("-"): list(fields[name]) for name in names}


def number_in_words(value: Decimal) -> str:
    """Write a number as Danes do: with a comma, and no zero that says nothing."""
    plain = format(value, "f")
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")


def time_in_words(value: time) -> str:
    """Write a time as Danes do: 8.30."""
    return f"{value.hour}.{value.minute:02}"


def _chosen(item: Item, answers: Sequence[Answer]) -> Fields:
    values = {offer.answer: offer.value for offer in offers_of(item)}
    own = [str(answer) for answer in answers if answer not in values and not isinstance(answer, Coded)]
    chosen = [values[answer] for answer in answers if answer in values]
    return {"": chosen + [OTHER] * bool(own), "other": own}


def _day(answer: Dated) -> tuple[str, str, str, str]:
    date = answer.first
    if answer.offset is None:
        return str(date.day), str(date.month), f"{date.year:04}", ""
    local = (date - answer.offset).replace(tzinfo=UTC).astimezone(DANISH_TIME)
    return str(local.day), str(local.month), f"{local.year:04}", time_in_words(local.time())


def _line(answer: Answer) -> str:
    if isinstance(answer, Decimal):
        return number_in_words(answer)
    return time_in_words(answer) if isinstance(answer, time) else str(answer)
