"""What must hold in a needs table before it may assess: every combination that matters is walked."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product

from kernel.errors import ContentError
from scoring.condition import NULLITY, Condition, Value
from scoring.evaluate_needs import COUNTED, assess, level_row
from scoring.given import given_needs
from scoring.input_checks import check_input
from scoring.levels import Colour
from scoring.needs import Dimension
from scoring.needs_table import ALWAYS, NeedsDimension, NeedsTable
from scoring.rule import ScoringRule
from scoring.table_checks import fits
from scoring.table_input import TableInput

Given = Mapping[str, Value | None]
SURE = (Colour.GREEN, Colour.YELLOW, Colour.RED)
"""Best first; UNKNOWN is no worse side of a level, it leaves it open."""
UNSURE = (*SURE, Colour.UNKNOWN)
GIVEN = (None, *SURE)
"""Of a dimension that is left out when nothing is given for it."""


def check_needs_table(table: NeedsTable, rules: Mapping[str, ScoringRule]) -> None:
    """Check a compiled needs table.

    Args:
        rules: newest rule of each questionnaire, by the questionnaire's short name.

    Raises:
        ContentError: names the rule T1 to T8, the part, the dimension and the row.
    """
    where = f"table {table.version.id}"
    for one in table.inputs.values():
        check_input(one, rules, f"{where}: input {one.name}")
        derived = table.derived.get(one.source.derived)
        if derived is not None and (one.source.score, set(one.codes)) != (derived.definition.id, set(derived.codes)):
            raise ContentError(f"{where}: input {one.name}: T1: its domain is not what its source can give")
    _check_level_rows(table, where)
    for part, dimensions in table.parts.items():
        told = f"{where}: part {part}"
        if len({one.id for one in dimensions}) != len(dimensions) or {one.id for one in dimensions} & set(COUNTED):
            raise ContentError(f"{told}: T1: each dimension once, under a name of its own")
        for dimension in dimensions:
            _check_dimension(table, part, dimension, f"{told}: {dimension.id}")
        _check_levels(table, dimensions, told)


def _check_dimension(table: NeedsTable, part: str, one: NeedsDimension, where: str) -> None:
    for row in one.rows:
        _check_condition(table, one, row.when, f"{where}: row {row.outcome.id}")
    if one.required is not any(table.inputs[name].required[ALWAYS] for name in one.inputs):
        raise ContentError(f"{where}: T3: a dimension is required if and only if one of its inputs is")
    reached: set[str] = set()
    for given in _grid(table, one):
        found = _colour(table, part, one, given)
        if found is None or found.colour is Colour.UNKNOWN:
            raise ContentError(f"{where}: T8: no row holds {dict(given)}")
        reached |= {row.id for row in found.rows}
        for worse in _worse(table, one, given):
            after = _colour(table, part, one, worse)
            if after is None or after.colour.severity < found.colour.severity:
                raise ContentError(f"{where}: T7: a worse input would improve the colour")
    named = {row.outcome.id for row in (*one.rows, *([one.otherwise] if one.otherwise else []))}
    if reached != named:
        raise ContentError(f"{where}: T8: row {', '.join(sorted(named - reached))} can never match")


def _check_condition(table: NeedsTable, one: NeedsDimension, when: Condition, where: str) -> None:
    for atom in (atom for atoms in when.alternatives for atom in atoms):
        if atom.is_param or atom.name not in one.inputs:
            raise ContentError(f"{where}: T1: no input {atom.name}")
        if atom.op in NULLITY or not fits(table.inputs[atom.name], atom):
            raise ContentError(f"{where}: T1: {atom.name} can never be compared so")


def _grid(table: NeedsTable, one: NeedsDimension) -> Iterator[Given]:
    """Walk every value near an edge of a comparison, for all inputs of a dimension at once."""
    values = [tuple(_steps(table.inputs[name], one)) for name in one.inputs]
    for chosen in product(*values):
        yield dict(zip(one.inputs, chosen, strict=True))


def _steps(one: TableInput, dimension: NeedsDimension) -> Iterable[Value]:
    """List values of an input, best first, on both sides of each edge."""
    if one.ends is None:
        return one.codes
    compared = {
        atom.value
        for row in dimension.rows
        for atoms in row.when.alternatives
        for atom in atoms
        if atom.name == one.name and isinstance(atom.value, int | Fraction)
    }
    step = Fraction(1) if one.kind == "integer" else Fraction(1, 2)
    near = {value + side for value in compared for side in (-step, Fraction(0), step)} | set(one.ends)
    return sorted((value for value in near if one.ends[0] <= value <= one.ends[1]), reverse=not one.higher_is_worse)


def _worse(table: NeedsTable, one: NeedsDimension, given: Given) -> Iterator[Given]:
    """Move one input at a time to its next worse value."""
    for name in one.inputs:
        steps = list(_steps(table.inputs[name], one))
        here = steps.index(given[name])  # type: ignore[arg-type]  # the grid holds no None
        for worse in steps[here + 1 : here + 2]:
            yield {**given, name: worse}


def _colour(table: NeedsTable, part: str, one: NeedsDimension, given: Given) -> Dimension | None:
    result = assess(table, part, given_needs(table, given))
    return next((found for found in result.dimensions if found.id == one.id), None)


def _check_levels(table: NeedsTable, dimensions: tuple[NeedsDimension, ...], where: str) -> None:
    """Walk every colouring: open if and only if a required dimension is unknown, and a worse one never lowers it."""
    reached: set[str] = set()
    for chosen in product(*(UNSURE if one.required else GIVEN for one in dimensions)):
        colours = {one.id: colour for one, colour in zip(dimensions, chosen, strict=True) if colour is not None}
        row = level_row(table, colours)
        reached.add(row.id)
        if (Colour.UNKNOWN in chosen) is not (row.level is None):
            raise ContentError(f"{where}: level row {row.id}: open if and only if a required dimension is unknown")
        if row.level is not None and any(_level(table, worse) < row.level for worse in _worse_colours(colours)):
            raise ContentError(f"{where}: T7: a worse dimension would lower the level of row {row.id}")
    unreached = {row.id for row in table.levels} - reached
    if unreached:
        raise ContentError(f"{where}: T8: level row {', '.join(sorted(unreached))} can never match")


def _level(table: NeedsTable, colours: Mapping[str, Colour]) -> int:
    return level_row(table, colours).level or 0


def _worse_colours(colours: Mapping[str, Colour]) -> Iterator[Mapping[str, Colour]]:
    for name, colour in colours.items():
        for worse in SURE[SURE.index(colour) + 1 :][:1]:
            yield {**colours, name: worse}


def _check_level_rows(table: NeedsTable, where: str) -> None:
    known = {one.id for dimensions in table.parts.values() for one in dimensions}
    for row in table.levels:
        for atom in (atom for atoms in row.when.alternatives for atom in atoms):
            takes = int if atom.name in COUNTED else str
            if atom.is_param or atom.name not in known | set(COUNTED) or not isinstance(atom.value, takes):
                raise ContentError(f"{where}: level row {row.id}: T1: {atom.name} can never be compared so")
            if takes is str and atom.value not in list(Colour):
                raise ContentError(f"{where}: level row {row.id}: T1: {atom.value} is no colour")
