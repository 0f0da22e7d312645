"""A needs assessment: a colour per dimension and a suggested level; never an alert, and never merged with one."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.model import Text
from scoring.levels import Colour, DifferentiationLevel
from scoring.matched import MatchedRow, UsedInput
from scoring.result import RuleVersion


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of need, such as disease burden or support need.

    Args:
        id: as in the table, such as `burden`.
        title: as clinicians read it.
        colour: worst of its rows: GREEN small, YELLOW some, RED large need, UNKNOWN.
        required: an UNKNOWN here leaves the level open.
        rows: matched rows in table order, then automatic rows.
    """

    id: str
    title: Text
    colour: Colour
    required: bool
    rows: tuple[MatchedRow, ...]


@dataclass(frozen=True, slots=True)
class NeedsAssessment:
    """All dimensions of one package part.

    Args:
        part: of the table, such as `kol` or `lrs-free`.
        dimensions: in table order; the clinician's part only when it was given.
        level: suggested differentiation level; None while a required dimension is UNKNOWN.
        level_row: id of the level row that matched.
        table: the exact table that was walked.
        inputs: every input of the part, by name.
    """

    part: str
    dimensions: tuple[Dimension, ...]
    level: DifferentiationLevel | None
    level_row: str
    table: RuleVersion
    inputs: Mapping[str, UsedInput]
