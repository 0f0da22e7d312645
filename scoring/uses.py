"""How an input reads a score: now, against the last answer, against the last decision, or as news."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from operator import attrgetter
from types import MappingProxyType

from scoring.change import Change, Judgement, judge
from scoring.history import PastResponse
from scoring.matched import InputValue
from scoring.number import Number
from scoring.result import Score
from scoring.rule import ScoringRule
from scoring.table_input import InputSource

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
    """

    current: PastResponse
    age: timedelta
    age_days: int
    earlier: Sequence[PastResponse]
    decided: Sequence[PastResponse] | None
    first: PastResponse | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an input reads of one questionnaire: settled when a table is loaded, so that only looking up remains.

    Args:
        score: id of the score; empty if the questionnaire has none for it.
        codes: code of its band or category -> code of the input; None where they are the same.
        change: rule by which its changes are judged; None if the questionnaire has none.
        rule: of the questionnaire; None if it has none.
    """

    score: str
    codes: Mapping[str, str] | None
    change: Change | None
    rule: ScoringRule | None


def subject_of(source: InputSource, questionnaire: str, rule: ScoringRule | None) -> Subject:
    """Settle which score a source reads: its own, the one that it maps, or the one that changes are told on.

    Args:
        questionnaire: short name.
        rule: newest of that questionnaire; None if it has none.
    """
    change = None if rule is None else rule.change
    mapped = source.maps.get(questionnaire)
    score = source.score or (mapped.score if mapped else "") or (change.score if change else "")
    return Subject(score, mapped.codes if mapped else None, change, rule)


Reading = Callable[[Look, Score], InputValue]
"""Reads the value of an input, given what it may look at and its score in the current answer."""


def _current(_: InputSource, subject: Subject) -> Reading:
    codes = subject.codes
    if codes is None:
        return lambda _look, found: found.band if found.value is None else found.value
    return lambda _look, found: None if found.band is None else codes[found.band]


def _number_of(subject: Subject) -> Callable[[Score], Number | None]:
    """Choose the number that changes are told on: exact, or as shown where the instrument's change rule says so."""
    change = subject.change
    if change is not None and change.on_display and change.score == subject.score:
        return change.number
    return attrgetter("value")


def _delta(source: InputSource, subject: Subject) -> Callable[[Look, Score], Number | None]:
    find_earlier, score, number = EARLIER[source.against], subject.score, _number_of(subject)

    def delta(look: Look, found: Score) -> Number | None:
        earlier = find_earlier(look, score)
        past = None if earlier is None else earlier.scores.get(score)
        if past is None:
            return None
        now, before = number(found), number(past)
        return None if now is None or before is None else now - before

    return delta


def _rise(source: InputSource, subject: Subject) -> Reading:
    delta = _delta(source, subject)

    def rise(look: Look, found: Score) -> InputValue:
        points = delta(look, found)
        return points if points is None or points > 0 else 0

    return rise


def _verdict(told: Callable[[Judgement], bool | None], source: InputSource, subject: Subject) -> Reading:
    find_earlier, score, change, rule = EARLIER[source.against], subject.score, subject.change, subject.rule

    def verdict(look: Look, found: Score) -> InputValue:
        earlier = find_earlier(look, score)
        if change is None or rule is None or earlier is None:
            return None
        same = look.current.topics is not None and look.current.topics == earlier.topics
        return YES_OR_NO[told(judge(change, found, earlier.scores.get(score), params=rule.params, same_items=same))]

    return verdict


def _new_since_baseline(source: InputSource, subject: Subject) -> Reading:
    """Tell whether a yes is news: not if the newest decided answer said yes within the window."""
    score, window, value_of = subject.score, timedelta(days=source.window_days), _current(source, subject)

    def news(look: Look, found: Score) -> InputValue:
        value = value_of(look, found)
        if value != "yes":
            return value
        decided = _with_value(look.decided or (), score)
        if decided is None or value_of(look, decided.scores[score]) != "yes":
            return "yes"
        return "no" if look.current.answered_at - decided.answered_at < window else "yes"

    return news


def _last(look: Look, score: str) -> PastResponse | None:
    """Find the newest earlier answer of the episode that has the score and is not too old."""
    return _with_value(look.earlier, score)


def _baseline(look: Look, score: str) -> PastResponse | None:
    """Find the answer last decided on; before any decision, the episode's first; never the current one itself."""
    baseline = look.first if look.decided is None else _with_value(look.decided, score)
    return None if baseline is look.current else baseline


def _with_value(responses: Sequence[PastResponse], score: str) -> PastResponse | None:
    for response in responses:
        found = response.scores.get(score)
        if found is not None and (found.value is not None or found.band is not None):
            return response
    return None


EARLIER: Mapping[str, Callable[[Look, str], PastResponse | None]] = MappingProxyType(
    {"last": _last, "baseline": _baseline}
)
USES: Mapping[str, Callable[[InputSource, Subject], Reading]] = MappingProxyType(
    {
        "current": _current,
        "delta": _delta,
        "rise": _rise,
        "worse": partial(_verdict, attrgetter("worse")),
        "real-worse": partial(_verdict, attrgetter("real_worse")),
        "new-since-baseline": _new_since_baseline,
    }
)
COMPARING = ("delta", "rise", "worse", "real-worse")
"""Uses that name what they compare with."""
VERDICTS = ("worse", "real-worse")
"""Uses that give yes or no by the change rule of the instrument."""
