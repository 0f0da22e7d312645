"""Scores stored answer vectors in bulk: each score is worked out once per tally, and looked up from then on."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from questionnaires.enablement import enabled
from questionnaires.filed import Vector
from questionnaires.model import Item, ItemType, Questionnaire
from questionnaires.plain import read_plain
from questionnaires.plan import ResponsePlan
from scoring.result import Score
from scoring.rule import ScoringRule
from scoring.scores import score
from scoring.vector_count import Count, Key, counter

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
CODED = frozenset({ItemType.CHOICE, ItemType.INTEGER, ItemType.BOOLEAN})
"""Item types whose answers stand in a vector."""
MOST_REMEMBERED = 100_000


def tells_all(rule: ScoringRule, questionnaire: Questionnaire) -> bool:
    """Tell whether vectors hold all that the rule reads; where free text decides what is asked, they do not."""
    return not rule.conditional or all(
        questionnaire.by_link_id[link_id].type in CODED for link_id in _deciding(questionnaire)
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """One score of a pattern of asked items.

    Args:
        count: gives what the score depends on, as far as its own items go.
        reads: positions of the scores that it is made of, or requires.
        known: what it depends on -> score.
    """

    id: str
    count: Count
    reads: tuple[int, ...]
    known: dict[Key, Score] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VectorScorer:
    """Scores vectors of one questionnaire version; make one and use it for many.

    Only where `tells_all` says so. It gives what `scoring.scores.score` gives, which is asked for everything that has
    not been seen before.

    Args:
        rule: with the parameters that it has by itself.
        plan: of the questionnaire that was answered.
        deciding: linkIds whose answers decide what is asked.
        most: tallies of one score, or patterns of asked items, that are remembered before all are forgotten.
    """

    rule: ScoringRule
    plan: ResponsePlan
    deciding: tuple[str, ...]
    most: int = MOST_REMEMBERED
    patterns: dict[tuple[int | bool | str | None, ...], tuple[_Step, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rule: ScoringRule, plan: ResponsePlan, *, most: int = MOST_REMEMBERED) -> "VectorScorer":
        """Compile the rule."""
        return cls(rule, plan, _deciding(plan.questionnaire) if rule.conditional else (), most)

    def __call__(self, vector: Vector) -> tuple[Score, ...]:
        """Score one vector, in the order of the rule."""
        pattern = tuple([vector.get(link_id) for link_id in self.deciding])
        steps = self.patterns.get(pattern)
        if steps is None:
            steps = self._remember(self.patterns, pattern, self._steps(vector))
        keys: list[Key] = []
        scores = []
        for step in steps:
            key = step.count(vector)
            if step.reads:
                key = (key, *[keys[position] for position in step.reads])
            keys.append(key)
            found = step.known.get(key)
            if found is None:
                found = self._remember(step.known, key, self._worked_out(vector)[step.id])
            scores.append(found)
        return tuple(scores)

    def _remember(self, known: dict[K, V], key: K, value: V) -> V:
        if len(known) >= self.most:
            known.clear()
        known[key] = value
        return value

    def _worked_out(self, vector: Vector) -> Mapping[str, Score]:
        scored = score(self.rule, self.plan.questionnaire, read_plain(self.plan, vector))
        return {one.id: one for one in scored.scores}

    def _steps(self, vector: Vector) -> tuple[_Step, ...]:
        asked = None
        if self.rule.conditional:
            answers = read_plain(self.plan, vector).answers
            asked = {item.link_id for item in enabled(self.plan.questionnaire, answers)}
        places = {score_id: place for place, score_id in enumerate(self.rule.scores)}
        return tuple(
            _Step(
                definition.id,
                counter(definition, self.plan.questionnaire, asked),
                tuple(places[name] for name in (*definition.reads, *definition.missing.requires)),
            )
            for definition in self.rule.scores.values()
        )


def _deciding(questionnaire: Questionnaire) -> tuple[str, ...]:
    """List the items whose answers decide what is asked: looked at by a condition, or with items inside the answer."""
    items = questionnaire.by_link_id.values()
    looked_at = {condition.question for item in items for condition in item.enable_when}
    return tuple(item.link_id for item in items if item.link_id in looked_at or _holds_items(item))


def _holds_items(item: Item) -> bool:
    return bool(item.items) and item.type is not ItemType.GROUP
