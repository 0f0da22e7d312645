"""A database with any number of enrolments, some of them due: copies of one that the product made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, connect
from typing import Any

from app import Services, create_app, services_of
from cli.db import migrate
from flow.entry import Entry, Wish
from kernel.ids import new_id
from kernel.settings import Settings
from security.cpr import Identifier
from security.keys import ensure_key_file
from tests.bench.patients import settings_of
from tests.contract.doors import Tenant, add_clinic

COPIED = ("patient", "patient_identifier", "enrolment", "series", "slot")
TOGETHER = 5_000
FAR = "2199-01-01 00:00:00.000000"


@dataclass(frozen=True, slots=True)
class Population:
    """What is measured: an installation on SQLite, and the file of its database."""

    services: Services
    clinic: Tenant
    file: Path


def populated(instance: Path, enrolments: int, due: int) -> Population:
    """Fill an empty installation.

    Args:
        due: so many enrolments have their periodic occasion due now; what else is planned is far away.
    """
    instance.mkdir(parents=True)
    file = instance / "svarbro.sqlite"
    settings = Settings.from_env(settings_of(instance, f"sqlite:///{file}"))
    ensure_key_file(settings.keys_file)
    migrate(settings.database_url)
    services = services_of(create_app(settings))
    clinic = add_clinic(services, "Lægerne Måling")
    with services.store.write(clinic.clinic_id, clinic.system) as tx:
        (ref,) = tx.patients.add_all([(Identifier("x-ecpr", "bench00000"), "Nancy Berggren")])
        Entry(services.content)(tx, ref, Wish("KOL"))
    with connect(file) as connection:
        _copy(connection, enrolments, due)
        connection.execute("DELETE FROM slot WHERE patient_ref = ?", (ref,))
    connection.close()
    return Population(services, clinic, file)


def _copy(connection: Connection, enrolments: int, due: int) -> None:
    templates = {table: rows_of(connection, table) for table in COPIED}
    for first in range(0, enrolments, TOGETHER):
        made: dict[str, list[dict[str, Any]]] = {table: [] for table in COPIED}
        for number in range(first, min(first + TOGETHER, enrolments)):
            for table, row in _of_one(templates, number, is_due=number < due):
                made[table].append(row)
        for table in COPIED:
            insert(connection, table, made[table])
    connection.commit()


def _of_one(
    templates: dict[str, list[dict[str, Any]]], number: int, *, is_due: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    ids = {row["id"]: new_id() for rows in templates.values() for row in rows}
    (periodic,) = (row["id"] for row in templates["series"] if row["occasion_kind"] == "periodic")
    begun = min(row["due_at"] for row in templates["slot"])
    for table, rows in templates.items():
        for row in rows:
            copy = {name: ids.get(value, value) for name, value in row.items()}
            if table == "patient_identifier":
                copy["cpr_index"] = f"{number:064x}"
            if table == "slot":
                copy["due_at"] = begun if is_due and row["series_id"] == periodic else FAR
            yield table, copy


def rows_of(connection: Connection, table: str, where: str = "1", *values: Any) -> list[dict[str, Any]]:
    """Read rows as mappings."""
    found = connection.execute(f"SELECT * FROM {table} WHERE {where}", values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def insert(connection: Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows by one statement of the driver."""
    if rows:
        names = ", ".join(rows[0])
        marks = ", ".join(f":{name}" for name in rows[0])
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
