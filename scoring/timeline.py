"""Takes the inputs of a table out of what is known of a patient: now, since last time, since the last decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from kernel.ids import OccasionId
from scoring.derived import DerivedRule, derive
from scoring.history import History, PastDecision, PastResponse
from scoring.levels import Colour
from scoring.needs_table import NeedsTable
from scoring.rule import ScoringRule
from scoring.suggestion import InputValue, UsedInput
from scoring.table import Table, TableInput
from scoring.uses import USES, Look


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
class Timeline:
    """A patient's answers, ready to be looked at.

    Args:
        moment: when, and for what.
        responses: short name -> answers to that questionnaire, oldest first.
        decisions: of the package, newest first.
        oldest: no `last` answer from before this moment.
        since: start of the episode; None = the enrolment.
        rules: short name -> rule.
        derived: id -> score of several questionnaires.
    """

    moment: Moment
    responses: Mapping[str, tuple[PastResponse, ...]]
    decisions: tuple[PastDecision, ...]
    oldest: datetime
    since: datetime | None
    rules: Mapping[str, ScoringRule] = field(default_factory=lambda: MappingProxyType({}))
    derived: Mapping[str, DerivedRule] = field(default_factory=lambda: MappingProxyType({}))

    def input(self, one: TableInput) -> UsedInput:
        """Find one input."""
        if one.source.use == "system":
            return self._system(one)
        if one.source.derived:
            return self._derived(one, self.derived[one.source.derived])
        name = one.source.questionnaire or self.moment.slots.get(one.source.slot, "")
        series = self.responses.get(name, ())
        current = self._current(one, series)
        if current is None:
            return UsedInput(one.name, None, "missing")
        return self._used(
            one, Look(one.source, current, series, self.decisions, self.oldest, self.since, self.rules.get(name))
        )

    def is_stale(self, one: TableInput, at: datetime) -> bool:
        """Tell whether something from a moment is too old for an input."""
        return one.valid_days is not None and self.moment.now - at > timedelta(days=one.valid_days)

    def _current(self, one: TableInput, series: tuple[PastResponse, ...]) -> PastResponse | None:
        """Find the newest answer; an older one never stands in for a newer one that could not be computed."""
        newest_first = reversed(series)
        if one.this_occasion:
            return next((known for known in newest_first if known.occasion_id == self.moment.occasion_id), None)
        newest = next(newest_first, None)
        if newest and one.this_episode and self.since is not None and newest.answered_at < self.since:
            return None
        return newest

    def _used(self, one: TableInput, look: Look) -> UsedInput:
        is_stale = self.is_stale(one, look.current.answered_at)
        value = None if is_stale else USES[one.source.use](look)
        return UsedInput(
            name=one.name,
            value=value,
            state="stale" if is_stale else _state(look, value),
            questionnaire=look.current.questionnaire,
            response_id=look.current.id,
            age_days=max(self.moment.now - look.current.answered_at, timedelta()).days,
        )

    def _system(self, one: TableInput) -> UsedInput:
        value, at = SYSTEM[one.source.score](self.moment, self.decisions)
        if at is not None and self.is_stale(one, at):
            return UsedInput(one.name, None, "stale")
        return UsedInput(one.name, value, "missing" if value is None else "present")

    def _derived(self, one: TableInput, rule: DerivedRule) -> UsedInput:
        """Derive a score from the newest answers that are not too old."""
        newest = {name: self.responses.get(read.questionnaire, (None,))[-1] for name, read in rule.inputs.items()}
        used = {
            name: response
            for name, response in newest.items()
            if response is not None and not self.is_stale(one, response.answered_at)
        }
        score = derive(rule, {name: of.scores.get(rule.inputs[name].score) for name, of in used.items()})
        ages = [max(self.moment.now - response.answered_at, timedelta()).days for response in used.values()]
        state = "missing" if score.band is None else "estimated" if score.estimated else "present"
        return UsedInput(one.name, score.band, state, age_days=max(ages, default=None))


def inputs_for(table: Table, moment: Moment, history: History) -> Mapping[str, UsedInput]:
    """Find every input of a table.

    Args:
        table: compiled.
        moment: when, and for which occasion.
        history: the responses since the enrolment, the current occasion's included, and the package's decisions.

    Returns:
        Input name -> value, state and the answer it came from. A value that is missing, too old or not computable is
        None; a change is as old as its current answer.

    Source: docs/clinical/README.md, "earlier values".
    """
    line = timeline(moment, history, rules=table.rules, lookback_days=table.lookback_days)
    return MappingProxyType({name: line.input(one) for name, one in table.inputs.items()})


def needs_inputs(table: NeedsTable, part: str, moment: Moment, history: History) -> Mapping[str, UsedInput]:
    """Find every input of one part of a needs table, as `inputs_for` does.

    Args:
        moment: its slots choose the questionnaires; its phase plays no part.
    """
    line = replace(timeline(moment, history), derived=table.derived)
    return MappingProxyType({name: line.input(one) for name, one in table.inputs_of(part).items()})


def timeline(
    moment: Moment,
    history: History,
    *,
    rules: Mapping[str, ScoringRule] = MappingProxyType({}),
    lookback_days: int = 0,
) -> Timeline:
    """Order what is known of a patient.

    Args:
        rules: short name -> rule, for changes by the instrument's own rule.
        lookback_days: oldest age of a `last` answer.
    """
    known: dict[str, list[PastResponse]] = {}
    for response in sorted(history.responses, key=lambda response: response.answered_at):
        known.setdefault(response.questionnaire_id, []).append(response)
    return Timeline(
        moment=moment,
        responses={name: tuple(responses) for name, responses in known.items()},
        decisions=tuple(sorted(history.decisions, key=lambda one: one.decided_at, reverse=True)),
        oldest=moment.now - timedelta(days=lookback_days),
        since=history.episode_start,
        rules=rules,
    )


def _state(look: Look, value: InputValue) -> str:
    if value is None:
        return "missing"
    score = look.score(look.current)
    return "estimated" if score is not None and score.estimated else "present"


def _assessed(moment: Moment, decisions: tuple[PastDecision, ...]) -> tuple[InputValue, datetime | None]:
    return ("yes" if decisions and moment.now <= decisions[0].valid_until else "no"), None


def _clinician(moment: Moment, _: tuple[PastDecision, ...]) -> tuple[InputValue, datetime | None]:
    return moment.clinician_colour, moment.clinician_at


SystemInput = Callable[[Moment, tuple[PastDecision, ...]], tuple[InputValue, datetime | None]]
SYSTEM: MappingProxyType[str, SystemInput] = MappingProxyType({"assessed": _assessed, "clinician": _clinician})
"""Name of a system input -> its value, and since when it holds; None = now."""
