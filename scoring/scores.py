"""Applies a scoring rule to the checked answers of one response."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from questionnaires.enablement import enabled
from questionnaires.model import Answer, Questionnaire, ResponseAnswers
from scoring.combination import NO_TABLE, agreed, completions, first_match, looked_up, percent
from scoring.condition import Params, Value
from scoring.missing import Attempt, complete
from scoring.number import Number, plain
from scoring.operations import OPERATIONS, Result, Tally
from scoring.result import Score, Scored
from scoring.rule import ScoreDefinition, ScoredItem, ScoringRule

Definitions = Mapping[str, ScoreDefinition]
Results = Mapping[str, Result | None]
NO_ANSWERS: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """The answers of one response, as scores read them.

    Args:
        answers: linkId -> answers.
        asked: linkIds of the asked items; None where all are.
    """

    answers: Mapping[str, tuple[Answer, ...]]
    asked: Collection[str] | None

    def items(self, definition: ScoreDefinition) -> tuple[ScoredItem, ...]:
        """List the asked items of a score."""
        if self.asked is None:
            return definition.items
        return tuple(item for item in definition.items if item.link_id in self.asked)

    def points(self, item: ScoredItem) -> int | None:
        """Give the points of an item; None where it is unanswered."""
        given = self.answers.get(item.link_id, NO_ANSWERS)
        return item.points_of(given[0]) if given else None

    def tally(self, definition: ScoreDefinition) -> Tally:
        """Count the asked items of a score."""
        points = [self.points(item) for item in self.items(definition)]
        known = [one for one in points if one is not None]
        gate = definition.missing.gate
        opened = None if gate is None else self.points(ScoredItem(gate, {}))
        return Tally(sum(known), len(known), len(points) - len(known), opened)


def score(
    rule: ScoringRule, questionnaire: Questionnaire, checked: ResponseAnswers, *, params: Params | None = None
) -> Scored:
    """Compute every score of a response, each by its own rule and independent of the others.

    Args:
        rule: of the questionnaire version that was answered.
        questionnaire: tells which items were asked.
        checked: answers that passed the gate.
        params: overrides of the rule's parameters; names and values are those that the rule allows.

    Returns:
        The scores in the order of the rule, computable or not. Never raises for a response that passed the gate.

    Source: the instrument's sheet in `docs/clinical/`.
    """
    used = rule.params if params is None else MappingProxyType({**rule.params, **params})
    setting = rule.compiled.default if params is None else tuple(used[name] for name in rule.allowed)
    found = rule.compiled.scores(checked.answers, setting)
    if found is None:
        asked = {item.link_id for item in enabled(questionnaire, checked.answers)} if rule.conditional else None
        found = computed(rule, Given(checked.answers, asked), used)
    return Scored(checked.questionnaire, rule.version, found, used)


def computed(rule: ScoringRule, given: Given, params: Params) -> tuple[Score, ...]:
    """Compute every score from the answers, where no table has it.

    Args:
        rule: of the questionnaire version that was answered.
        given: answers.
        params: values of all its parameters.
    """
    results: dict[str, Result | None] = {}
    scores = []
    for definition in rule.scores.values():
        tally = given.tally(definition)
        if not definition.reads:
            result = result_of(definition, tally, results, params)
        elif definition.is_bounds:
            result = _bounded(definition, rule.scores, given, params)
        else:
            result = combined(definition, rule.scores, results, params)
        results[definition.id] = result
        why = why_nothing(definition, results)
        scores.append(write_score(definition, result, (tally.answered, tally.missing), params, why))
    return tuple(scores)


def write_score(
    definition: ScoreDefinition, result: Result | None, counts: tuple[int, int], params: Params, why: str
) -> Score:
    """Write a result as a score, with its band.

    Args:
        definition: of the score.
        result: value or code; None when there is none.
        counts: what was answered, and what is missing.
        params: parameters of the rule.
        why: reason that is given when there is no result.
    """
    value = plain(result) if isinstance(result, Fraction) else None
    answered, missing = counts
    return Score(
        id=definition.id,
        value=value,
        display=None if value is None else half_up(value, definition.decimals),
        band=result if isinstance(result, str) else band_of(definition, value, params),
        entries=result if isinstance(result, tuple) else None,
        estimated=result is not None and missing > 0,
        answered=answered,
        missing=missing,
        reason=why if result is None else None,
    )


def why_nothing(definition: ScoreDefinition, results: Results) -> str:
    """Say why nothing came out, if nothing did; `not-defined` where the content gives none for these parameters."""
    if not definition.reads or definition.is_bounds:
        return "too-many-missing"
    if definition.is_lookup and definition.table is None:
        return NO_TABLE
    return "input-missing" if any(results[name] is None for name in definition.reads) else "not-defined"


def result_of(definition: ScoreDefinition, tally: Tally, results: Results, params: Params) -> Result | None:
    """Give what a score of items comes to, or None when its missing-answer rule gives nothing.

    Args:
        definition: of the score.
        tally: its items, counted.
        results: of the scores that it requires.
        params: parameters of the rule.
    """
    if any(results[name] is None for name in definition.missing.requires):
        return None
    rule = definition.missing.under(params)
    return complete(Attempt(tally, OPERATIONS[definition.op], definition.constants, rule, params))


def combined(definition: ScoreDefinition, definitions: Definitions, results: Results, params: Params) -> Result | None:
    """Give value or code of a score of scores, or None when its inputs give none.

    Args:
        definition: of the score.
        definitions: of the scores that it reads.
        results: theirs, exact.
        params: parameters of the rule.
    """
    inputs = readable(definition, definitions, results, params)
    if inputs is None:
        return None
    if definition.rows:
        return first_match(definition.rows, inputs, params).code
    value = inputs[definition.reads[0]]
    if definition.is_lookup:
        return looked_up(value, definition.table)
    return percent(value, definition.constants)


def readable(
    definition: ScoreDefinition, definitions: Definitions, results: Results, params: Params
) -> Mapping[str, Value | None] | None:
    """Give what a score of scores reads, exact or as shown; None where its missing rule already says no."""
    inputs = {name: _readable(definition, definitions[name], results[name]) for name in definition.reads}
    is_strict = definition.missing.under(params).strategy == "inputs"
    return None if is_strict and None in inputs.values() else inputs


def _readable(definition: ScoreDefinition, read: ScoreDefinition, result: Result | None) -> Value | None:
    if not isinstance(result, Fraction):
        return result if isinstance(result, str) else None
    return plain(Fraction(half_up(result, read.decimals)) if definition.on_display else result)


def _bounded(definition: ScoreDefinition, definitions: Definitions, given: Given, params: Params) -> Result | None:
    """Give the code that a decision gives under every completion of the missing answers, if it is one."""
    decision = definitions[definition.reads[0]]
    bases = [definitions[name] for name in decision.reads]
    gaps = []
    for item in given.items(definition):
        if given.points(item) is None:
            in_base = [any(one.link_id == item.link_id for one in base.items) for base in bases]
            gaps.append(tuple(tuple(points * counts for counts in in_base) for points in item.possible))

    def finish(totals: tuple[int, ...]) -> Result | None:
        """Decide on completed totals."""
        whole = {
            base.id: result_of(base, Tally(total, len(base.items), 0), {}, params)
            for base, total in zip(bases, totals, strict=True)
        }
        return combined(decision, definitions, whole, params)

    return agreed(completions(tuple(given.tally(base).total for base in bases), gaps, finish))


def band_of(definition: ScoreDefinition, value: Number | None, params: Params) -> str | None:
    """Find the band of an exact value; None where the score has no bands or no value."""
    if value is None:
        return None
    judged = Fraction(half_up(value, definition.decimals)) if definition.on_display else value
    values = {definition.id: plain(judged)}
    return next((band.code for band in definition.bands if band.when.holds(values, params)), None)


def half_up(value: Number, decimals: int) -> str:
    """Round half up for display only: floor(x * 10^d + 1/2) / 10^d, without trailing zeros, such as `22.9` or `24`."""
    scale = 10**decimals
    units = (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(abs(units), scale)
    shown = f"{whole}.{rest:0{decimals}d}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"-{shown}" if units < 0 else shown
