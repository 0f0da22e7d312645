"""Takes the inputs of a table out of what is known of a patient: now, since last time, since the last decision."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from types import MappingProxyType

from kernel.ids import OccasionId
from scoring.history import History, PastDecision, PastResponse
from scoring.levels import Colour
from scoring.needs_table import NeedsTable
from scoring.suggestion import InputValue, UsedInput
from scoring.table import InputSource, Table, TableInput


@dataclass(frozen=True, slots=True)
class Moment:
    """When and for what a table is evaluated.

    Args:
        now: aware UTC.
        phase: of the programme's occasion.
        occasion_id: the occasion that is evaluated.
        slots: of the enrolment: slot of the programme -> short name of the questionnaire that fills it, such as
            `function` -> `rmdq23`.
        clinician_colour: the clinician's own part of the needs assessment; None if not given.
        clinician_at: when it was given, aware UTC.
    """

    now: datetime
    phase: str
    occasion_id: OccasionId
    slots: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    clinician_colour: Colour | None = None
    clinician_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What one input may look at.

    Args:
        source: where it comes from.
        current: the answer that counts now.
        series: all answers to its questionnaire, oldest first, the current one included.
        decisions: of the package, newest first.
        oldest: no `last` answer from before this moment.
    """

    source: InputSource
    current: PastResponse
    series: tuple[PastResponse, ...]
    decisions: tuple[PastDecision, ...]
    oldest: datetime

    def value(self, response: PastResponse) -> InputValue:
        """Read the score in a response: its value, the code of a category, or None."""
        found = response.scores.get(self.source.score)
        if found is None:
            return None
        return found.band if found.value is None else found.value


def inputs_for(table: Table, moment: Moment, history: History) -> Mapping[str, UsedInput]:
    """Find every input of a table.

    Args:
        table: compiled.
        moment: when, and for which occasion.
        history: the episode's responses, the current occasion's included, and the package's decisions.

    Returns:
        Input name -> value, state and the answer it came from. A value that is missing, too old or not computable is
        None; a change is as old as its current answer.

    Source: docs/clinical/README.md, "earlier values".
    """
    responses = sorted(history.responses, key=lambda response: response.answered_at)
    known = {
        short_name: tuple(one for one in responses if one.questionnaire_id == short_name)
        for short_name in table.questionnaires()
    }
    decisions = tuple(sorted(history.decisions, key=lambda one: one.decided_at, reverse=True))
    oldest = moment.now - timedelta(days=table.lookback_days)
    found: dict[str, UsedInput] = {}
    for name, one in table.inputs.items():
        if one.source.use == "system":
            found[name] = UsedInput(name, SYSTEM[one.source.score](moment, decisions), "present")
            continue
        series = known[one.source.questionnaire]
        current = _current(one, moment, series)
        if current is None:
            found[name] = UsedInput(name, None, "missing")
        else:
            found[name] = _used(one, moment, Look(one.source, current, series, decisions, oldest))
    return MappingProxyType(found)


def needs_inputs(table: NeedsTable, part: str, moment: Moment, history: History) -> Mapping[str, UsedInput]:
    """Find every input of one part of a needs table, as `inputs_for` does.

    Args:
        moment: its slots choose the questionnaires; its phase plays no part.
    """
    raise NotImplementedError


def _current(one: TableInput, moment: Moment, series: tuple[PastResponse, ...]) -> PastResponse | None:
    """Find the newest answer; an older one never stands in for a newer one that could not be computed."""
    newest_first = reversed(series)
    if one.this_occasion:
        return next((response for response in newest_first if response.occasion_id == moment.occasion_id), None)
    return next(newest_first, None)


def _used(one: TableInput, moment: Moment, look: Look) -> UsedInput:
    age = max(moment.now - look.current.answered_at, timedelta())
    is_stale = one.valid_days is not None and age > timedelta(days=one.valid_days)
    value = None if is_stale else USES[one.source.use](look)
    return UsedInput(
        name=one.name,
        value=value,
        state="stale" if is_stale else _state(look, value),
        questionnaire=look.current.questionnaire,
        response_id=look.current.id,
        age_days=age.days,
    )


def _state(look: Look, value: InputValue) -> str:
    if value is None:
        return "missing"
    return "estimated" if look.current.scores[look.source.score].estimated else "present"


def _assessed(moment: Moment, decisions: tuple[PastDecision, ...]) -> str:
    return "yes" if decisions and moment.now <= decisions[0].valid_until else "no"


def _current_value(look: Look) -> InputValue:
    return look.value(look.current)


def _delta(look: Look) -> InputValue:
    current, earlier = look.value(look.current), EARLIER[look.source.against](look)
    if not isinstance(current, Fraction) or not isinstance(earlier, Fraction):
        return None
    return current - earlier


def _rise(look: Look) -> InputValue:
    delta = _delta(look)
    return max(Fraction(0), delta) if isinstance(delta, Fraction) else None


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


def _last(look: Look) -> InputValue:
    earlier = reversed(look.series[: look.series.index(look.current)])
    values = (look.value(response) for response in earlier if response.answered_at >= look.oldest)
    return next((value for value in values if value is not None), None)


def _baseline(look: Look) -> InputValue:
    """Read the score that was last decided on; before any decision, the first one; never the current one itself."""
    baseline = next(_decided(look), None) if look.decisions else look.series[0]
    return None if baseline is None or baseline.id == look.current.id else look.value(baseline)


def _decided(look: Look) -> Iterator[PastResponse]:
    """Walk the answers that decisions were made on and that have the score, newest decision first."""
    for decision in look.decisions:
        for response in reversed(look.series):
            if response.id in decision.responses and look.value(response) is not None:
                yield response


EARLIER: MappingProxyType[str, Callable[[Look], InputValue]] = MappingProxyType({"last": _last, "baseline": _baseline})
USES: MappingProxyType[str, Callable[[Look], InputValue]] = MappingProxyType(
    {"current": _current_value, "delta": _delta, "rise": _rise, "new-since-baseline": _new_since_baseline}
)
SYSTEM: MappingProxyType[str, Callable[[Moment, tuple[PastDecision, ...]], str]] = MappingProxyType(
    {"assessed": _assessed}
)
