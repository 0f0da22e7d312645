"""Walks a decision table: every matching row counts, and the worst wins."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from scoring.condition import Value
from scoring.levels import Colour
from scoring.suggestion import Alert, InputValue, MatchedRow, UsedInput
from scoring.table import Table, TableInput


def evaluate(table: Table, phase: str, inputs: Mapping[str, UsedInput]) -> Alert:
    """Suggest who must be contacted, and by when.

    Args:
        table: compiled and checked.
        phase: one of the table's phases.
        inputs: from `scoring.timeline`; an input left out counts as missing.

    Returns:
        Worst colour and worst urgency of all matched rows, automatic `unknown:<input>` rows included. GREEN is only
        possible when every required input is there.

    Source: docs/clinical/README.md; docs/architecture.md section 4.
    """
    used = MappingProxyType({name: inputs.get(name) or UsedInput(name, None, "missing") for name in table.inputs})
    values = {name: plain(one.value) for name, one in used.items()}
    matched = [row.outcome for row in table.rows if row.when.holds(values)]
    matched.extend(_unknown(table, phase, used))
    rows = tuple(matched) or (table.otherwise.outcome,)
    return Alert(
        colour=max((row.colour for row in rows), key=lambda colour: colour.severity),
        urgency=max((row.urgency for row in rows), key=lambda urgency: urgency.severity),
        rows=rows,
        action=advised(rows).action,
        incomplete=any(row.colour is Colour.UNKNOWN for row in rows),
        table=table.version,
        phase=phase,
        inputs=used,
    )


def advised(rows: Sequence[MatchedRow]) -> MatchedRow:
    """Pick the row whose action is advised: the first of the worst colour and, among those, of the worst urgency."""
    # `max` keeps the first of equals, which is the order that the rule asks for.
    return max(rows, key=lambda row: (row.colour.severity, row.urgency.severity))


def plain(value: InputValue) -> Value | None:
    """Turn whole fractions into integers, which compare faster and equal."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def automatic_row(
    unknown: Mapping[tuple[str, str], MatchedRow], one: TableInput, given: UsedInput, *, phase: str
) -> MatchedRow | None:
    """Find the row that stands for a required input without a value, or for an estimated one that says so."""
    if given.value is None:
        return unknown[one.name, "stale" if given.state == "stale" else "missing"] if one.required[phase] else None
    if one.unknown_if_estimated and given.state == "estimated":
        return unknown[one.name, "estimated"]
    return None


def _unknown(table: Table, phase: str, used: Mapping[str, UsedInput]) -> Iterator[MatchedRow]:
    for name, one in table.inputs.items():
        row = automatic_row(table.unknown, one, used[name], phase=phase)
        if row is not None:
            yield row
