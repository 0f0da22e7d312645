"""What an item offers to choose from, and by which value the browser posts it."""

from collections import Counter
from dataclasses import dataclass
from datetime import time

from questionnaires.limits import text_of
from questionnaires.model import Answer, Coded, Item, ItemType, Text

CHOICES = (ItemType.CHOICE, ItemType.OPEN_CHOICE)


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to choose.

    Args:
        value: what the browser posts.
        answer: what it means.
        label: what the patient reads.
    """

    value: str
    answer: Answer
    label: Text


def offers_of(item: Item) -> tuple[Offer, ...]:
    """List what an item offers, in its order; nothing for an item that is written."""
    coded = [Offer(one.code, Coded(one.system, one.code), one.display) for one in item.options]
    listed = coded or [Offer(_value_of(one), one, _label_of(one)) for one in item.values]
    counts = Counter(one.value for one in listed)
    # Two systems may have the same code; then the place tells them apart.
    return tuple(
        one if counts[one.value] == 1 else Offer(f"{one.value}-{place}", one.answer, one.label)
        for place, one in enumerate(listed)
    )


def _value_of(answer: Answer) -> str:
    return answer.isoformat(timespec="minutes") if isinstance(answer, time) else text_of(answer)


def _label_of(answer: Answer) -> Text:
    """Words are in the language of the questionnaire; a number or a day is in none."""
    words = _value_of(answer)
    return Text(words) if isinstance(answer, str) else Text(words, words)


def is_chosen_from(item: Item) -> bool:
    """Tell whether an item is answered by choosing, yes and no included."""
    return item.type in (*CHOICES, ItemType.BOOLEAN) or bool(item.values)
