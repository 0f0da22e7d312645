"""What must hold in a table before it may suggest: loader rules T1 to T8 of docs/clinical/README.md."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from kernel.errors import ContentError
from scoring.condition import NULLITY, Atom, Condition, Value
from scoring.input_checks import check_input
from scoring.levels import Colour
from scoring.rule import ScoringRule
from scoring.table import Table
from scoring.table_input import TableInput

ORDERED = ("<", "<=", ">", ">=")
WORSE_UP, WORSE_DOWN = (">", ">="), ("<", "<=")


def check_table(table: Table, rules: Mapping[str, ScoringRule]) -> None:
    """Check a compiled table.

    Args:
        table: compiled.
        rules: newest rule of each questionnaire, by the questionnaire's short name.

    Raises:
        ContentError: names the rule T1 to T8, the row and the input.
    """
    where = f"table {table.version.id}"
    if table.lookback_days < 1:
        raise ContentError(f"{where}: lookbackDays is at least 1")
    for one in table.inputs.values():
        check_input(one, rules, f"{where}: input {one.name}")
    twice = [
        name for name, count in Counter(row.outcome.id for row in (*table.rows, table.otherwise)).items() if count > 1
    ]
    if twice:
        raise ContentError(f"{where}: T1: row {', '.join(twice)} stands twice")
    for row in table.rows:
        told = f"{where}: row {row.outcome.id}"
        _check_condition(table, row.when, told)
        if row.outcome.colour is Colour.RED:
            _check_red(table, row.when.names(), told)
        _check_monotone(table, row.when, told)
        if not any(_can_hold(table, atoms) for atoms in row.when.alternatives):
            raise ContentError(f"{told}: T8: it can never match")
    _check_otherwise(table, where)


def _check_condition(table: Table, when: Condition, where: str) -> None:
    for atom in (atom for atoms in when.alternatives for atom in atoms):
        one = table.inputs.get(atom.name)
        if one is None or atom.is_param:
            raise ContentError(f"{where}: T1: no input {atom.name}")
        if atom.op not in NULLITY and not fits(one, atom):
            raise ContentError(f"{where}: T1: {atom.name} can never be compared so")


def fits(one: TableInput, atom: Atom) -> bool:
    """Tell whether a comparison can be true for some value of an input and false for another kind of value."""
    if one.ends is None:
        return atom.value in one.codes and atom.op not in ORDERED
    return isinstance(atom.value, int | Fraction) and one.ends[0] <= atom.value <= one.ends[1]


def _check_red(table: Table, names: frozenset[str], where: str) -> None:
    for name in sorted(names):
        if not all(table.inputs[name].required[phase] for phase in table.phases):
            raise ContentError(f"{where}: T4: a RED row needs {name} to be required in every phase")


def _check_monotone(table: Table, when: Condition, where: str) -> None:
    """T7: each comparison stays true when its input gets worse, so no row is lost and the worst never improves."""
    for atom in (atom for atoms in when.alternatives for atom in atoms):
        if not _stays_true(table.inputs[atom.name], atom):
            raise ContentError(f"{where}: T7: a worse {atom.name} would leave the row; write it as a threshold")


def _stays_true(one: TableInput, atom: Atom) -> bool:
    if atom.op in NULLITY:
        return True
    if (atom.op, atom.value) in (("==", _worst(one)), ("!=", _best(one))):
        return True
    return one.ends is not None and atom.op in (WORSE_UP if one.higher_is_worse else WORSE_DOWN)


def _can_hold(table: Table, atoms: tuple[Atom, ...]) -> bool:
    """T8: for each input its worst value, or none at all, makes its comparisons true; after T7 no other is needed."""
    return all(
        any(
            all(atom.holds({name: value}) for atom in atoms if atom.name == name)
            for value in (None, _worst(table.inputs[name]))
        )
        for name in {atom.name for atom in atoms}
    )


def _check_otherwise(table: Table, where: str) -> None:
    """T7 and T8 for the last row: it is the best outcome, and a patient with every best value reaches it."""
    last = table.otherwise.outcome
    for row in table.rows:
        better = row.outcome
        if better.colour.severity < last.colour.severity or better.urgency.severity < last.urgency.severity:
            raise ContentError(f"{where}: T7: row {better.id} is better than otherwise")
    best = {name: _best(one) for name, one in table.inputs.items()}
    if any(row.when.holds(best) for row in table.rows):
        raise ContentError(f"{where}: T8: otherwise can never be reached")


def _worst(one: TableInput) -> Value:
    if one.ends is None:
        return one.codes[-1]
    return one.ends[1] if one.higher_is_worse else one.ends[0]


def _best(one: TableInput) -> Value:
    if one.ends is None:
        return one.codes[0]
    return one.ends[0] if one.higher_is_worse else one.ends[1]
