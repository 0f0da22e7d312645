"""Demo data: one clinic with staff and MedCom's official test persons; production refuses it."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from app import Services
from delivery.escalation import ClinicEscalation
from delivery.parties import Agreement, Clinic, PackageOptIn, Window
from flow.enrol import EnrolmentOrder
from kernel.errors import SettingsError
from kernel.ids import ClinicId, PersonId, new_id
from security.actor import Actor, Person, Role
from security.links import token_hash

TEST_PERSONS = (
    ("2512489996", "Nancy Berggren"),
    ("0104909995", "Sverre Mosebryggeren"),
    ("3001749995", "Niels Vendelboe"),
    ("0201919990", "Else Lauridsen"),
)
"""MedCom's official test CPR numbers; they belong to nobody."""

PACKAGES = (("KOL", "kol", "webpatient", "flp"), ("LRS", "lrs", "minlaege", "lps-note"))
"""What the demo clinic runs: package, programme, first channel, where reports go."""

NO_AGREEMENT = "demo: ingen rigtige data"
STAFF = (
    ("Lise Holm, læge", Role.CLINICIAN),
    ("Nete Bruun, sygeplejerske", Role.CLINIC_STAFF),
    ("Adam Bak, administrator", Role.CLINIC_ADMIN),
)


@dataclass(frozen=True, slots=True)
class Demo:
    """What a visitor of the demo needs.

    Args:
        clinic_id: of the demo clinic.
        system_token: bearer token of the clinic's practice system.
        clinician_token: bearer token of the clinic's doctor, as the practice system would hold it.
    """

    clinic_id: ClinicId
    system_token: str = field(repr=False)
    clinician_token: str = field(repr=False)


def seeded(services: Services) -> Demo:
    """Return the demo clinic, made on the first call.

    Raises:
        SettingsError: outside demo.
    """
    if not services.settings.is_demo:
        raise SettingsError("Demo data is refused in production.")
    known = services.settings.instance_dir / "demo.json"
    if known.exists():
        return Demo(**json.loads(known.read_text(encoding="utf-8")))
    demo = Demo(ClinicId(new_id()), secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    _add_clinic(services, demo)
    _keep(known, demo)
    return demo


def enrol_first(services: Services, demo: Demo) -> None:
    """Enrol the first test person in KOL, unless somebody is enrolled already."""
    system = system_of(demo)
    with services.store.read(demo.clinic_id, system) as tx:
        if tx.enrolments.all(limit=1):
            return
    identifier, name = TEST_PERSONS[0]
    services.use_cases.enrol(system, EnrolmentOrder(identifier, name, "KOL"))


def system_of(demo: Demo) -> Actor:
    """Return the practice system of the demo clinic as an actor."""
    return Actor(Role.SYSTEM, "demo-lps", demo.clinic_id, "Demo-LPS")


def _add_clinic(services: Services, demo: Demo) -> None:
    operator = Actor(Role.OPERATOR, "seed", demo.clinic_id)
    now = services.clock.now()
    with services.store.write(demo.clinic_id, operator) as tx:
        tx.clinics.add(
            Clinic(
                id=demo.clinic_id,
                sor_id="999999999999999",
                provider_number="099999",
                name="Lægerne på Prøvetorvet",
                phone="00 00 00 00",
                region="midtjylland",
                window=Window(0, 24 * 60, frozenset(range(1, 8)), on_holidays=True),
            )
        )
        tx.agreements.agree(Agreement(NO_AGREEMENT, now.date(), "", now))
        for package, programme, channel, target in PACKAGES:
            tx.clinics.add_opt_in(PackageOptIn(package, programme, channel, target, NO_AGREEMENT, now))
        staff = [Person(PersonId(new_id()), demo.clinic_id, name, role) for name, role in STAFF]
        for person in staff:
            tx.clinics.add_person(person)
        tx.reds.choose(ClinicEscalation(staff[0].id))
        doctor = Actor(staff[0].role, staff[0].id, demo.clinic_id, staff[0].name)
        for token, actor in ((demo.system_token, system_of(demo)), (demo.clinician_token, doctor)):
            tx.clinics.add_token(token_hash(token), actor, now + timedelta(days=365))


def _keep(path: Path, demo: Demo) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(demo), file)
