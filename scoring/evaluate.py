"""Walks a decision table: every matching row counts, and the worst wins."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from scoring.levels import Colour, Urgency
from scoring.suggestion import Alert, MatchedRow, UsedInput
from scoring.table import Table
from scoring.table_input import TableInput


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
    used = all_of(table.inputs, inputs)
    matched = table.columns.matching(used)
    matched.extend(_unknown(table, phase, used))
    rows = tuple(matched) or (table.otherwise.outcome,)
    return Alert(
        colour=worst_colour(rows),
        urgency=_worst_urgency(rows),
        rows=rows,
        action=advised(rows).action,
        incomplete=any(row.colour is Colour.UNKNOWN for row in rows),
        table=table.version,
        phase=phase,
        inputs=used,
    )


def all_of(wanted: Mapping[str, TableInput], inputs: Mapping[str, UsedInput]) -> Mapping[str, UsedInput]:
    """Return exactly these inputs, those that were left out as missing."""
    if type(inputs) is MappingProxyType and inputs.keys() == wanted.keys():
        return inputs
    return MappingProxyType({name: inputs.get(name) or UsedInput(name, None, "missing") for name in wanted})


def worst_colour(rows: Sequence[MatchedRow]) -> Colour:
    """Return the worst colour of rows."""
    return rows[0].colour if len(rows) == 1 else max((row.colour for row in rows), key=lambda one: one.severity)


def _worst_urgency(rows: Sequence[MatchedRow]) -> Urgency:
    return rows[0].urgency if len(rows) == 1 else max((row.urgency for row in rows), key=lambda one: one.severity)


def advised(rows: Sequence[MatchedRow]) -> MatchedRow:
    """Pick the row whose action is advised: the first of the worst colour and, among those, of the worst urgency."""
    # `max` keeps the first of equals, which is the order that the rule asks for.
    return rows[0] if len(rows) == 1 else max(rows, key=lambda row: (row.colour.severity, row.urgency.severity))


def automatic_row(
    unknown: Mapping[tuple[str, str], MatchedRow], one: TableInput, given: UsedInput, *, phase: str
) -> MatchedRow | None:
    """Find the row that stands for a required input without a value, or for an estimated one that says so."""
    if given.value is None:
        return unknown[one.name, "stale" if given.state == "stale" else "missing"] if one.required[phase] else None
    if one.unknown_if_estimated and given.state == "estimated":
        return unknown[one.name, "estimated"]
    return None


def _unknown(table: Table, phase: str, used: Mapping[str, UsedInput]) -> list[MatchedRow]:
    rows = []
    for one in table.watched[phase]:
        given = used[one.name]
        if given.value is None or given.state == "estimated":
            row = automatic_row(table.unknown, one, given, phase=phase)
            if row is not None:
                rows.append(row)
    return rows
