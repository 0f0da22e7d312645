"""How an input reads a score: now, against the last answer, against the last decision, or as news."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from scoring.change import Change, Judgement, judge
from scoring.history import PastResponse
from scoring.number import Number
from scoring.result import Score
from scoring.rule import ScoringRule
from scoring.suggestion import InputValue
from scoring.table import InputSource

YES_OR_NO: Mapping[bool | None, InputValue] = MappingProxyType({True: "yes", False: "no", None: None})


@dataclass(slots=True)
class Look:
    """What the inputs of one questionnaire may look at; the same for all that read it as far back.

    Not frozen, because several are made for each suggestion: nobody changes one.

    Args:
        current: the answer that counts now.
        age: of the current answer; negative where a sender's clock ran ahead.
        age_days: whole days, never negative.
        earlier: the episode's answers before the current one, newest first, none too old to be a `last` one.
        decided: the episode's answers that decisions were made on, newest decision first; None without decisions.
        first: the episode's first answer.
        rule: of the questionnaire; None if it has none.
        shown: its change rule, where changes are told on what is shown and not on the exact number.
    """

    current: PastResponse
    age: timedelta
    age_days: int
    earlier: Sequence[PastResponse]
    decided: Sequence[PastResponse] | None
    first: PastResponse | None
    rule: ScoringRule | None
    shown: Change | None

    def score(self, source: InputSource, response: PastResponse) -> Score | None:
        """Find the score in a response: the source's own, the mapped one, or the one that changes are judged on."""
        if source.score:
            return response.scores.get(source.score)
        if response.questionnaire_id in source.maps:
            return response.scores.get(source.maps[response.questionnaire_id].score)
        change = None if self.rule is None else self.rule.change
        return None if change is None else response.scores.get(change.score)

    def number(self, found: Score) -> Number | None:
        """Read the number that changes are told on: exact, or as shown where the instrument's change rule says so."""
        shown = self.shown
        return found.value if shown is None or shown.score != found.id else shown.number(found)


def value_of(source: InputSource, response: PastResponse, found: Score | None) -> InputValue:
    """Read a score that was found in a response: its value, the code of a category, or None."""
    if found is None:
        return None
    if source.maps and response.questionnaire_id in source.maps:
        return None if found.band is None else source.maps[response.questionnaire_id].codes[found.band]
    return found.band if found.value is None else found.value


def _current_value(source: InputSource, look: Look) -> InputValue:
    return value_of(source, look.current, look.score(source, look.current))


def _delta(source: InputSource, look: Look) -> Number | None:
    earlier = EARLIER[source.against](source, look)
    if earlier is None:
        return None
    current, past = look.score(source, look.current), look.score(source, earlier)
    if current is None or past is None:
        return None
    now, before = look.number(current), look.number(past)
    return None if now is None or before is None else now - before


def _rise(source: InputSource, look: Look) -> InputValue:
    delta = _delta(source, look)
    return None if delta is None else max(delta, 0)


def _worse(source: InputSource, look: Look) -> InputValue:
    judged = _judged(source, look)
    return None if judged is None else YES_OR_NO[judged.worse]


def _real_worse(source: InputSource, look: Look) -> InputValue:
    judged = _judged(source, look)
    return None if judged is None else YES_OR_NO[judged.real_worse]


def _judged(source: InputSource, look: Look) -> Judgement | None:
    earlier = EARLIER[source.against](source, look)
    if look.rule is None or look.rule.change is None or earlier is None:
        return None
    same = look.current.topics is not None and look.current.topics == earlier.topics
    now, before = look.score(source, look.current), look.score(source, earlier)
    return judge(look.rule.change, now, before, params=look.rule.params, same_items=same)


def _new_since_baseline(source: InputSource, look: Look) -> InputValue:
    """Tell whether a yes is news: not if the newest decided answer said yes within the window."""
    current = _current_value(source, look)
    if current != "yes":
        return current
    decided = _with_value(source, look, look.decided or ())
    if decided is None or value_of(source, decided, look.score(source, decided)) != "yes":
        return "yes"
    age = look.current.answered_at - decided.answered_at
    return "no" if age < timedelta(days=source.window_days) else "yes"


def _last(source: InputSource, look: Look) -> PastResponse | None:
    """Find the newest earlier answer of the episode that has the score and is not too old."""
    return _with_value(source, look, look.earlier)


def _baseline(source: InputSource, look: Look) -> PastResponse | None:
    """Find the answer last decided on; before any decision, the episode's first; never the current one itself."""
    baseline = look.first if look.decided is None else _with_value(source, look, look.decided)
    return None if baseline is look.current else baseline


def _with_value(source: InputSource, look: Look, responses: Sequence[PastResponse]) -> PastResponse | None:
    for response in responses:
        found = look.score(source, response)
        if found is not None and (found.value is not None or found.band is not None):
            return response
    return None


EARLIER: Mapping[str, Callable[[InputSource, Look], PastResponse | None]] = {"last": _last, "baseline": _baseline}
USES: Mapping[str, Callable[[InputSource, Look], InputValue]] = {
    "current": _current_value,
    "delta": _delta,
    "rise": _rise,
    "worse": _worse,
    "real-worse": _real_worse,
    "new-since-baseline": _new_since_baseline,
}
COMPARING = ("delta", "rise", "worse", "real-worse")
"""Uses that name what they compare with."""
VERDICTS = ("worse", "real-worse")
"""Uses that give yes or no by the change rule of the instrument."""
