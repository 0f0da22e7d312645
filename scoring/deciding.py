"""Cuts a questionnaire down to what decides whether some of its items are asked."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from questionnaires.model import Item, Questionnaire


def deciding_part(questionnaire: Questionnaire, link_ids: Collection[str]) -> Questionnaire:
    """Keep these items, what is around them, and the questions that their conditions look at.

    Args:
        questionnaire: whole.
        link_ids: of the items.

    Returns:
        A questionnaire in which exactly the same of these items are asked, whatever the answers.
    """
    around = dict(_with_around(questionnaire.items, ()))
    kept: set[str] = set()
    waiting = list(link_ids)
    while waiting:
        for item in around[waiting.pop()]:
            if item.link_id not in kept:
                kept.add(item.link_id)
                waiting.extend(condition.question for condition in item.enable_when)
    return replace(questionnaire, items=_cut(questionnaire.items, kept))


def _with_around(items: Sequence[Item], outer: tuple[Item, ...]) -> Iterator[tuple[str, tuple[Item, ...]]]:
    for item in items:
        yield item.link_id, (*outer, item)
        yield from _with_around(item.items, (*outer, item))


def _cut(items: Sequence[Item], kept: Collection[str]) -> tuple[Item, ...]:
    return tuple(replace(item, items=_cut(item.items, kept)) for item in items if item.link_id in kept)
