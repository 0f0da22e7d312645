"""Takes the inputs of a table out of what is known of a patient: now, since last time, since the last decision."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType

from kernel.ids import OccasionId
from scoring.derived import DerivedRule, derive
from scoring.finding import Plan, Reach, longest_age
from scoring.history import History, PastDecision, PastResponse
from scoring.levels import Colour
from scoring.matched import InputValue, UsedInput
from scoring.needs_table import NeedsTable
from scoring.table import Table
from scoring.table_input import TableInput
from scoring.uses import Look

NONE_DERIVED: Mapping[str, DerivedRule] = MappingProxyType({})


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


@dataclass(slots=True)
class Timeline:
    """A patient's answers, ready to be looked at.

    Not frozen, because one is made for each suggestion: nobody changes it.

    Args:
        moment: when, and for what.
        responses: short name -> answers to that questionnaire, oldest first.
        decisions: of the package, newest first.
        oldest: no `last` answer from before this moment, nor from before the episode.
        since: start of the episode; None = the enrolment.
    """

    moment: Moment
    responses: Mapping[str, Sequence[PastResponse]]
    decisions: Sequence[PastDecision]
    oldest: datetime
    since: datetime | None

    def inputs(self, plan: Plan, derived: Mapping[str, DerivedRule]) -> Mapping[str, UsedInput]:
        """Find every input of a plan; `derived` has the scores of several questionnaires by id."""
        found = plan.missing.copy()
        for group in plan.groups:
            reach, finders = group.reach, group.finders
            questionnaire = reach.questionnaire
            if reach.slot:
                questionnaire = self.moment.slots.get(reach.slot, "")
                finders = group.filled.get(questionnaire, finders)
            look = self.look(questionnaire, reach)
            if look is not None:
                for name, find in finders:
                    found[name] = find(look)
        for one in plan.others:
            system = one.source.use == "system"
            found[one.name] = self._system(one) if system else self._derived(one, derived[one.source.derived])
        return MappingProxyType(found)

    def look(self, questionnaire: str, reach: Reach) -> Look | None:
        """Look at the answers to a questionnaire as far as inputs reach; None where none of them counts."""
        series = self.responses.get(questionnaire)
        place = self._current(series, reach) if series else None
        if series is None or place is None:
            return None
        current, since = series[place], self.since
        episode = series if since is None else [one for one in series if one.answered_at >= since]
        earlier = series[place - 1 :: -1] if place else ()
        if earlier and earlier[-1].answered_at < self.oldest:
            earlier = [one for one in earlier if one.answered_at >= self.oldest]
        age = self.moment.now - current.answered_at
        return Look(
            current,
            age,
            max(age.days, 0),
            earlier,
            self._decided(episode) if self.decisions else None,
            episode[0] if episode else None,
        )

    def _current(self, series: Sequence[PastResponse], reach: Reach) -> int | None:
        """Find the newest answer; an older one never stands in for a newer one that could not be computed."""
        newest = len(series) - 1
        if reach.this_occasion:
            wanted = self.moment.occasion_id
            while newest >= 0 and series[newest].occasion_id != wanted:
                newest -= 1
            return newest if newest >= 0 else None
        if reach.this_episode and self.since is not None and series[newest].answered_at < self.since:
            return None
        return newest

    def _decided(self, episode: Sequence[PastResponse]) -> Sequence[PastResponse]:
        """List the episode's answers that decisions were made on, newest decision first."""
        newest_first = episode[::-1]
        return [one for decision in self.decisions for one in newest_first if one.id in decision.responses]

    def _system(self, one: TableInput) -> UsedInput:
        value, at = SYSTEM[one.source.score](self.moment, self.decisions)
        if at is not None and self.moment.now - at > longest_age(one):
            return UsedInput(one.name, None, "stale")
        return UsedInput(one.name, value, "missing" if value is None else "present")

    def _derived(self, one: TableInput, rule: DerivedRule) -> UsedInput:
        """Derive a score from the newest answers that are not too old."""
        newest = {name: self.responses.get(read.questionnaire, (None,))[-1] for name, read in rule.inputs.items()}
        longest = longest_age(one)
        used = {
            name: response
            for name, response in newest.items()
            if response is not None and self.moment.now - response.answered_at <= longest
        }
        score = derive(rule, {name: of.scores.get(rule.inputs[name].score) for name, of in used.items()})
        ages = [max((self.moment.now - response.answered_at).days, 0) for response in used.values()]
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
    return timeline(table.plan, moment, history).inputs(table.plan, NONE_DERIVED)


def needs_inputs(table: NeedsTable, part: str, moment: Moment, history: History) -> Mapping[str, UsedInput]:
    """Find every input of one part of a needs table, as `inputs_for` does.

    Args:
        moment: its slots choose the questionnaires; its phase plays no part.
    """
    plan = table.plans[part]
    return timeline(plan, moment, history).inputs(plan, table.derived)


def timeline(plan: Plan, moment: Moment, history: History) -> Timeline:
    """Order what is known of a patient; a plan tells how far back it may look."""
    oldest, since = moment.now - plan.lookback, history.episode_start
    return Timeline(
        moment,
        _by_questionnaire(history.responses),
        sorted(history.decisions, key=attrgetter("decided_at"), reverse=True),
        oldest if since is None else max(oldest, since),
        since,
    )


def _by_questionnaire(responses: Sequence[PastResponse]) -> Mapping[str, Sequence[PastResponse]]:
    """Sort answers by questionnaire and moment; those of one moment keep their order."""
    known: dict[str, list[PastResponse]] = {}
    is_ordered = True
    for response in responses:
        series = known.get(response.questionnaire_id)
        if series is None:
            known[response.questionnaire_id] = [response]
            continue
        is_ordered = is_ordered and series[-1].answered_at <= response.answered_at
        series.append(response)
    # Nearly always they come in order, and to see that costs less than to sort.
    if not is_ordered:
        for series in known.values():
            series.sort(key=attrgetter("answered_at"))
    return known


def _assessed(moment: Moment, decisions: Sequence[PastDecision]) -> tuple[InputValue, datetime | None]:
    return ("yes" if decisions and moment.now <= decisions[0].valid_until else "no"), None


def _clinician(moment: Moment, _: Sequence[PastDecision]) -> tuple[InputValue, datetime | None]:
    return moment.clinician_colour, moment.clinician_at


SystemInput = Callable[[Moment, Sequence[PastDecision]], tuple[InputValue, datetime | None]]
SYSTEM: Mapping[str, SystemInput] = {"assessed": _assessed, "clinician": _clinician}
"""Name of a system input -> its value, and since when it holds; None = now."""
