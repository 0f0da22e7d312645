"""A response as a tree: every occurrence of an item, with its answers, in the level where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Union

from questionnaires.findings import Place
from questionnaires.model import Answer
from questionnaires.plan import PlannedItem, ResponsePlan
from questionnaires.scope import Route


@dataclass(eq=False, slots=True)
class Level:
    """One list of items: that of the response, of a group, or of one answer.

    Args:
        owner: what it lies in; None for the response.
        place: of the element that holds the list.
        is_dead: it lies in a coded absence, where nothing is asked.
        is_astray: it lies in an item that stands in the wrong place, so nothing in it can be judged.
        children: linkId -> its occurrences, in order.
    """

    owner: Union["Occurrence", None]
    place: Place
    is_dead: bool = False
    is_astray: bool = False
    children: dict[str, list["Occurrence"]] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Occurrence:
    """One item of the response, or one that is missing but must be there.

    Args:
        planned: which item.
        level: where it stands.
        place: of the item; None if it is missing.
        answers: that were accepted.
        is_declined: it has a coded absence.
        is_refused: an answer broke a rule, so what hangs on it cannot be judged.
        levels: of its nested items: one of a group, one for each answer of a question.
        is_asked: None until judged, and where it cannot be judged.
    """

    planned: PlannedItem
    level: Level
    place: Place | None
    answers: tuple[Answer, ...] = ()
    is_declined: bool = False
    is_refused: bool = False
    levels: list[Level] = field(default_factory=list)
    is_asked: bool | None = None

    @property
    def is_answered(self) -> bool:
        """Whether it, or something in it, has an answer; a refused one has been told already."""
        return (
            bool(self.answers)
            or self.is_refused
            or any(inner.is_answered for level in self.levels for found in level.children.values() for inner in found)
        )


def nearest(level: Level, route: Route) -> Occurrence | None:
    """Follow the way from the level of an item to the occurrence of a question; None where it is not there."""
    for _ in range(route.up):
        assert level.owner is not None  # noqa: S101 - the way was made for items that stand at this depth
        level = level.owner.level
    if not route.down:
        return level.owner
    pick = -1 if route.last else 0
    for link_id in route.down[:-1]:
        found = level.children.get(link_id)
        if not found or not found[pick].levels:
            return None
        level = found[pick].levels[pick]
    last = level.children.get(route.down[-1])
    return last[pick] if last else None


def add_missing(level: Level, inner: tuple[str, ...], plan: ResponsePlan) -> Iterator[Occurrence]:
    """Make an occurrence for each item that must be there and is not, of everything in one level.

    What is missing in a group is looked for too where the group itself is missing: an absent item means the same as
    one without content (SDC). A group that may stand several times is not, for it may stand no time at all.
    """
    for link_id in inner:
        planned = plan.items[link_id]
        if not planned.demands or link_id in level.children:
            continue
        missing = Occurrence(planned, level, None)
        yield missing
        if not planned.value_key and not planned.item.repeats:
            yield from add_missing(Level(missing, level.place), planned.inner, plan)
