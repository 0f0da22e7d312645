"""Answers to try an instrument with: all there are, every sum from lowest to highest, every single gap, random ones."""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product
from math import comb, prod
from random import Random

from tests.oracle.reading import Answers, Asked, Given, Instrument


def how_many(instrument: Instrument, *, gaps: bool) -> int:
    """Count the vectors of `every` for a form without conditional items; for one with them it is the upper bound."""
    return prod(len(item.answers) + gaps for item in instrument.items)


def every(instrument: Instrument, *, gaps: bool, prefix: Answers | None = None) -> Iterator[dict[str, Given]]:
    """Give every vector that can be answered, with or without unanswered items.

    Args:
        instrument: what is asked.
        gaps: asked items may stay unanswered too.
        prefix: answers to the first items, which stay as they are.
    """
    start = dict(prefix or {})
    fixed = 2 if prefix is not None else 0
    yield from _every(instrument.items[fixed:], start, gaps=gaps)


def prefixes(instrument: Instrument, *, gaps: bool) -> list[dict[str, Given]]:
    """Split `every` in parts by the answers to the first two items."""
    head = Instrument(instrument.id, instrument.items[:2], instrument.score)
    return [*_every(head.items, {}, gaps=gaps)]


def how_many_multisets(instrument: Instrument) -> int:
    """Count the vectors of `multisets`; 0 where the items do not all take the same answers."""
    first, count = instrument.items[0], len(instrument.items)
    alike = all(item.answers == first.answers and item.after is None for item in instrument.items)
    return comb(count + len(first.answers), count) if alike else 0


def multisets(instrument: Instrument, random: Random) -> Iterator[dict[str, Given]]:
    """Give every multiset of answers and gaps once, in a random order: to a sum the order cannot matter."""
    count = len(instrument.items)
    choices: tuple[Given | None, ...] = (*instrument.items[0].answers, None)
    for answers in combinations_with_replacement(choices, count):
        pairs = zip(instrument.items, random.sample(answers, count), strict=True)
        yield {item.link_id: one for item, one in pairs if one is not None}


def _every(items: Sequence[Asked], given: dict[str, Given], *, gaps: bool) -> Iterator[dict[str, Given]]:
    if not any(item.after for item in items):
        yield from _product(items, given, gaps=gaps)
        return
    first, rest = items[0], items[1:]
    if not is_asked(first, given):
        yield from _every(rest, given, gaps=gaps)
        return
    for one in first.answers:
        yield from _every(rest, {**given, first.link_id: one}, gaps=gaps)
    if gaps:
        yield from _every(rest, given, gaps=gaps)


def _product(items: Sequence[Asked], given: dict[str, Given], *, gaps: bool) -> Iterator[dict[str, Given]]:
    names = [item.link_id for item in items]
    choices: list[tuple[Given | None, ...]] = [(*item.answers, None) if gaps else item.answers for item in items]
    for answers in product(*choices):
        pairs = zip(names, answers, strict=True)
        yield {**given, **{name: one for name, one in pairs if one is not None}}


def is_asked(item: Asked, given: Answers) -> bool:
    """Tell whether an item is asked, given the answers before it."""
    if item.after is None:
        return True
    question, answer = item.after
    return question in given and (answer is None or given[question] == answer)


def kept(instrument: Instrument, wanted: Answers) -> dict[str, Given]:
    """Leave out what would not be asked."""
    given: dict[str, Given] = {}
    for item in instrument.items:
        if item.link_id in wanted and is_asked(item, given):
            given[item.link_id] = wanted[item.link_id]
    return given


def walk(instrument: Instrument, random: Random, missing: int) -> Iterator[dict[str, Given]]:
    """Climb from the lowest answers to the highest, one step of one item at a time, with some items unanswered.

    A sum therefore takes every value that it can with so many gaps: the values on both sides of every edge.
    """
    items = random.sample(instrument.items, len(instrument.items) - missing)
    places = {item.link_id: 0 for item in items}
    slope = random.choice(("even", "item by item"))
    yield _at(instrument, items, places)
    while climbing := [item for item in items if places[item.link_id] < len(item.answers) - 1]:
        chosen = climbing[0] if slope == "item by item" else random.choice(climbing)
        places[chosen.link_id] += 1
        yield _at(instrument, items, places)


def _at(instrument: Instrument, items: Sequence[Asked], places: dict[str, int]) -> dict[str, Given]:
    return kept(instrument, {item.link_id: item.answers[places[item.link_id]] for item in items})


def one_missing(instrument: Instrument, random: Random, item: Asked) -> dict[str, Given]:
    """Answer everything but one item."""
    return kept(
        instrument,
        {other.link_id: random.choice(other.answers) for other in instrument.items if other is not item},
    )


def anything(instrument: Instrument, random: Random) -> dict[str, Given]:
    """Draw answers; how many gaps there are and how much the answers lean to one side is drawn too."""
    gaps = random.choice((0.0, 0.05, 0.1, 0.2, 0.5, random.random()))
    lean = random.choice((0.4, 1.0, 1.0, 2.5))
    wanted = {
        item.link_id: item.answers[int(len(item.answers) * random.random() ** lean)]
        for item in instrument.items
        if random.random() >= gaps
    }
    return kept(instrument, wanted)
