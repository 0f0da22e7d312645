"""How the inputs of a table are found, settled when it is loaded: those that look at the same answers go together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from scoring.matched import UsedInput
from scoring.rule import ScoringRule
from scoring.table_input import TableInput
from scoring.uses import USES, Look, subject_of

Find = Callable[[Look], UsedInput]
Finders = tuple[tuple[str, Find], ...]
"""Names of inputs, each with what finds it."""
NEW = tuple.__new__
ELSEWHERE = ("system", "derived")
"""Uses that read no questionnaire, or several."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which answers inputs look at: those with the same reach look at the same ones.

    Args:
        questionnaire: short name; empty where a slot tells it.
        slot: of the programme; empty where the questionnaire is named.
        this_occasion: only an answer of this occasion counts.
        this_episode: only an answer of the running episode counts.
    """

    questionnaire: str
    slot: str
    this_occasion: bool
    this_episode: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The inputs of one reach.

    Args:
        reach: theirs.
        finders: for the questionnaire that they name; for a slot those of one that no rule and no map knows.
        filled: of a slot, short name of the questionnaire that fills it -> finders.
    """

    reach: Reach
    finders: Finders
    filled: Mapping[str, Finders]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the inputs of a table are found.

    Args:
        missing: every input by name, in order, as it is where nothing is known.
        groups: inputs that read one questionnaire.
        others: inputs that read none, or several: of the system, and derived ones.
        lookback: oldest age of a `last` answer.
    """

    missing: MappingProxyType[str, UsedInput]
    groups: tuple[Group, ...]
    others: tuple[TableInput, ...]
    lookback: timedelta


def plan_of(
    inputs: Iterable[TableInput], *, rules: Mapping[str, ScoringRule] = MappingProxyType({}), lookback_days: int = 0
) -> Plan:
    """Settle how inputs are found.

    Args:
        inputs: in order.
        rules: short name -> rule, for changes by the instrument's own rule.
        lookback_days: oldest age of a `last` answer.
    """
    wanted = tuple(inputs)
    together: dict[Reach, list[TableInput]] = {}
    for one in wanted:
        if one.source.use not in ELSEWHERE:
            reach = Reach(one.source.questionnaire, one.source.slot, one.this_occasion, one.this_episode)
            together.setdefault(reach, []).append(one)
    return Plan(
        missing=MappingProxyType({one.name: UsedInput(one.name, None, "missing") for one in wanted}),
        groups=tuple(_group(reach, found, rules) for reach, found in together.items()),
        others=tuple(one for one in wanted if one.source.use in ELSEWHERE),
        lookback=timedelta(days=lookback_days),
    )


def _group(reach: Reach, inputs: list[TableInput], rules: Mapping[str, ScoringRule]) -> Group:
    fillers = {*rules, *(name for one in inputs for name in one.source.maps)} if reach.slot else set()
    return Group(
        reach,
        _finders(inputs, reach.questionnaire, rules),
        MappingProxyType({name: _finders(inputs, name, rules) for name in sorted(fillers)}),
    )


def _finders(inputs: list[TableInput], questionnaire: str, rules: Mapping[str, ScoringRule]) -> Finders:
    return tuple((one.name, finder_of(one, questionnaire, rules.get(questionnaire))) for one in inputs)


def finder_of(one: TableInput, questionnaire: str, rule: ScoringRule | None) -> Find:
    """Settle how one input is found in the answers to a questionnaire.

    Args:
        questionnaire: short name.
        rule: newest of that questionnaire; None if it has none.

    Returns:
        What finds value, state and answer of the input. A value that is missing, too old or not computable is None.
    """
    subject = subject_of(one.source, questionnaire, rule)
    read = USES[one.source.use](one.source, subject)
    name, score, longest = one.name, subject.score, longest_age(one)

    def find(look: Look) -> UsedInput:
        current = look.current
        found = current.scores.get(score)
        value, state = None, "missing"
        if look.age > longest:
            state = "stale"
        elif found is not None:
            value = read(look, found)
            if value is not None:
                state = "estimated" if found.estimated else "present"
        # Past the tuple's own constructor, which costs as much again and checks nothing.
        return NEW(UsedInput, (name, value, state, current.questionnaire, current.id, look.age_days))

    return find


def longest_age(one: TableInput) -> timedelta:
    """Give the age up to which something counts for an input."""
    return timedelta.max if one.valid_days is None else timedelta(days=one.valid_days)
