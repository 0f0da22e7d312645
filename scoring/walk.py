"""Walks what the scores of a rule can give: to check a rule, and to put its scores into tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from questionnaires.model import Questionnaire
from scoring.combination import Choice, first_match
from scoring.condition import Params
from scoring.operations import Result, Tally
from scoring.reach import Tallies, bases_of, reachable
from scoring.rule import ScoreDefinition
from scoring.scores import combined, readable, result_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that can come up, and what it gives.

    Args:
        tallies: of the scores of items that the score hangs on.
        results: theirs.
        result: of the score.
        row: that matched first, of a decision whose rows were asked.
    """

    tallies: tuple[Tally, ...]
    results: Mapping[str, Result | None]
    result: Result | None
    row: Choice | None


@dataclass(frozen=True, slots=True)
class Walk:
    """Remembers what can come up: it is what loading takes longest for. Scores that hang on the same scores share it.

    Args:
        definitions: of the scores of one rule.
        questionnaire: whose answers are walked.
    """

    definitions: Mapping[str, ScoreDefinition]
    questionnaire: Questionnaire
    _tallies: dict[tuple[tuple[str, bool], ...], Tallies] = field(default_factory=dict)
    _outcomes: dict[tuple[object, ...], Sequence[Outcome]] = field(default_factory=dict)

    def outcomes(self, definition: ScoreDefinition, params: Params) -> Sequence[Outcome]:
        """List everything that can come up for a score under these parameters.

        What completions can give is what their decision can give.
        """
        key = (definition.id, *params.items())
        if key not in self._outcomes:
            decision = self.definitions[definition.reads[0]] if definition.is_bounds else definition
            bases = bases_of(definition, self.definitions)
            self._outcomes[key] = [self._outcome(decision, bases, one, params) for one in self._reached(bases)]
        return self._outcomes[key]

    def _reached(self, bases: Sequence[ScoreDefinition]) -> Tallies:
        names = tuple((base.id, base is self.definitions[base.id]) for base in bases)
        if names not in self._tallies:
            self._tallies[names] = reachable(bases, self.questionnaire)
        return self._tallies[names]

    def _outcome(
        self, definition: ScoreDefinition, bases: Sequence[ScoreDefinition], tallies: tuple[Tally, ...], params: Params
    ) -> Outcome:
        results: dict[str, Result | None] = {}
        for base, tally in zip(bases, tallies, strict=True):
            results[base.id] = result_of(base, tally, results, params)
        if definition.rows:
            inputs = readable(definition, self.definitions, results, params)
            row = None if inputs is None else first_match(definition.rows, inputs, params)
            return Outcome(tallies, results, row.code if row else None, row)
        reads = definition.reads
        result = combined(definition, self.definitions, results, params) if reads else results[definition.id]
        return Outcome(tallies, results, result, None)
