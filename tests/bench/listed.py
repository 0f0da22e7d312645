"""A clinic with any number of responses: each patient answered twenty times, and every fourth waits for somebody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Table, select, text

from kernel.ids import EnrolmentId, PatientRef, new_id
from security.actor import Role
from security.cpr import Identifier
from store.base import table_of
from store.engine import open_engine
from store.migration import upgrade
from store.tables import EnrolmentRow, OccasionRow, RequestRow, ResponseRow, SuggestionRow, WorkRow
from store.transaction import Tx
from store.values import batched
from tests.browser.world import World, build_world
from tests.contract.clinic.desk import TOKEN

PER_PATIENT = 20
TOGETHER = 1_000
"""Patients written in one transaction."""
WAITING = 4
"""Every so many patients waits for somebody."""
DAYS = 60
"""Over so many days what waits is due."""
COPIED = tuple(table_of(row) for row in (EnrolmentRow, OccasionRow, RequestRow, ResponseRow, SuggestionRow, WorkRow))
CACHE_KIB = 400_000
"""Of SQLite, while it is filled."""
ANSWERS = {"response": ("version", "is_current"), "suggestion": ("n",)}
"""Table -> columns in which an earlier answer differs from the newest: its number, and whether it is the newest."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What is measured.

    Args:
        answered: an enrolment that went the whole way of a patient.
        doctor: id of a clinician.
    """

    world: World
    answered: EnrolmentId
    doctor: str

    def desk(self) -> FlaskClient:
        """Sign the clinician in, anew: a session from before the other clinic was filled may be over."""
        desk = self.world.app.test_client()
        found = TOKEN.search(desk.get("/clinic/login").get_data(as_text=True))
        assert found
        desk.post("/clinic/login", data={"csrf_token": found.group(1), "person": self.doctor})
        return desk


def listed(instance: Path, url: str, responses: int) -> Listed:
    """Fill an empty database until one clinic has so many responses."""
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    world = build_world(instance, url)
    invited = world.invite()
    world.answer(invited)
    doctor = world.staff(Role.CLINICIAN)
    with world.services.store.read(world.demo.clinic_id, doctor) as tx:
        templates = {table: _template(tx, table) for table in COPIED}
    for numbers in batched(range(responses // PER_PATIENT), TOGETHER):
        with world.services.store.write(world.demo.clinic_id, doctor) as tx:
            _copy(tx, templates, numbers)
    for n in range(1, PER_PATIENT):
        # Each in a transaction of its own: one for all would outgrow every cache, and write each page many times.
        with world.services.store.write(world.demo.clinic_id, doctor) as tx:
            if tx.scope.connection.dialect.name == "sqlite":
                tx.scope.connection.execute(text(f"PRAGMA cache_size = -{CACHE_KIB}"))
            for table, columns in ANSWERS.items():
                tx.scope.connection.execute(text(_earlier(table, columns, templates, n)))
    return Listed(world, invited.enrolment_id, doctor.id)


def _template(tx: Tx, table: Table) -> Mapping[str, Any]:
    """Read the newest row that the one real patient left."""
    row = tx.scope.all(select(table).where(table.c.clinic_id == tx.clinic_id).order_by(table.c.id.desc()).limit(1))[0]
    return dict(row._mapping)


def _copy(tx: Tx, templates: Mapping[Table, Mapping[str, Any]], numbers: Sequence[int]) -> None:
    people = [(Identifier("x-ecpr", f"bench{number:07d}"), f"Person {number}") for number in numbers]
    refs = tx.patients.add_all(people)
    made: dict[Table, list[dict[str, Any]]] = {table: [] for table in COPIED}
    for number, ref in zip(numbers, refs, strict=True):
        for table, row in _of_one(templates, number, ref, tx):
            made[table].append(row)
    for table in COPIED:
        tx.scope.insert_all(table, made[table])


def _of_one(
    templates: Mapping[Table, Mapping[str, Any]], number: int, ref: PatientRef, tx: Tx
) -> Iterator[tuple[Table, dict[str, Any]]]:
    own = {str(row["id"]): new_id() for row in templates.values()} | {str(templates[COPIED[0]]["patient_ref"]): ref}
    for table, row in templates.items():
        copy = {name: own.get(value, value) if isinstance(value, str) else value for name, value in row.items()}
        if table.name == "occasion":
            copy["link_hash"] = f"{number:064x}"
        if table.name == "request":
            copy["occasion_id"] = own[str(templates[COPIED[1]]["id"])]
        if table.name in ANSWERS:
            copy[ANSWERS[table.name][0]] = PER_PATIENT
        if table.name == "work":
            copy |= _waiting(number, tx)
        yield table, copy


def _waiting(number: int, tx: Tx) -> dict[str, Any]:
    waits = number % WAITING == 0
    due = date.fromordinal(tx.now.toordinal() + number % DAYS) if waits else None
    answered = tx.now - timedelta(minutes=number)
    return {"waits": waits, "due_day": due, "place": number % 4, "tier": 1, "answered_at": answered}


def _earlier(table: str, columns: Sequence[str], templates: Mapping[Table, Mapping[str, Any]], n: int) -> str:
    """Write the statement that adds one earlier answer of every patient, on either database."""
    (names,) = (tuple(row) for one, row in templates.items() if one.name == table)
    values = {name: name for name in names} | {"id": f"'{n + 10}' || substr(id, 3)", columns[0]: str(n)}
    if "is_current" in columns:
        values["is_current"] = "false"
    chosen = ", ".join(values.values())
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table} WHERE {columns[0]} = {PER_PATIENT}"
