"""What belongs to a patient, found from the tables themselves: a new table with a patient in it is found by itself."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from sqlalchemy import ColumnElement, Table, select, true

from kernel.ids import PatientRef
from store import tables
from store.base import Base
from store.repositories.audit import AUDIT, concerns

ALL_TABLES = tables.__all__
"""Naming them here makes sure that the metadata is complete."""
ROOT = "patient"
DIRECT = "patient_ref"


class Fate(StrEnum):
    """What becomes of a patient's rows when everything of the patient is destroyed."""

    KEY = "key-destroyed"
    DELETED = "deleted"
    EMPTIED = "emptied"
    UNLINKED = "kept-under-a-pseudonym-that-nobody-can-resolve"


FATES: Mapping[str, Fate] = MappingProxyType(
    {
        "patient": Fate.KEY,
        "patient_identifier": Fate.DELETED,
        "draft": Fate.DELETED,
        "unmatched": Fate.DELETED,
        "launch": Fate.DELETED,
        "related_person": Fate.DELETED,
        "staff_session": Fate.DELETED,
        "work": Fate.DELETED,
        "appointment": Fate.DELETED,
        "outbox_act": Fate.EMPTIED,
        **dict.fromkeys(
            (
                *("agreed_action", "attempt", "audit_event", "candidate", "decision", "enrolment", "escalation"),
                *("escalation_step", "legal_hold", "occasion", "outbox", "patient_status", "receipt", "request"),
                *("patient_leave", "released_decision", "response", "score", "score_history", "series", "slot"),
                *("alert", "postponement", "suggestion", "unsent_danger"),
            ),
            Fate.UNLINKED,
        ),
    }
)
"""Table -> fate; what is sealed in a row that is kept opens for nobody, because the data key is gone."""


@cache
def parents() -> Mapping[str, tuple[str, str]]:
    """Return, for each table that leads to a patient, the column that does and the table that it names."""
    found: dict[str, tuple[str, str]] = {ROOT: ("id", ROOT)}
    found.update({name: (DIRECT, ROOT) for name, table in Base.metadata.tables.items() if DIRECT in table.c})
    while more := {name: step for name in Base.metadata.tables if name not in found and (step := _step(name, found))}:
        found.update(more)
    return MappingProxyType({**found, AUDIT.name: ("patients", ROOT)})


def _step(name: str, known: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """Return the foreign key by which a table hangs on one that leads to a patient; one that is always there first."""
    table = Base.metadata.tables[name]
    keys = [
        (element.parent.nullable, element.parent.name, element.column.table.name)
        for key in table.foreign_key_constraints
        for element in key.elements
        if element.parent.name != "clinic_id" and element.column.table.name in known
    ]
    return min(keys)[1:] if keys else None


def of_patient(table: Table, clinic_id: str, patient_ref: PatientRef) -> ColumnElement[bool]:
    """Make the condition that a row belongs to a patient of a clinic."""
    column, parent = parents()[table.name]
    here = table.c.clinic_id == clinic_id
    if table is AUDIT:
        return here & concerns(AUDIT.c.patients, patient_ref)
    if parent == ROOT:
        return here & (table.c[column] == patient_ref)
    above = Base.metadata.tables[parent]
    ids = select(above.c.id).where(of_patient(above, clinic_id, patient_ref), true())
    return here & table.c[column].in_(ids)
