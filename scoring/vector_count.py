"""Counts the points of a stored vector for one score, in as few steps as Python can do it."""

from collections.abc import Callable, Collection, Hashable, Mapping
from operator import itemgetter

from questionnaires.filed import Vector
from questionnaires.model import Coded, Item, ItemType, Questionnaire
from scoring.rule import ScoreDefinition, ScoredItem

Key = Hashable
"""All that a score depends on, as far as its own items go. Equal keys mean equal scores."""
Count = Callable[[Vector], Key]
Points = Mapping[object, int]
"""Answer as vectors hold it -> points; what is not in it counts as unanswered."""


def counter(definition: ScoreDefinition, questionnaire: Questionnaire, asked: Collection[str] | None) -> Count:
    """Compile what counts one score.

    Args:
        asked: linkIds of the asked items; None where all are.

    Returns:
        What gives, of a vector: the total where every item is answered; total and number of answers where one is not;
        for a score that walks completions, every answer where one is missing. With the answer of the gate, if it has
        one.
    """
    items = tuple(one for one in definition.items if asked is None or one.link_id in asked)
    count = _count(definition, items, questionnaire) if items else _nothing
    gate = definition.missing.gate
    return count if gate is None else lambda vector: (count(vector), vector.get(gate))


def _count(definition: ScoreDefinition, items: tuple[ScoredItem, ...], questionnaire: Questionnaire) -> Count:
    if definition.is_bounds:
        return _answers(items)
    return _total(items, [_points(one, questionnaire.by_link_id[one.link_id]) for one in items])


def _nothing(_: Vector) -> Key:
    return None


def _answers(items: tuple[ScoredItem, ...]) -> Count:
    link_ids = tuple(one.link_id for one in items)
    return lambda vector: tuple([vector.get(link_id) for link_id in link_ids])


def _points(scored: ScoredItem, item: Item) -> Points:
    if item.type is ItemType.CHOICE:
        told = {
            (one.code if one.points is None else one.points): scored.points_of(Coded(one.system, one.code))
            for one in item.options
        }
        return {answer: points for answer, points in told.items() if points is not None}
    return {one: one for one in scored.possible}


def _total(items: tuple[ScoredItem, ...], points: list[Points]) -> Count:
    whole = _whole_total(items, points)

    def with_gaps(vector: Vector) -> Key:
        """Count what is there."""
        told = (table.get(vector.get(one.link_id)) for one, table in zip(items, points, strict=True))
        known = [one for one in told if one is not None]
        return sum(known), len(known)

    def count(vector: Vector) -> Key:
        """Count as if nothing were missing, which is nearly always so."""
        try:
            return whole(vector)
        except (KeyError, TypeError):
            return with_gaps(vector)

    return count


def _whole_total(items: tuple[ScoredItem, ...], points: list[Points]) -> Callable[[Vector], int]:
    """Compile the sum over answers of which none is missing; a gap shows as KeyError or TypeError."""
    link_ids = [one.link_id for one in items]
    if len(items) == 1:
        (only,), (table,) = link_ids, points
        return lambda vector: table[vector[only]]
    answers = itemgetter(*link_ids)
    if all(all(answer == one for answer, one in table.items()) for table in points):
        return lambda vector: sum(answers(vector))
    if all(table == points[0] for table in points):
        same = points[0].__getitem__
        return lambda vector: sum(map(same, answers(vector)))
    return lambda vector: sum([table[answer] for table, answer in zip(points, answers(vector), strict=True)])
