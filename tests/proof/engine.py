"""The product on the other side of the comparison: one rule with its questionnaire, asked with plain answers."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from questionnaires.model import Answer, Coded, Item, ItemType, ResponseAnswers
from questionnaires.registry import Registry
from scoring.catalogue import Catalogue
from scoring.result import Score
from scoring.rule import ScoringRule
from scoring.scores import score
from scoring.vector_scores import VectorScorer, tells_all
from tests.oracle.known import INSTRUMENTS
from tests.oracle.reading import Answers, Given, Params, Told

REGISTRY = Registry.load()
CATALOGUE = Catalogue.load(REGISTRY)


class Engine:
    """Scores answers that are known to be allowed, without the way through the gate."""

    def __init__(self, canonical: str) -> None:
        self.rule: ScoringRule = CATALOGUE.rule_for(canonical)
        self.questionnaire = REGISTRY.get(canonical)
        instrument = INSTRUMENTS[self.questionnaire.id]
        plan = REGISTRY.plan(canonical)
        self._in_bulk = VectorScorer.of(self.rule, plan) if tells_all(self.rule, self.questionnaire) else None
        self._answers = {
            (asked.link_id, one): (answer(self.questionnaire.by_link_id[asked.link_id], one),)
            for asked in instrument.items
            for one in asked.answers
        }

    def score(self, given: Answers, params: Params | None = None) -> Mapping[str, Score]:
        """Give every score by id."""
        answers = {name: self._answers[name, one] for name, one in given.items()}
        checked = ResponseAnswers(self.questionnaire.canonical, "completed", None, answers)
        return {one.id: one for one in score(self.rule, self.questionnaire, checked, params=params).scores}

    def scores_in_bulk(self, given: Answers) -> Mapping[str, Score] | None:
        """Give every score as re-scoring of stored answers does, by the defaults; None where it cannot."""
        return None if self._in_bulk is None else {one.id: one for one in self._in_bulk(given)}


def answer(item: Item, given: Given) -> Answer:
    """Write an answer as the item's type asks; the code of an option is its points as text."""
    if item.type is ItemType.CHOICE:
        return Coded(item.options[0].system, str(given))
    return given


def difference(found: Score, told: Told) -> str:
    """Say what is not equal; nothing if all is."""
    entries = _entries(found.entries)
    pairs = {
        "value": (entries or found.value, told.value),
        "display": (entries or _number(found.display), told.display),
        "band": (found.band, told.band),
        "estimated": (found.estimated, told.estimated),
        "answered": (found.answered, told.answered),
        "missing": (found.missing, told.missing),
        "reason": (found.reason is None, told.value is not None or told.band is not None),
    }
    return ", ".join(f"{name}: {ours!r} is not {theirs!r}" for name, (ours, theirs) in pairs.items() if ours != theirs)


def _entries(found: Sequence[int | None] | None) -> tuple[Fraction | None, ...]:
    return tuple(None if one is None else Fraction(one) for one in found or ())


def _number(shown: str | None) -> Fraction | None:
    return None if shown is None else Fraction(shown)
