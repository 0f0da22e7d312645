"""A clinic with any number of patients: copies of everything that one real patient left, written in bulk."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, select

from kernel.ids import PatientRef, new_id
from security.cpr import Identifier
from store.transaction import Tx

Row = dict[str, Any]
Templates = Mapping[Table, Sequence[Row]]
Changed = Callable[[int, str, Row], Row]
"""Is told the number of the copy, the table and the row, and returns the columns that are another's."""


def left(tx: Tx, tables: Sequence[Table]) -> Templates:
    """Read what the only patient of a clinic left in tables, each after those that it hangs on."""
    return {
        table: [dict(row._mapping) for row in tx.scope.all(select(table).where(table.c.clinic_id == tx.clinic_id))]
        for table in tables
    }


def copied(tx: Tx, templates: Templates, numbers: Sequence[int], changed: Changed) -> tuple[PatientRef, ...]:
    """Copy a patient so many times.

    Args:
        templates: what is copied besides the patient.
        numbers: of the copies, each used once.
        changed: what is another's in a copy.
    """
    (own,) = {row["patient_ref"] for rows in templates.values() for row in rows if "patient_ref" in row}
    refs = tx.patients.add_all([(Identifier("x-ecpr", f"copy{number:06d}"), f"Person {number}") for number in numbers])
    made: dict[Table, list[Row]] = {table: [] for table in templates}
    for number, ref in zip(numbers, refs, strict=True):
        ids = {own: ref} | {row["id"]: new_id() for rows in templates.values() for row in rows}
        for table, rows in templates.items():
            copies = ({name: _copy(value, ids, number) for name, value in row.items()} for row in rows)
            made[table] += [{**row, **changed(number, table.name, row)} for row in copies]
    for table in templates:
        tx.scope.insert_all(table, made[table])
    return refs


def earlier(row: Row, days: int) -> Row:
    """Move every moment and day of a row back."""
    return {name: value - timedelta(days=days) for name, value in row.items() if isinstance(value, date | datetime)}


def _copy(value: object, ids: Mapping[str, str], number: int) -> object:
    """Put the copy's ids for those of the patient, also where they are a part of a lane, and make a hash its own."""
    if not isinstance(value, str):
        return value
    if len(value) == 64 and set(value) <= set("0123456789abcdef"):
        return f"{number:08x}{value[8:]}"
    for old, new in ids.items():
        value = value.replace(old, new)
    return value
