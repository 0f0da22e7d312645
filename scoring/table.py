"""A decision table, compiled: inputs, rows, and the rows that stand for missing inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from questionnaires.model import Text
from scoring.columns import Columns, columns_of
from scoring.condition import Condition
from scoring.finding import Plan, plan_of
from scoring.result import RuleVersion
from scoring.rule import ScoringRule
from scoring.suggestion import MatchedRow
from scoring.table_input import TableInput


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
        plan: how its inputs are found.
        columns: the rows, ready to be matched.
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
    plan: Plan = field(init=False, repr=False, compare=False)
    columns: Columns = field(init=False, repr=False, compare=False)
    watched: Mapping[str, tuple[TableInput, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plan = plan_of(self.inputs.values(), rules=self.rules, lookback_days=self.lookback_days)
        object.__setattr__(self, "plan", plan)
        columns = columns_of((row.when.alternatives, row.outcome) for row in self.rows)
        object.__setattr__(self, "columns", columns)
        watched = {
            phase: tuple(one for one in self.inputs.values() if one.required[phase] or one.unknown_if_estimated)
            for phase in self.phases
        }
        object.__setattr__(self, "watched", MappingProxyType(watched))
