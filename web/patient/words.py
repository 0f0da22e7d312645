"""An answer as people read it, of every type, in the language of the page."""

from datetime import time
from decimal import Decimal

from questionnaires.dated import Dated
from questionnaires.model import Answer, Attachment, Coded, Item, Quantity
from web.pages import language, text
from web.patient.fields import number_in_words, time_in_words

KILOBYTE = 1000


def answer_in_words(item: Item, answer: Answer) -> str:
    """Write one answer as people read it, a number on a scale with what its ends mean."""
    if isinstance(answer, bool):
        return yes_or_no(item, is_yes=answer)
    if isinstance(answer, Coded):
        return _option(item, answer)
    return bound_in_words(answer)


def bound_in_words(value: object) -> str:
    """Write a value that is no option: an answer, or the end of what an item allows."""
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Dated):
        return _dated(value)
    if isinstance(value, time):
        return text("answer.time", time=time_in_words(value))
    if isinstance(value, Quantity):
        return f"{value.comparator}{_number(value.value)} {value.unit or value.code}".strip()
    return _file(value) if isinstance(value, Attachment) else str(value)


def yes_or_no(item: Item, *, is_yes: bool) -> str:
    """Return the word for true or false: the item's own, such as "agree", or yes and no."""
    own = item.yes if is_yes else item.no
    return own.in_language(language()) if own else text("common.yes" if is_yes else "common.no")


def _option(item: Item, answer: Coded) -> str:
    chosen = next(one for one in item.options if (one.system, one.code) == (answer.system, answer.code))
    label = chosen.display.in_language(language())
    if not (item.low and item.high):
        return label
    return text(
        "answer.scale",
        answer=label,
        low=item.low.in_language(language()),
        high=item.high.in_language(language()),
        low_code=item.options[0].display.in_language(language()),
        high_code=item.options[-1].display.in_language(language()),
    )


def _number(value: Decimal) -> str:
    danish = number_in_words(value)
    return danish if language() == "da" else danish.replace(",", ".")


def _dated(value: Dated) -> str:
    parts = value.text.partition("T")[0].split("-")
    if len(parts) < 3:
        return "-".join(reversed(parts))
    months = text("calendar.months").split()
    day = text("calendar.date", day=int(parts[2]), month=months[int(parts[1]) - 1], year=int(parts[0]))
    if value.offset is None:
        return day
    return f"{day} {text('answer.time', time=time_in_words(value.first.time()))}"


def _file(value: Attachment) -> str:
    size = text("answer.kilobytes", size=max(1, round((value.size or 0) / KILOBYTE)))
    return f"{value.title or value.content_type or text('answer.file')} ({size})"
