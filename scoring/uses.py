"""How an input reads a score: now, against the last answer, against the last decision, or as news."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from types import MappingProxyType

from scoring.change import Judgement, judge
from scoring.history import PastDecision, PastResponse
from scoring.result import Score
from scoring.rule import ScoringRule
from scoring.suggestion import InputValue
from scoring.table import InputSource

YES_OR_NO: Mapping[bool | None, InputValue] = MappingProxyType({True: "yes", False: "no", None: None})


@dataclass(frozen=True, slots=True)
class Look:
    """What one input may look at.

    Args:
        source: where it comes from.
        current: the answer that counts now.
        series: all answers to its questionnaire, oldest first, the current one included.
        decisions: of the package, newest first.
        oldest: no `last` answer from before this moment.
        since: start of the episode; earlier answers are no `last` and no `baseline`. None = they all belong to it.
        rule: of the questionnaire; None if it has none.
    """

    source: InputSource
    current: PastResponse
    series: tuple[PastResponse, ...]
    decisions: tuple[PastDecision, ...]
    oldest: datetime
    since: datetime | None = None
    rule: ScoringRule | None = None

    def score(self, response: PastResponse) -> Score | None:
        """Find the score in a response: the source's own, the mapped one, or the one that changes are judged on."""
        codes = self.source.maps.get(response.questionnaire_id)
        if codes is not None:
            return response.scores.get(codes.score)
        if self.source.score or self.rule is None or self.rule.change is None:
            return response.scores.get(self.source.score)
        return response.scores.get(self.rule.change.score)

    def value(self, response: PastResponse) -> InputValue:
        """Read the score in a response: its value, the code of a category, or None."""
        found = self.score(response)
        if found is None:
            return None
        codes = self.source.maps.get(response.questionnaire_id)
        if codes is not None:
            return None if found.band is None else codes.codes[found.band]
        return found.band if found.value is None else found.value

    def number(self, response: PastResponse) -> Fraction | None:
        """Read the number that changes are told on: exact, or as shown where the instrument's change rule says so."""
        found = self.score(response)
        if found is None:
            return None
        change = None if self.rule is None else self.rule.change
        if change is not None and change.score == found.id and change.on_display:
            return change.number(found)
        return found.value

    def in_episode(self, responses: tuple[PastResponse, ...]) -> tuple[PastResponse, ...]:
        """Keep what was answered in the episode."""
        return tuple(one for one in responses if self.since is None or one.answered_at >= self.since)


def _current_value(look: Look) -> InputValue:
    return look.value(look.current)


def _delta(look: Look) -> Fraction | None:
    earlier = EARLIER[look.source.against](look)
    if earlier is None:
        return None
    now, before = look.number(look.current), look.number(earlier)
    return None if now is None or before is None else now - before


def _rise(look: Look) -> InputValue:
    delta = _delta(look)
    return None if delta is None else max(Fraction(0), delta)


def _worse(look: Look) -> InputValue:
    judged = _judged(look)
    return None if judged is None else YES_OR_NO[judged.worse]


def _real_worse(look: Look) -> InputValue:
    judged = _judged(look)
    return None if judged is None else YES_OR_NO[judged.real_worse]


def _judged(look: Look) -> Judgement | None:
    earlier = EARLIER[look.source.against](look)
    if look.rule is None or look.rule.change is None or earlier is None:
        return None
    same = look.current.topics is not None and look.current.topics == earlier.topics
    return judge(
        look.rule.change, look.score(look.current), look.score(earlier), params=look.rule.params, same_items=same
    )


def _new_since_baseline(look: Look) -> InputValue:
    """Tell whether a yes is news: not if the newest decided answer said yes within the window."""
    current = look.value(look.current)
    if current != "yes":
        return current
    decided = next(_decided(look), None)
    if decided is None or look.value(decided) != "yes":
        return "yes"
    age = look.current.answered_at - decided.answered_at
    return "no" if age < timedelta(days=look.source.window_days) else "yes"


def _last(look: Look) -> PastResponse | None:
    """Find the newest earlier answer of the episode that has the score and is not too old."""
    earlier = look.in_episode(look.series[: look.series.index(look.current)])
    recent = (one for one in reversed(earlier) if one.answered_at >= look.oldest)
    return next((one for one in recent if look.value(one) is not None), None)


def _baseline(look: Look) -> PastResponse | None:
    """Find the answer last decided on; before any decision, the episode's first; never the current one itself."""
    baseline = next(_decided(look), None) if look.decisions else next(iter(look.in_episode(look.series)), None)
    return None if baseline is None or baseline.id == look.current.id else baseline


def _decided(look: Look) -> Iterator[PastResponse]:
    """Walk the episode's answers that decisions were made on and that have the score, newest decision first."""
    for decision in look.decisions:
        for response in reversed(look.in_episode(look.series)):
            if response.id in decision.responses and look.value(response) is not None:
                yield response


EARLIER: MappingProxyType[str, Callable[[Look], PastResponse | None]] = MappingProxyType(
    {"last": _last, "baseline": _baseline}
)
USES: MappingProxyType[str, Callable[[Look], InputValue]] = MappingProxyType(
    {
        "current": _current_value,
        "delta": _delta,
        "rise": _rise,
        "worse": _worse,
        "real-worse": _real_worse,
        "new-since-baseline": _new_since_baseline,
    }
)
COMPARING = ("delta", "rise", "worse", "real-worse")
"""Uses that name what they compare with."""
VERDICTS = ("worse", "real-worse")
"""Uses that give yes or no by the change rule of the instrument."""
