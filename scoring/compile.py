"""Compiles a checked rule: works out once what every tally that can come up gives."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from questionnaires.enablement import conditional_items
from scoring.compiled import CompiledRule, Counted, Counter, Key, Setting, Step
from scoring.condition import Params
from scoring.deciding import deciding_part
from scoring.operations import Tally
from scoring.reach import bases_of
from scoring.reach_checks import all_params
from scoring.result import Score
from scoring.rule import ScoreDefinition, ScoredItem, ScoringRule
from scoring.scores import why_nothing, write_score
from scoring.walk import Walk


def compile_rule(rule: ScoringRule, walk: Walk) -> ScoringRule:
    """Put the scores of a rule into tables.

    Args:
        rule: checked.
        walk: over what answers to its questionnaire can make of it.

    Returns:
        The rule with its tables. What they do not hold, and every score of a rule in which a score counts items that
        no score counts alone, is computed from the answers as before.
    """
    bases = {name: bases_of(definition, rule.scores) for name, definition in rule.scores.items()}
    if any(_own(definition, bases[name]) is None for name, definition in rule.scores.items()):
        return rule
    conditional = conditional_items(walk.questionnaire.items)
    counters: list[Counter] = []
    reads = {
        name: tuple(_position(_counter(base, conditional), counters) for base in found) for name, found in bases.items()
    }
    steps: dict[Setting, tuple[Step, ...]] = {
        tuple(params.values()): tuple(
            Step(reads[name], _table(definition, rule, walk, params)) for name, definition in rule.scores.items()
        )
        for params in all_params(rule.allowed)
    }
    default = tuple(rule.params[name] for name in rule.allowed)
    asking = deciding_part(walk.questionnaire, conditional & _counted_in(counters)) if rule.conditional else None
    return replace(rule, compiled=CompiledRule(tuple(counters), MappingProxyType(steps), default, asking))


def _counted_in(counters: Sequence[Counter]) -> set[str]:
    return {link_id for counter in counters for link_id, *_ in counter.items}


def _own(definition: ScoreDefinition, bases: Sequence[ScoreDefinition]) -> int | None:
    """Find the score that counts exactly the items of this one, itself if it is made of items."""
    items = {item.link_id for item in definition.items}
    found = (place for place, base in enumerate(bases) if {item.link_id for item in base.items} == items)
    return next(found, None)


def _position(counter: Counter, counters: list[Counter]) -> int:
    """Find a counter, or add it: scores of the same items count once."""
    if counter not in counters:
        counters.append(counter)
    return counters.index(counter)


def _counter(base: ScoreDefinition, conditional: Collection[str]) -> Counter:
    items = tuple(
        (item.link_id, item.link_id in conditional, bool(item.points), MappingProxyType(_points(item)))
        for item in base.items
    )
    return Counter(items, base.missing.gate, base.missing.forgets_points)


def _points(item: ScoredItem) -> Mapping[object, int]:
    if not item.points:
        return {one: one for one in item.possible}
    return {code: points for (_, code), points in item.points.items()}


def _table(definition: ScoreDefinition, rule: ScoringRule, walk: Walk, params: Params) -> Mapping[Key, Score]:
    bases = bases_of(definition, rule.scores)
    own = _own(definition, bases) or 0
    scores: dict[Key, Score] = {}
    for outcome in walk.outcomes(definition, params):
        counts = outcome.tallies[own]
        if definition.is_bounds and counts.missing:
            # Which answers are missing decides, not how many.
            continue
        why = why_nothing(definition, outcome.results)
        key = tuple(_counted(tally, base) for tally, base in zip(outcome.tallies, bases, strict=True))
        written = write_score(definition, outcome.result, (counts.answered, counts.missing), params, why)
        scores[key[0] if len(key) == 1 else key] = written
    return MappingProxyType(scores)


def _counted(tally: Tally, base: ScoreDefinition) -> Counted:
    counts = tally.total, tally.answered, tally.missing
    return counts if base.missing.gate is None else (*counts, tally.gate)
