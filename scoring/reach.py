"""Lists everything that answers to a questionnaire can make of a score, gaps and unasked items included."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from questionnaires.enablement import conditional_items
from questionnaires.model import Answer, Coded, Item, ItemType, Questionnaire
from scoring.operations import Tally
from scoring.rule import ScoreDefinition, ScoredItem

Count = tuple[int, int, int]
"""Total, answered and missing of one score."""
Move = tuple[tuple[int, int, int], ...]
"""What one answer, or gap, adds to each score that is looked at."""

Tallies = frozenset[tuple[Tally, ...]]


def reachable(bases: Sequence[ScoreDefinition], questionnaire: Questionnaire) -> Tallies:
    """List the tallies of these scores of items that can come up together."""
    states: set[tuple[Count, ...]] = {((0, 0, 0),) * len(bases)}
    conditional = conditional_items(questionnaire.items)
    forgets = [base.missing.forgets_points for base in bases]
    for link_id in dict.fromkeys(item.link_id for base in bases for item in base.items):
        moves = set(_moves(questionnaire.by_link_id[link_id], bases))
        stepped = {_add(state, move, forgets) for state in states for move in moves}
        states = stepped | states if link_id in conditional else stepped
    gates = [(None,) if base.missing.gate is None else (None, 0, 1) for base in bases]
    return frozenset(
        tuple(Tally(*count, gate) for count, gate in zip(state, opened, strict=True))
        for state in states
        for opened in product(*gates)
    )


def bases_of(definition: ScoreDefinition, definitions: Mapping[str, ScoreDefinition]) -> tuple[ScoreDefinition, ...]:
    """List the scores of items that a score hangs on, those that others require first.

    A score of completions hangs on the scores of its decision.
    """
    read = {base.id: base for base in _read_by(definition, definitions)}
    required = {name: definitions[name] for base in read.values() for name in base.missing.requires}
    counted = [_only_counted(one) for name, one in required.items() if name not in read]
    return (*counted, *sorted(read.values(), key=lambda base: bool(base.missing.requires)))


def _read_by(definition: ScoreDefinition, definitions: Mapping[str, ScoreDefinition]) -> Iterator[ScoreDefinition]:
    if not definition.reads:
        yield definition
    for name in definition.reads:
        yield from _read_by(definitions[name], definitions)


def _only_counted(definition: ScoreDefinition) -> ScoreDefinition:
    """Forget the points of a score that is only required: what it misses decides, and fewer sums are to be walked."""
    items = (ScoredItem(one.link_id, dict.fromkeys(one.points, 0), one.possible) for one in definition.items)
    return replace(definition, items=tuple(items))


def _moves(item: Item, bases: Sequence[ScoreDefinition]) -> Iterator[Move]:
    """Walk what each answer of an item adds; a gap, and an answer without points, adds a missing one."""
    scored = [next((one for one in base.items if one.link_id == item.link_id), None) for base in bases]
    for answer in (None, *_answers(item)):
        yield tuple(_added(one, answer) for one in scored)


def _answers(item: Item) -> Iterator[Answer]:
    if item.type is ItemType.BOOLEAN:
        yield from (False, True)
    elif item.min_value is not None and item.max_value is not None:
        yield from range(item.min_value, item.max_value + 1)
    yield from (Coded(option.system, option.code) for option in item.options)


def _added(scored: ScoredItem | None, answer: Answer | None) -> Count:
    if scored is None:
        return 0, 0, 0
    points = None if answer is None else scored.points_of(answer)
    return (0, 0, 1) if points is None else (points, 1, 0)


def _add(state: tuple[Count, ...], move: Move, forgets: Sequence[bool]) -> tuple[Count, ...]:
    return tuple(
        (0 if forget and (missing or gap) else total + more, answered + given, missing + gap)
        for (total, answered, missing), (more, given, gap), forget in zip(state, move, forgets, strict=True)
    )
