"""Patients who have answered two of their questionnaires and are asked CAT: what each measured call needs one of."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app import Services, anchor_file_of, create_app, services_of
from cli.db import migrate
from flow.entry import Entry, Wish
from flow.seal import SealAudit
from kernel.ids import PatientRef
from kernel.settings import Settings
from security.cpr import Identifier
from security.keys import ensure_key_file
from store.values import batched
from tests.contract.doors import Tenant, add_clinic, cat, kol_status, mmrc

TOGETHER = 50
"""Patients enrolled in one transaction."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database that is ready to be measured.

    Args:
        instance: directory with the keys, and the database where it is SQLite.
        token: bearer token of the clinic's practice system.
        bodies: responses to CAT, each to a request of its own.
    """

    instance: Path
    database_url: str
    token: str
    bodies: tuple[bytes, ...]


def settings_of(instance: Path, database_url: str) -> dict[str, str]:
    """Name the environment of one measured service."""
    return {"SVARBRO_INSTANCE_DIR": str(instance), "SVARBRO_DATABASE_URL": database_url, "SVARBRO_ENV": "demo"}


def prepared(instance: Path, database_url: str, count: int) -> Prepared:
    """Migrate an empty database and fill it with so many patients.

    Everything goes the way of real patients: enrolled, asked, answered, sealed. Their identifiers are none of a person.
    """
    settings = Settings.from_env(settings_of(instance, database_url))
    ensure_key_file(settings.keys_file)
    migrate(database_url)
    services = services_of(create_app(settings))
    clinic = add_clinic(services, "Lægerne Måling")
    for refs in batched([Identifier("x-ecpr", f"bench{n:05d}") for n in range(count)], TOGETHER):
        _enrol(services, clinic, refs)
    while services.use_cases.open_due():
        pass
    bodies = tuple(_answer_others(services, clinic))
    SealAudit(services.store, anchor_file_of(settings))()
    services.store.close()
    return Prepared(instance, database_url, clinic.system_token, bodies)


def _enrol(services: Services, clinic: Tenant, identifiers: Sequence[Identifier]) -> None:
    entry = Entry(services.content)
    with services.store.write(clinic.clinic_id, clinic.system) as tx:
        for ref in tx.patients.add_all([(identifier, "Nancy Berggren") for identifier in identifiers]):
            entry(tx, ref, Wish("KOL"))


def _answer_others(services: Services, clinic: Tenant) -> Iterator[bytes]:
    for ref in _everybody(services, clinic):
        with services.store.read(clinic.clinic_id, clinic.system) as tx:
            occasion = tx.occasions.open_of(ref)
            assert occasion is not None
            asked = {
                one.questionnaire.rpartition("/")[2].partition("|")[0]: one.id
                for one in tx.requests.of_occasion(occasion.id)
            }
        for body in (kol_status(asked["kol-status"]), mmrc(asked["mmrc"])):
            services.use_cases.receive(clinic.system, json.dumps(body).encode(), via="fhir")
        yield body_of(asked["cat"])


def _everybody(services: Services, clinic: Tenant) -> tuple[PatientRef, ...]:
    with services.store.read(clinic.clinic_id, clinic.system) as tx:
        return tuple(one.patient_ref for one in tx.enrolments.all(limit=1_000_000))


def body_of(request_id: str | None) -> bytes:
    """Write a completed response to CAT, 8 items of middle grade, as a sender would: with time and source, and compact.

    That is what `JSON.stringify` writes, and the FHIR libraries of the practice systems unless they are told otherwise.
    """
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    body = cat(request_id, points=3, authored=now)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
