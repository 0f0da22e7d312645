"""Judges whether a score changed for the worse, by the instrument's own rule and on points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from questionnaires.model import Answer
from scoring.condition import NO_PARAMS, Params
from scoring.number import Number, plain
from scoring.result import Score

HIGHER_IS_WORSE = "higher-is-worse"


class Verdict(StrEnum):
    """What a change amounts to."""

    WORSE = "worse"
    BETTER = "better"
    STABLE = "stable"
    NO_BASELINE = "no-baseline"
    NOT_COMPUTABLE = "not-computable"


@dataclass(frozen=True, slots=True)
class Change:
    """What counts as a change of an instrument.

    Args:
        score: the score it is judged on.
        mic: smallest important change, in points of the score; with a percentage the floor below it.
        percent: percentage of the earlier value that counts as change; 0 where points alone decide.
        real: worsening beyond measurement error, in points; None where the instrument states none.
        real_is_mic: the threshold of change is that of real worsening too.
        on_display: the shown, rounded number is compared, not the exact one.
        same_items: linkIds whose texts must be the same in both responses; empty without such a rule.
        higher_is_worse: direction of the score.
        direction: parameter that tells the direction instead; empty if none does.
    """

    score: str
    mic: Number
    percent: int = 0
    real: Number | None = None
    real_is_mic: bool = False
    on_display: bool = False
    same_items: tuple[str, ...] = ()
    higher_is_worse: bool = True
    direction: str = ""

    @property
    def knows_real(self) -> bool:
        """Tell whether the instrument says what worsening beyond error is."""
        return self.real_is_mic or self.real is not None

    def threshold(self, earlier: Number) -> Number:
        """Give the points that count as a change from this earlier value."""
        return max(self.mic, Fraction(earlier * self.percent, 100))

    def real_threshold(self, earlier: Number) -> Number | None:
        """Give the points of worsening that count as real from this earlier value."""
        return self.threshold(earlier) if self.real_is_mic else self.real

    def number(self, score: Score | None) -> Number | None:
        """Read the number that is compared: exact, or as shown."""
        if score is None or score.value is None or score.display is None:
            return None
        return plain(Fraction(score.display)) if self.on_display else score.value

    def is_worse_upwards(self, params: Params) -> bool:
        """Tell whether a higher score is worse under these parameters."""
        told = params.get(self.direction)
        return self.higher_is_worse if told is None else told == HIGHER_IS_WORSE


@dataclass(frozen=True, slots=True)
class Judgement:
    """A change, judged.

    Args:
        verdict: against the smallest important change.
        delta: current - earlier, in points; None without both.
        percent: of the earlier value, information only; None without both, or from 0.
        real_worse: worsened beyond measurement error; None without both, or where the instrument states no such limit.
    """

    verdict: Verdict
    delta: Number | None = None
    percent: Number | None = None
    real_worse: bool | None = None

    @property
    def worse(self) -> bool | None:
        """Tell whether it is worse; None where nothing can be compared."""
        return None if self.delta is None else self.verdict is Verdict.WORSE


def judge(
    change: Change,
    current: Score | None,
    earlier: Score | None,
    *,
    params: Params = NO_PARAMS,
    same_items: bool = True,
) -> Judgement:
    """Compare a score with an earlier one.

    Args:
        change: rule of the instrument.
        current: the score that `change` names, of the newer response.
        earlier: the same score of the older one; None if there is none.
        params: parameters that the scores were made with; one of them may tell the direction.
        same_items: both responses are about the same named things; see `same_topics`.

    Source: docs/clinical/README.md, "change"; the instrument's sheet.
    """
    now, before = change.number(current), change.number(earlier)
    if now is None:
        return Judgement(Verdict.NOT_COMPUTABLE)
    if before is None or (change.same_items and not same_items):
        return Judgement(Verdict.NO_BASELINE)
    delta = now - before
    worsening = delta if change.is_worse_upwards(params) else -delta
    real = change.real_threshold(before)
    return Judgement(
        verdict=_verdict(worsening, change.threshold(before)),
        delta=delta,
        percent=None if before == 0 else Fraction(100 * delta) / before,
        real_worse=None if real is None else worsening >= real,
    )


def _verdict(worsening: Number, threshold: Number) -> Verdict:
    if -threshold < worsening < threshold:
        return Verdict.STABLE
    return Verdict.WORSE if worsening > 0 else Verdict.BETTER


def topics_of(change: Change, answers: Mapping[str, Sequence[Answer]]) -> str:
    """Write the named things of a response so that equal texts mean the same things.

    Args:
        change: rule of the instrument.
        answers: linkId -> answers.

    Returns:
        One line for each item of `same_items`, letter case and spaces evened out. Free text of a patient: it is
        encrypted or hashed with a key before it is stored, and never logged.
    """
    return "\n".join(_topic(answers.get(link_id, ())) for link_id in change.same_items)


def same_topics(
    change: Change, current: Mapping[str, Sequence[Answer]], earlier: Mapping[str, Sequence[Answer]]
) -> bool:
    """Tell whether two responses name the same things, such as activities; letter case and spaces do not matter.

    Args:
        change: rule of the instrument.
        current: linkId -> answers of the newer response.
        earlier: linkId -> answers of the older one.
    """
    return topics_of(change, current) == topics_of(change, earlier)


def _topic(given: Sequence[Answer]) -> str:
    return " ".join(str(given[0]).casefold().split()) if given else ""
