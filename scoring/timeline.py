"""Takes the inputs of a table out of what is known of a patient: now, since last time, since the last decision."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from types import MappingProxyType

from kernel.ids import OccasionId
from scoring.derived import DerivedRule, derive
from scoring.history import History, PastDecision, PastResponse
from scoring.levels import Colour
from scoring.needs_table import NeedsTable
from scoring.rule import ScoringRule
from scoring.suggestion import InputValue, UsedInput
from scoring.table import Table, TableInput, View
from scoring.uses import USES, Look, value_of


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


NEW = tuple.__new__


@dataclass(slots=True)
class Timeline:
    """A patient's answers, ready to be looked at.

    Not frozen, because one is made for each suggestion: it remembers what it has looked at, and changes nothing else.

    Args:
        moment: when, and for what.
        responses: short name -> answers to that questionnaire, oldest first.
        decisions: of the package, newest first.
        oldest: no `last` answer from before this moment.
        since: start of the episode; None = the enrolment.
        rules: short name -> rule.
        derived: id -> score of several questionnaires.
        looks: what was looked at so far.
    """

    moment: Moment
    responses: Mapping[str, Sequence[PastResponse]]
    decisions: Sequence[PastDecision]
    oldest: datetime
    since: datetime | None
    rules: Mapping[str, ScoringRule] = field(default_factory=dict)
    derived: Mapping[str, DerivedRule] = field(default_factory=dict)
    looks: dict[View, Look | None] = field(default_factory=dict)

    def input(self, one: TableInput) -> UsedInput:
        """Find one input."""
        view = one.view
        if view is None:
            if one.source.use == "system":
                return self._system(one)
            if one.source.derived:
                return self._derived(one, self.derived[one.source.derived])
            view = (self.moment.slots.get(one.source.slot, ""), one.this_occasion, one.this_episode)
        try:
            look = self.looks[view]
        except KeyError:
            look = self.looks[view] = self._look(view)
        return UsedInput(one.name, None, "missing") if look is None else _used(one, look)

    def _look(self, view: View) -> Look | None:
        name, this_occasion, this_episode = view
        series = self.responses.get(name)
        place = self._current(series, this_occasion=this_occasion, this_episode=this_episode) if series else None
        if series is None or place is None:
            return None
        current, since = series[place], self.since
        episode = series if since is None else [one for one in series if one.answered_at >= since]
        floor = self.oldest if since is None else max(self.oldest, since)
        age = self.moment.now - current.answered_at
        rule = self.rules.get(name)
        change = None if rule is None else rule.change
        return Look(
            current,
            age,
            max(age.days, 0),
            [one for one in series[:place][::-1] if one.answered_at >= floor] if place else (),
            self._decided(episode) if self.decisions else None,
            episode[0] if episode else None,
            rule,
            change if change is not None and change.on_display else None,
        )

    def _current(self, series: Sequence[PastResponse], *, this_occasion: bool, this_episode: bool) -> int | None:
        """Find the newest answer; an older one never stands in for a newer one that could not be computed."""
        newest = len(series) - 1
        if this_occasion:
            wanted = self.moment.occasion_id
            while newest >= 0 and series[newest].occasion_id != wanted:
                newest -= 1
            return newest if newest >= 0 else None
        if this_episode and self.since is not None and series[newest].answered_at < self.since:
            return None
        return newest

    def _decided(self, episode: Sequence[PastResponse]) -> Sequence[PastResponse]:
        """List the episode's answers that decisions were made on, newest decision first."""
        newest_first = episode[::-1]
        return [one for decision in self.decisions for one in newest_first if one.id in decision.responses]

    def _system(self, one: TableInput) -> UsedInput:
        value, at = SYSTEM[one.source.score](self.moment, self.decisions)
        if at is not None and _is_stale(one, self.moment.now - at):
            return UsedInput(one.name, None, "stale")
        return UsedInput(one.name, value, "missing" if value is None else "present")

    def _derived(self, one: TableInput, rule: DerivedRule) -> UsedInput:
        """Derive a score from the newest answers that are not too old."""
        newest = {name: self.responses.get(read.questionnaire, (None,))[-1] for name, read in rule.inputs.items()}
        used = {
            name: response
            for name, response in newest.items()
            if response is not None and not _is_stale(one, self.moment.now - response.answered_at)
        }
        score = derive(rule, {name: of.scores.get(rule.inputs[name].score) for name, of in used.items()})
        ages = [max((self.moment.now - response.answered_at).days, 0) for response in used.values()]
        state = "missing" if score.band is None else "estimated" if score.estimated else "present"
        return UsedInput(one.name, score.band, state, age_days=max(ages, default=None))


def _is_stale(one: TableInput, age: timedelta) -> bool:
    """Tell whether something of an age is too old for an input."""
    return one.valid_days is not None and age.days >= one.valid_days and age > timedelta(days=one.valid_days)


def _used(one: TableInput, look: Look) -> UsedInput:
    source, current, days = one.source, look.current, one.valid_days
    value: InputValue = None
    if days is not None and look.age_days >= days and _is_stale(one, look.age):
        state = "stale"
    else:
        score = look.score(source, current)
        is_current = source.use == "current"
        value = value_of(source, current, score) if is_current else USES[source.use](source, look)
        state = "missing" if value is None else "estimated" if score is not None and score.estimated else "present"
    # Past the tuple's own constructor, which costs as much again and checks nothing.
    return NEW(UsedInput, (one.name, value, state, current.questionnaire, current.id, look.age_days))


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
    line = timeline(moment, history, derived=table.derived)
    return MappingProxyType({name: line.input(one) for name, one in table.inputs_of(part).items()})


def timeline(
    moment: Moment,
    history: History,
    *,
    rules: Mapping[str, ScoringRule] = MappingProxyType({}),
    derived: Mapping[str, DerivedRule] = MappingProxyType({}),
    lookback_days: int = 0,
) -> Timeline:
    """Order what is known of a patient.

    Args:
        rules: short name -> rule, for changes by the instrument's own rule.
        derived: id -> score of several questionnaires.
        lookback_days: oldest age of a `last` answer.
    """
    known: dict[str, list[PastResponse]] = {}
    for response in sorted(history.responses, key=attrgetter("answered_at")):
        known.setdefault(response.questionnaire_id, []).append(response)
    return Timeline(
        moment=moment,
        responses=known,
        decisions=sorted(history.decisions, key=attrgetter("decided_at"), reverse=True),
        oldest=moment.now - timedelta(days=lookback_days),
        since=history.episode_start,
        rules=rules,
        derived=derived,
    )


def _assessed(moment: Moment, decisions: Sequence[PastDecision]) -> tuple[InputValue, datetime | None]:
    return ("yes" if decisions and moment.now <= decisions[0].valid_until else "no"), None


def _clinician(moment: Moment, _: Sequence[PastDecision]) -> tuple[InputValue, datetime | None]:
    return moment.clinician_colour, moment.clinician_at


SystemInput = Callable[[Moment, Sequence[PastDecision]], tuple[InputValue, datetime | None]]
SYSTEM: Mapping[str, SystemInput] = {"assessed": _assessed, "clinician": _clinician}
"""Name of a system input -> its value, and since when it holds; None = now."""
