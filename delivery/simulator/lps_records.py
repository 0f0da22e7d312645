"""The practice system's memory: record notes and inbox entries, each key once, each under its patient."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection, Row
from typing import Any
from uuid import uuid4

from delivery.simulator.masking import masked
from delivery.simulator.notebook import Notebook

NOTES = "lps-note"
INBOX = "lps-inbox"
_JOINED = "SELECT entry.*, identifier, name FROM lps_entry AS entry JOIN lps_patient ON lps_patient.n = entry.patient"


@dataclass(frozen=True, slots=True)
class LpsPatient:
    """One patient of the practice system.

    Args:
        n: its own number, for addresses.
        identifier: masked.
    """

    n: int
    identifier: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LpsEntry:
    """One note or inbox entry.

    Args:
        body: as it came, without the patient.
    """

    reference: str
    key: str
    patient: LpsPatient
    body: dict[str, Any] = field(repr=False)
    received_at: datetime


class LpsRecords:
    """Takes and finds entries."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def take(self, place: str, key: str, body: dict[str, Any], *, at: datetime) -> tuple[str, bool]:
        """Take an entry; a known key keeps the first one.

        Returns:
            Our reference, and whether the key was new.
        """
        kept = {name: value for name, value in body.items() if name != "patient"}
        with self._notebook.transaction() as connection:
            patient = _patient_number(connection, body["patient"])
            inserted = connection.execute(
                "INSERT INTO lps_entry (place, key, reference, patient, body, received_at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (place, key) DO NOTHING",
                (place, key, f"LPS-{uuid4().hex[:12]}", patient, json.dumps(kept), at.isoformat()),
            )
            row = connection.execute(
                "SELECT reference FROM lps_entry WHERE place = ? AND key = ?", (place, key)
            ).fetchone()
        return row["reference"], inserted.rowcount == 1

    def entries(self, place: str) -> tuple[LpsEntry, ...]:
        """Return every entry of a place, newest first."""
        return self._found(f"{_JOINED} WHERE place = ? ORDER BY entry.n DESC", (place,))

    def of_patient(self, n: int, place: str) -> tuple[LpsEntry, ...]:
        """Return a patient's entries of a place, newest first."""
        return self._found(f"{_JOINED} WHERE patient = ? AND place = ? ORDER BY entry.n DESC", (n, place))

    def patients(self) -> tuple[LpsPatient, ...]:
        """Return every patient, the newest first."""
        with self._notebook.transaction() as connection:
            rows = connection.execute("SELECT * FROM lps_patient ORDER BY n DESC").fetchall()
        return tuple(LpsPatient(row["n"], masked(row["identifier"]), row["name"]) for row in rows)

    def _found(self, query: str, values: Sequence[object]) -> tuple[LpsEntry, ...]:
        with self._notebook.transaction() as connection:
            return tuple(_entry(row) for row in connection.execute(query, values).fetchall())


def _patient_number(connection: Connection, patient: dict[str, Any]) -> int:
    identifier = patient["identifier"]["value"]
    connection.execute(
        "INSERT INTO lps_patient (identifier, name) VALUES (?, ?) ON CONFLICT (identifier) DO UPDATE SET name = ?",
        (identifier, patient["name"], patient["name"]),
    )
    row = connection.execute("SELECT n FROM lps_patient WHERE identifier = ?", (identifier,)).fetchone()
    return int(row["n"])


def _entry(row: Row) -> LpsEntry:
    return LpsEntry(
        reference=row["reference"],
        key=row["key"],
        patient=LpsPatient(row["patient"], masked(row["identifier"]), row["name"]),
        body=json.loads(row["body"]),
        received_at=datetime.fromisoformat(row["received_at"]),
    )
