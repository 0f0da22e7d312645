"""Reads a needs table file and compiles it."""

from collections.abc import Collection
from types import MappingProxyType

from questionnaires.content_file import Fields
from scoring.condition import read_condition
from scoring.input_file import AUTOMATIC, read_inputs, read_unknown
from scoring.levels import Colour, DifferentiationLevel, Urgency
from scoring.needs_table import ALWAYS, LevelRow, NeedsDimension, NeedsTable
from scoring.rule_file import approval_of, version_of
from scoring.suggestion import MatchedRow
from scoring.table import Row

ELEMENTS = (
    *("id", "version", "title", "status", "approval", "sheet", "sources", "licence", "result", "colourMeaning"),
    *("unknown", "inputs", "generic", "parts", "levels", "validMonths", "vectors"),
)
DIMENSION_ELEMENTS = ("id", "title", "required", "inputs", "rows")
ROW_ELEMENTS = ("id", "when", "outcome", "reason", "action", "source", "status")


def read_needs_table(fields: Fields, raw: bytes) -> NeedsTable:
    """Compile a needs table file.

    Args:
        fields: the file.
        raw: its bytes, for the hash.

    Raises:
        ContentError: names the field.
    """
    fields.refuse_others(ELEMENTS)
    inputs = read_inputs(
        fields,
        {part.text("name"): MappingProxyType({ALWAYS: part.flag("required")}) for part in fields.parts("inputs")},
    )
    generic = _dimensions(fields, "generic", inputs)
    parts = fields.part("parts")
    meaning = fields.part("colourMeaning")
    meaning.refuse_others([Colour.GREEN, Colour.YELLOW, Colour.RED])
    valid_months = fields.integer("validMonths")
    if valid_months < 1:
        raise fields.fail("validMonths", "a whole number from 1")
    return NeedsTable(
        version=version_of(fields, raw),
        title=fields.bilingual("title"),
        meaning=MappingProxyType({Colour(colour): meaning.bilingual(colour) for colour in meaning.raw}),
        inputs=inputs,
        parts=MappingProxyType({name: (*_dimensions(parts, name, inputs), *generic) for name in parts.raw}),
        levels=_levels(fields),
        unknown=read_unknown(fields, inputs),
        valid_months=valid_months,
        approval=approval_of(fields),
    )


def _dimensions(fields: Fields, name: str, inputs: Collection[str]) -> tuple[NeedsDimension, ...]:
    return tuple(_dimension(part, inputs) for part in fields.parts(name))


def _dimension(part: Fields, inputs: Collection[str]) -> NeedsDimension:
    part.refuse_others(DIMENSION_ELEMENTS)
    if not set(part.texts("inputs")) <= set(inputs):
        raise part.fail("inputs", "names of inputs")
    rows = tuple(_row(row) for row in part.parts("rows"))
    if not rows or any(row.when.otherwise for row in rows[:-1]):
        raise part.fail("rows", "rows, otherwise at most once and last,")
    has_rest = rows[-1].when.otherwise
    return NeedsDimension(
        id=part.text("id"),
        title=part.bilingual("title"),
        required=part.flag("required"),
        inputs=part.texts("inputs"),
        rows=rows[:-1] if has_rest else rows,
        otherwise=rows[-1] if has_rest else None,
    )


def _row(part: Fields) -> Row:
    part.refuse_others(ROW_ELEMENTS)
    part.text("status")
    outcome = part.part("outcome")
    outcome.refuse_others(("colour",))
    if part.text("id").startswith(AUTOMATIC):
        raise part.fail("id", "a name that is not kept for automatic rows")
    return Row(
        when=read_condition(part.part("when")),
        outcome=MatchedRow(
            id=part.text("id"),
            colour=Colour(outcome.one_of("colour", [Colour.GREEN, Colour.YELLOW, Colour.RED])),
            urgency=Urgency.ROUTINE,
            reason=part.bilingual("reason"),
            action=part.bilingual("action"),
            source=part.text("source"),
        ),
    )


def _levels(fields: Fields) -> tuple[LevelRow, ...]:
    rows = tuple(_level(part) for part in fields.parts("levels"))
    if [row.when.otherwise for row in rows] != [False] * (len(rows) - 1) + [True]:
        raise fields.fail("levels", "exactly one otherwise row, the last,")
    return rows


def _level(part: Fields) -> LevelRow:
    part.refuse_others(("id", "when", "level"))
    level = None if part.raw.get("level") is None else part.integer("level")
    if level is not None and level not in list(DifferentiationLevel):
        raise part.fail("level", "1, 2, 3 or nothing")
    return LevelRow(
        id=part.text("id"),
        when=read_condition(part.part("when")),
        level=None if level is None else DifferentiationLevel(level),
    )
