"""A decision table, compiled: inputs, rows, and the rows that stand for missing inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from questionnaires.model import Text
from scoring.condition import Condition, Test
from scoring.result import RuleVersion
from scoring.rule import ScoringRule
from scoring.suggestion import MatchedRow

View = tuple[str, bool, bool]
"""Short name of a questionnaire, this occasion only, this episode only."""


@dataclass(frozen=True, slots=True)
class CodeMap:
    """How the codes of one questionnaire's score become those of an input.

    Args:
        score: score id.
        codes: code of its band or category -> code of the input.
    """

    score: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InputSource:
    """Where an input comes from.

    Args:
        questionnaire: short name; empty for a slot, a derived score and a system input.
        score: score id; for a system input its name, such as `assessed`; empty where the change rule or a map names it.
        use: `current`, `delta`, `rise`, `worse`, `real-worse`, `new-since-baseline`, `derived` or `system`.
        against: `last` or `baseline`, for comparing uses.
        window_days: for `new-since-baseline`.
        slot: of the programme; the enrolment says which questionnaire fills it.
        derived: id of a score that is computed from several questionnaires.
        maps: short name -> which score of that questionnaire to read, and what its codes mean here.
    """

    questionnaire: str
    score: str
    use: str
    against: str = ""
    window_days: int = 0
    slot: str = ""
    derived: str = ""
    maps: Mapping[str, CodeMap] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class TableInput:
    """One input of a table.

    Args:
        name: as conditions call it.
        label: as clinicians read it.
        kind: `code`, `integer` or `number`.
        codes: of a code input, best first; empty for numbers.
        ends: lowest and highest number; None for codes.
        higher_is_worse: for numbers.
        required: phase -> whether a missing or stale value makes the result unknown.
        valid_days: oldest age in days; None without such a limit.
        this_occasion: only an answer of this occasion counts.
        this_episode: only an answer of the running episode counts.
        source: where it comes from.
        unknown_if_estimated: an estimated value adds the unknown row beside the rows it matches.
        view: (questionnaire, this occasion only, this episode only): inputs with the same one look at the same answers.
            None where no questionnaire is named: a slot, a derived score, a system input.
    """

    name: str
    label: Text
    kind: str
    codes: tuple[str, ...]
    ends: tuple[int, int] | None
    higher_is_worse: bool
    required: Mapping[str, bool]
    valid_days: int | None
    this_occasion: bool
    source: InputSource
    unknown_if_estimated: bool
    this_episode: bool = False
    view: View | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        name = self.source.questionnaire
        object.__setattr__(self, "view", (name, self.this_occasion, self.this_episode) if name else None)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Most alerts per 100 evaluations of unchanged, assessed patients.

    Args:
        alerted: yellow or red.
        red: red alone.
    """

    alerted: Fraction
    red: Fraction


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Args:
        when: its condition.
        outcome: what it adds to the result when it matches.
    """

    when: Condition
    outcome: MatchedRow


@dataclass(frozen=True, slots=True)
class Table:
    """An alert table.

    Args:
        version: id, version and hash of the file.
        title: as clinicians read it.
        phases: of a programme, such as `start` and `followup`.
        inputs: by name, in order.
        rows: in order, without the last.
        otherwise: the last row: it matches only if nothing else did.
        unknown: (input, state) -> automatic row; states `missing`, `stale`, `estimated`.
        lookback_days: oldest age of a `last` answer.
        ceiling: alerts per 100 unchanged patients that the table may give.
        rules: short name -> newest rule of each questionnaire, for changes by the instrument's own rule.
        approval: `draft` until two named people approved this exact file.
        walk: the rows, compiled: condition -> outcome.
        watched: phase -> inputs that can add an automatic row.
    """

    version: RuleVersion
    title: Text
    phases: tuple[str, ...]
    inputs: Mapping[str, TableInput]
    rows: tuple[Row, ...]
    otherwise: Row
    unknown: Mapping[tuple[str, str], MatchedRow]
    lookback_days: int
    ceiling: Ceiling
    rules: Mapping[str, ScoringRule] = field(default_factory=lambda: MappingProxyType({}))
    approval: str = "draft"
    walk: tuple[tuple[Test, MatchedRow], ...] = field(init=False, repr=False, compare=False)
    watched: Mapping[str, tuple[TableInput, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "walk", tuple((row.when.test, row.outcome) for row in self.rows))
        watched = {
            phase: tuple(one for one in self.inputs.values() if one.required[phase] or one.unknown_if_estimated)
            for phase in self.phases
        }
        object.__setattr__(self, "watched", MappingProxyType(watched))
