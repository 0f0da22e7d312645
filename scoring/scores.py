"""Applies a scoring rule to the checked answers of one response."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from types import MappingProxyType

from questionnaires.enablement import enabled
from questionnaires.model import Answer, Questionnaire, ResponseAnswers
from scoring.condition import Params
from scoring.missing import Attempt, complete
from scoring.operations import OPERATIONS, Result, Tally
from scoring.result import Score, Scored
from scoring.rule import ScoreDefinition, ScoredItem, ScoringRule

Answers = Mapping[str, tuple[Answer, ...]]
NO_ANSWERS: tuple[Answer, ...] = ()


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
    asked = {item.link_id for item in enabled(questionnaire, checked.answers)} if rule.conditional else None
    scores = tuple(_score(definition, checked.answers, asked, used) for definition in rule.scores.values())
    return Scored(checked.questionnaire, rule.version, scores, used)


def _score(definition: ScoreDefinition, answers: Answers, asked: Collection[str] | None, params: Params) -> Score:
    tally = _tally(definition, answers, asked)
    result = result_of(definition, tally, params)
    value = result if isinstance(result, Fraction) else None
    return Score(
        id=definition.id,
        value=value,
        display=None if value is None else half_up(value, definition.decimals),
        band=result if isinstance(result, str) else band_of(definition, value, params),
        estimated=result is not None and tally.missing > 0,
        answered=tally.answered,
        missing=tally.missing,
        reason="too-many-missing" if result is None else None,
    )


def _tally(definition: ScoreDefinition, answers: Answers, asked: Collection[str] | None) -> Tally:
    total = answered = missing = 0
    for item in definition.items:
        if asked is not None and item.link_id not in asked:
            continue
        points = _points(item, answers)
        if points is None:
            missing += 1
        else:
            answered += 1
            total += points
    gate = definition.missing.gate
    return Tally(total, answered, missing, None if gate is None else _points(ScoredItem(gate, {}), answers))


def _points(item: ScoredItem, answers: Answers) -> int | None:
    given = answers.get(item.link_id, NO_ANSWERS)
    return item.points_of(given[0]) if given else None


def result_of(definition: ScoreDefinition, tally: Tally, params: Params) -> Result | None:
    """Give value or code of a tally, or None when the missing-answer rule gives none."""
    operation = OPERATIONS[definition.op]
    return complete(Attempt(tally, operation, definition.offset, definition.missing, params))


def band_of(definition: ScoreDefinition, value: Fraction | None, params: Params) -> str | None:
    """Find the band of an exact value; None where the score has no bands or no value."""
    if value is None:
        return None
    values = {definition.id: value.numerator if value.denominator == 1 else value}
    return next((band.code for band in definition.bands if band.when.holds(values, params)), None)


def half_up(value: Fraction, decimals: int) -> str:
    """Round half up for display only: floor(x * 10^d + 1/2) / 10^d, without trailing zeros, such as `22.9` or `24`."""
    scale = 10**decimals
    units = (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(abs(units), scale)
    shown = f"{whole}.{rest:0{decimals}d}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"-{shown}" if units < 0 else shown
