"""What the patient's templates show of an item: its layout, its choices, and an answer in words."""

from collections.abc import Collection
from dataclasses import dataclass

from flow.overview import Page
from questionnaires.model import Answer, Coded, Item, ItemType
from web.pages import language, text
from web.patient.entry import posted_value

LONGEST_ROW = 6
"""As many boxes of 44 px as fit beside each other on a 320 px screen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose.

    Args:
        value: what the browser posts.
        label: what the patient reads.
        chosen: it is the answer so far.
        end: `low` or `high` where an anchor belongs to it.
    """

    value: str
    label: str
    chosen: bool
    end: str = ""


def layout(item: Item) -> str:
    """Name the layout of an item: `row`, `long-row`, `radios`, `checkboxes`, `number`, `line` or `lines`."""
    if item.type is ItemType.CHOICE and item.repeats:
        return "checkboxes"
    if item.type is ItemType.CHOICE and item.low and item.high:
        return "row" if len(item.options) <= LONGEST_ROW else "long-row"
    plain = {ItemType.INTEGER: "number", ItemType.STRING: "line", ItemType.TEXT: "lines"}
    return plain.get(item.type, "radios")


def choices(item: Item, entered: Collection[str]) -> tuple[Choice, ...]:
    """List what can be chosen, in the questionnaire's order; nothing is chosen that the patient did not choose."""
    if item.type is ItemType.BOOLEAN:
        labels = [("true", yes_or_no(item, is_yes=True)), ("false", yes_or_no(item, is_yes=False))]
    else:
        labels = [(option.code, option.display.in_language(language())) for option in item.options]
    last = len(labels) - 1
    ends = {0: "low", last: "high"} if item.low and item.high else {}
    return tuple(Choice(code, label, code in entered, ends.get(n, "")) for n, (code, label) in enumerate(labels))


def entered(page: Page) -> tuple[str, ...]:
    """Return the saved answers as the browser would post them."""
    return tuple(posted_value(answer) for answer in page.answers)


def in_words(page: Page) -> str:
    """Write the answer of a page as the patient reads it on the review page."""
    if page.is_skipped:
        return text("review.skipped")
    if page.is_open:
        return text("review.open")
    return ", ".join(answer_in_words(page.item, answer) for answer in page.answers)


def yes_or_no(item: Item, *, is_yes: bool) -> str:
    """Return the word for true or false: the item's own, such as "agree", or yes and no."""
    own = item.yes if is_yes else item.no
    return own.in_language(language()) if own else text("common.yes" if is_yes else "common.no")


def answer_in_words(item: Item, answer: Answer) -> str:
    """Write one answer as people read it, a number on a scale with what its ends mean."""
    if isinstance(answer, bool):
        return yes_or_no(item, is_yes=answer)
    if not isinstance(answer, Coded):
        return str(answer)
    label = next(option.display for option in item.options if option.code == answer.code).in_language(language())
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
