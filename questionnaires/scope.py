"""Which occurrence of a question an `enableWhen` looks at, and in what order conditions can be judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from kernel.errors import ContentError
from questionnaires.model import Item


@dataclass(frozen=True, slots=True)
class Route:
    """The way from an item to the nearest occurrence of a question.

    Args:
        up: levels to climb to the one that both stand in.
        down: linkIds from there to the question; empty where the question is what that level lies in.
        last: of several occurrences take the last, because the question comes before the item.

    Source: FHIR R4 Questionnaire.item.enableWhen.question: nearest, first by the ancestors, then before, then after.
    """

    up: int
    down: tuple[str, ...]
    last: bool


def route_of(item: tuple[str, ...], question: tuple[str, ...], positions: Mapping[str, int]) -> Route:
    """Find the way from an item to a question.

    Args:
        item: linkIds from the top down to the item.
        question: likewise down to the question.
        positions: linkId -> place in the document.
    """
    shared = 0
    while shared < min(len(item) - 1, len(question)) and item[shared] == question[shared]:
        shared += 1
    is_before = positions[question[-1]] < positions[item[-1]]
    return Route(len(item) - 1 - shared, question[shared:], is_before)


def order_of_items(items: Sequence[Item]) -> tuple[str, ...]:
    """List all linkIds so that each comes after what is around it and after the questions that its conditions name.

    Raises:
        ContentError: an item hangs on itself, by what is around or through others.
    """
    needs = dict(_needs(items, None))
    try:
        return tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ContentError(f"{' -> '.join(error.args[1])}: enableWhen makes the item hang on itself") from error


def _needs(items: Sequence[Item], around: str | None) -> Iterator[tuple[str, list[str]]]:
    for item in items:
        named = [condition.question for condition in item.enable_when]
        yield item.link_id, named + ([around] if around is not None else [])
        yield from _needs(item.items, item.link_id)
