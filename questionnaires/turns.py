"""Items as a form asks them: those of a repeated group once for each turn, each at a spot of its own."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from questionnaires.enablement import holds
from questionnaires.model import Answer, Item, ItemType, Questionnaire

MARK = "\x1f"
"""Between a linkId and the turns; no linkId can hold it, for FHIR allows no such character in a string."""
MOST_TURNS = 50
"""Of one repeated group, where its definition does not say: no person fills in more."""
Answers = Mapping[str, tuple[Answer, ...]]
"""Spot -> answers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One enabled item in one turn of the repeated groups around it.

    Args:
        turns: of each repeated group around it, outermost first, from 1; of a repeated group itself its own turn too.
        groups: around it, outermost first.
        ends: it is not asked: all turns of this repeated group have been.
    """

    item: Item
    turns: tuple[int, ...] = ()
    groups: tuple[Item, ...] = ()
    ends: bool = False

    @property
    def spot(self) -> str:
        """Name of item and turns."""
        return spot_of(self.item.link_id, self.turns)


def spot_of(link_id: str, turns: tuple[int, ...] = ()) -> str:
    """Name an item in one turn of the repeated groups around it; in all their first turns it is the linkId."""
    if all(turn == 1 for turn in turns):
        return link_id
    return f"{link_id}{MARK}{'.'.join(str(turn) for turn in turns)}"


def turns_of(spot: str) -> tuple[str, tuple[int, ...]]:
    """Take a spot apart into linkId and turns; none where all are the first."""
    link_id, _, turns = spot.partition(MARK)
    return link_id, tuple(int(turn) for turn in turns.split(".")) if turns else ()


def repeats_groups(questionnaire: Questionnaire) -> bool:
    """Tell whether a group of it may stand several times."""
    return any(is_repeated_group(item) for item in questionnaire.by_link_id.values())


def is_repeated_group(item: Item) -> bool:
    """Tell whether an item is a group that may stand several times."""
    return item.type is ItemType.GROUP and item.repeats


def most_turns(group: Item) -> int:
    """Return how often a group may stand."""
    return min(group.limits.max_occurs or MOST_TURNS, MOST_TURNS)


def walk(questionnaire: Questionnaire, answers: Answers, skipped: Collection[str] = ()) -> Iterator[Asked]:
    """Walk everything that is enabled, groups too, in document order.

    Args:
        answers: of an item that is itself not asked count for nothing.
        skipped: spots that were left out on purpose; a turn in which everything was is a turn.
    """
    return _Walk(answers, _counted(questionnaire, answers, skipped)).level(questionnaire.items, (), ())


class _Walk:
    def __init__(self, answers: Answers, counts: Mapping[str, int]) -> None:
        self._answers = answers
        self._counts = counts
        self._live: dict[str, tuple[Answer, ...]] = {}

    def level(self, items: Sequence[Item], turns: tuple[int, ...], groups: tuple[Item, ...]) -> Iterator[Asked]:
        for item in items:
            if not holds(item, self._live):
                continue
            if is_repeated_group(item):
                yield from self._turns(item, turns, groups)
            else:
                yield from self._one(item, turns, groups)

    def _one(self, item: Item, turns: tuple[int, ...], groups: tuple[Item, ...]) -> Iterator[Asked]:
        asked = Asked(item, turns, groups)
        given = self._answers.get(asked.spot)
        if given:
            self._live[item.link_id] = given
        yield asked
        # What is nested in a question lives inside its answer: without an answer it has no place.
        if item.items and (given or item.type is ItemType.GROUP):
            around = (*groups, item) if item.type is ItemType.GROUP else groups
            yield from self.level(item.items, turns, around)

    def _turns(self, group: Item, turns: tuple[int, ...], groups: tuple[Item, ...]) -> Iterator[Asked]:
        count = self._counts.get(spot_of(group.link_id, turns), 1)
        for turn in range(1, min(count, most_turns(group)) + 1):
            for inner in _flat(group.items):
                # A condition looks at the nearest answer: never at that of an earlier turn.
                self._live.pop(inner.link_id, None)
            yield Asked(group, (*turns, turn), groups)
            yield from self.level(group.items, (*turns, turn), (*groups, group))
        yield Asked(group, (*turns, min(count, most_turns(group))), groups, ends=True)


def _counted(questionnaire: Questionnaire, answers: Answers, skipped: Collection[str]) -> dict[str, int]:
    """Count the turns of each repeated group, by the spot at which it begins: the last in which something stands."""
    counts: dict[str, int] = {}
    if not repeats_groups(questionnaire):
        return counts
    around = dict(_around(questionnaire.items, ()))
    for spot in (*answers, *skipped):
        link_id, turns = turns_of(spot)
        for depth, group in enumerate(around.get(link_id, ())):
            turn = turns[depth] if depth < len(turns) else 1
            begins = spot_of(group, turns[:depth])
            counts[begins] = max(counts.get(begins, 1), turn)
    return counts


def _around(items: Sequence[Item], groups: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name the repeated groups around each item, outermost first."""
    for item in items:
        yield item.link_id, groups
        yield from _around(item.items, (*groups, item.link_id) if is_repeated_group(item) else groups)


def _flat(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.items)
