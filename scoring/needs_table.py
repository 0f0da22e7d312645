"""A needs table, compiled: dimensions of each package part, and the rows that suggest a level."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from questionnaires.model import Text
from scoring.condition import Condition
from scoring.derived import DerivedRule
from scoring.finding import Plan, plan_of
from scoring.levels import Colour, DifferentiationLevel
from scoring.result import RuleVersion
from scoring.suggestion import MatchedRow
from scoring.table import Row
from scoring.table_input import TableInput

ALWAYS = "needs"
"""A needs table has no phases: what it requires, it requires always, under this word."""


@dataclass(frozen=True, slots=True)
class NeedsDimension:
    """One dimension of a part.

    Args:
        id: such as `burden`.
        title: as clinicians read it.
        required: an UNKNOWN here leaves the level open; a dimension that is not required is left out when nothing
            is given.
        inputs: names of the inputs that its rows read.
        rows: in order, without `otherwise`.
        otherwise: the last row; None if the rows before it leave nothing over.
    """

    id: str
    title: Text
    required: bool
    inputs: tuple[str, ...]
    rows: tuple[Row, ...]
    otherwise: Row | None


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One row of the level; the first that matches counts.

    Args:
        id: row id.
        when: looks at `red`, `yellow` and `unknown` (number of dimensions) and at a dimension's colour by its id.
        level: suggested level; None leaves it open.
    """

    id: str
    when: Condition
    level: DifferentiationLevel | None


@dataclass(frozen=True, slots=True)
class NeedsTable:
    """A needs table.

    Args:
        version: id, version and hash of the file.
        title: as clinicians read it.
        meaning: colour of a dimension -> what it says, such as small need.
        inputs: by name, in order, of all parts.
        parts: name of a part -> its dimensions in order, the generic ones last.
        levels: in order; the last one is `otherwise`.
        unknown: (input, state) -> automatic row.
        valid_months: months for which an assessment counts.
        derived: id -> score of several questionnaires that an input reads.
        approval: `draft` until two named people approved this exact file.
        read_by: part -> its inputs.
        plans: part -> how its inputs are found.
    """

    version: RuleVersion
    title: Text
    meaning: Mapping[Colour, Text]
    inputs: Mapping[str, TableInput]
    parts: Mapping[str, tuple[NeedsDimension, ...]]
    levels: tuple[LevelRow, ...]
    unknown: Mapping[tuple[str, str], MatchedRow]
    valid_months: int
    derived: Mapping[str, DerivedRule] = field(default_factory=lambda: MappingProxyType({}))
    approval: str = "draft"
    read_by: Mapping[str, Mapping[str, TableInput]] = field(init=False, repr=False, compare=False)
    plans: Mapping[str, Plan] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read = {part: {name for one in dimensions for name in one.inputs} for part, dimensions in self.parts.items()}
        read_by = {
            part: MappingProxyType({name: one for name, one in self.inputs.items() if name in names})
            for part, names in read.items()
        }
        object.__setattr__(self, "read_by", MappingProxyType(read_by))
        plans = {part: plan_of(inputs.values()) for part, inputs in read_by.items()}
        object.__setattr__(self, "plans", MappingProxyType(plans))

    def inputs_of(self, part: str) -> Mapping[str, TableInput]:
        """Give the inputs that the dimensions of one part read, in table order."""
        return self.read_by[part]
