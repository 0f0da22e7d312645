"""Assesses needs: a colour per dimension by its worst row, and a level by the first row that matches."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from scoring.condition import NO_PARAMS, Value
from scoring.evaluate import all_of, automatic_row, worst_colour
from scoring.levels import Colour
from scoring.needs import Dimension, NeedsAssessment
from scoring.needs_table import ALWAYS, LevelRow, NeedsDimension, NeedsTable
from scoring.suggestion import MatchedRow, UsedInput

COUNTED: Mapping[str, Colour] = MappingProxyType(
    {"red": Colour.RED, "yellow": Colour.YELLOW, "unknown": Colour.UNKNOWN}
)
"""What a level row may count: name -> colour of the counted dimensions."""


def assess(table: NeedsTable, part: str, inputs: Mapping[str, UsedInput]) -> NeedsAssessment:
    """Assess the needs of one patient.

    Args:
        table: compiled and checked.
        part: of the table, such as `kol` or `lrs-free`.
        inputs: from `scoring.timeline.needs_inputs`; an input left out counts as missing.

    Returns:
        Every dimension with the worst colour of its rows; a required input that is missing or stale makes it UNKNOWN
        and leaves the level open. A dimension that is not required is left out when nothing valid is given for it.

    Source: docs/clinical/needs-generic.md.
    """
    used = all_of(table.inputs_of(part), inputs)
    values = {name: one.value for name, one in used.items()}
    found = (_dimension(table, one, used, values) for one in table.parts[part])
    dimensions = tuple(dimension for dimension in found if dimension is not None)
    level = level_row(table, {dimension.id: dimension.colour for dimension in dimensions})
    return NeedsAssessment(part, dimensions, level.level, level.id, table.version, used)


def level_row(table: NeedsTable, colours: Mapping[str, Colour]) -> LevelRow:
    """Find the row that gives the level.

    Args:
        colours: dimension -> colour, only those that were assessed.
    """
    found = list(colours.values())
    values: dict[str, Value | None] = {**colours, **{name: found.count(one) for name, one in COUNTED.items()}}
    return next(row for row in table.levels if row.when.otherwise or row.when.test(values, NO_PARAMS))


def _dimension(
    table: NeedsTable, one: NeedsDimension, used: Mapping[str, UsedInput], values: Mapping[str, Value | None]
) -> Dimension | None:
    matched = [row.outcome for row in one.rows if row.when.test(values, NO_PARAMS)]
    matched.extend(_unknown(table, one, used))
    if not matched and one.otherwise is not None:
        matched.append(one.otherwise.outcome)
    if not matched:
        return None
    return Dimension(one.id, one.title, worst_colour(matched), one.required, tuple(matched))


def _unknown(table: NeedsTable, one: NeedsDimension, used: Mapping[str, UsedInput]) -> Iterator[MatchedRow]:
    for name in one.inputs:
        row = automatic_row(table.unknown, table.inputs[name], used[name], phase=ALWAYS)
        if row is not None:
            yield row
