"""The course of one score over a patient's answers, each point judged against the one before it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from kernel.ids import ResponseId
from scoring.change import HIGHER_IS_WORSE, Change, Judgement, Verdict, judge
from scoring.history import PastResponse
from scoring.number import Number, plain
from scoring.result import Score
from scoring.rule import ScoreDefinition, ScoringRule
from scoring.scores import band_of, half_up


@dataclass(frozen=True, slots=True)
class BandSpan:
    """A stretch of the scale that means one thing.

    Args:
        code: of the band.
        low, high: ends of the stretch; which of its neighbours an end belongs to says the band itself.
    """

    code: str
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One answer's score.

    Args:
        answered_at: aware UTC.
        delta: points since the answer before, as text with a sign such as `+6` or `-0.4`; empty where there is none
            or one of the two could not be computed.
        verdict: what the change amounts to; None where the instrument says nothing of changes in this score.
    """

    response_id: ResponseId
    answered_at: datetime
    score: Score
    delta: str = ""
    verdict: Verdict | None = None

    @property
    def is_important(self) -> bool:
        """Tell whether the change is at least the smallest important one."""
        return self.verdict in (Verdict.WORSE, Verdict.BETTER)


@dataclass(frozen=True, slots=True)
class Trend:
    """One score over time.

    Args:
        definition: of the score, by the rule of the newest answer.
        higher_is_worse: direction of the score; the instrument's own, never turned round.
        change: what counts as a change in it; None where the instrument says nothing.
        spans: bands from the lowest to the highest value; empty for a category and without bands.
        points: oldest first, at least one.
        earlier: how many points before the first are left out.
    """

    definition: ScoreDefinition
    higher_is_worse: bool
    change: Change | None
    spans: tuple[BandSpan, ...]
    points: tuple[TrendPoint, ...]
    earlier: int = 0

    @property
    def is_drawn(self) -> bool:
        """Tell whether there is something to draw: a number, computed at least once."""
        return self.definition.ends is not None and any(one.score.value is not None for one in self.points)

    @property
    def newest(self) -> TrendPoint:
        """The newest answer."""
        return self.points[-1]

    def latest(self, most: int) -> "Trend":
        """Keep so many points, the newest; the older ones are counted."""
        left_out = max(len(self.points) - most, 0)
        return replace(self, points=self.points[left_out:], earlier=self.earlier + left_out)


def trends(rule: ScoringRule, series: Sequence[PastResponse], *, most: int) -> tuple[Trend, ...]:
    """Follow every score of an instrument that is for pages.

    Args:
        rule: of the newest answer's questionnaire.
        series: answers to it, oldest first.
        most: points of one trend; older ones are counted, not shown.

    Returns:
        One for each score that any of the answers has, in the order of the rule. A change is one since the answer
        right before: where that could not be computed, an older one does not stand in for it.

    Source: docs/clinical/README.md, "change".
    """
    shown = (one for one in rule.scores.values() if rule.is_shown(one.id))
    found = (_trend(rule, definition, series) for definition in shown)
    return tuple(one.latest(most) for one in found if one.points)


def newest_change(rule: ScoringRule, series: Sequence[PastResponse]) -> TrendPoint | None:
    """Judge the newest answer to an instrument against the one right before, as the last point of its trend is.

    Args:
        rule: of the newest answer's questionnaire.
        series: answers to it, oldest first.

    Returns:
        The point of the score whose changes the instrument judges; None where it judges none, or was not answered.
    """
    if rule.change is None or not series or rule.change.score not in series[-1].scores:
        return None
    before = series[-2] if len(series) > 1 else None
    return _point(rule, rule.scores[rule.change.score], series[-1], before)


def spans_of(definition: ScoreDefinition, rule: ScoringRule) -> tuple[BandSpan, ...]:
    """Cut a scale into the stretches of its bands; between two whole numbers the cut lies in the middle."""
    if definition.ends is None or not definition.bands:
        return ()
    low, high = definition.ends
    atoms = (atom for band in definition.bands for part in band.when.alternatives for atom in part)
    named = {atom.value for atom in atoms if atom.name == definition.id and isinstance(atom.value, Number)}
    cuts = sorted({low, high} | {cut for cut in named if low < cut < high})
    middles = [Fraction(start + end, 2) for start, end in pairwise(cuts)]
    found = [(value, band_of(definition, value, rule.params)) for value in sorted({*cuts, *middles})]
    codes = [(value, code) for value, code in found if code is not None]
    edges = [(_edge(before, now, cuts), code) for (before, old), (now, code) in pairwise(codes) if old != code]
    starts, ends = [(low, codes[0][1]), *edges], [*(at for at, _ in edges), high]
    return tuple(BandSpan(code, start, end) for (start, code), end in zip(starts, ends, strict=True))


def _edge(before: Number, now: Number, cuts: Collection[Number]) -> Number:
    """Tell where one band ends: at the cut of the two values looked at, or between two cuts that no band spans."""
    if before in cuts and now in cuts:
        return plain(Fraction(before + now, 2))
    return before if before in cuts else now


def _trend(rule: ScoringRule, definition: ScoreDefinition, series: Sequence[PastResponse]) -> Trend:
    change = rule.change if rule.change and rule.change.score == definition.id else None
    upwards = rule.polarity == HIGHER_IS_WORSE
    points: list[TrendPoint] = []
    before: PastResponse | None = None
    for response in series:
        score = response.scores.get(definition.id)
        if score is not None:
            points.append(_point(rule, definition, response, before))
        before = response
    return Trend(
        definition,
        change.is_worse_upwards(rule.params) if change else upwards,
        change,
        spans_of(definition, rule),
        tuple(points),
    )


def _point(
    rule: ScoringRule, definition: ScoreDefinition, response: PastResponse, before: PastResponse | None
) -> TrendPoint:
    score = response.scores[definition.id]
    earlier = before.scores.get(definition.id) if before else None
    if rule.change is None or rule.change.score != definition.id:
        return TrendPoint(response.id, response.answered_at, score, _signed(_difference(score, earlier), definition))
    judged = _judged(rule.change, rule, response, before)
    return TrendPoint(response.id, response.answered_at, score, _signed(judged.delta, definition), judged.verdict)


def _judged(change: Change, rule: ScoringRule, response: PastResponse, before: PastResponse | None) -> Judgement:
    earlier = before.scores.get(change.score) if before else None
    same = before is not None and response.topics is not None and response.topics == before.topics
    return judge(change, response.scores[change.score], earlier, params=rule.params, same_items=same)


def _difference(score: Score, earlier: Score | None) -> Number | None:
    if earlier is None or score.value is None or earlier.value is None:
        return None
    return score.value - earlier.value


def _signed(delta: Number | None, definition: ScoreDefinition) -> str:
    if delta is None:
        return ""
    shown = half_up(delta, definition.decimals)
    return f"+{shown}" if delta > 0 and shown != "0" else shown
