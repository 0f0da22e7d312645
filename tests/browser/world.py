"""A whole web application on a database of its own, with the demo clinic, for the tests of its pages."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from app import Services, create_app, services_of
from cli.seed import Demo, seeded, system_of
from delivery.in_force import Released
from delivery.outbox import MessageState
from flow.decide import DecisionOrder
from flow.enrol import EnrolmentOrder
from flow.form import Visit
from flow.order import When
from flow.status import StatusDelivery, StatusEntry
from kernel.ids import Canonical, ClinicId, EnrolmentId, RequestId, UnmatchedId
from kernel.settings import Settings
from questionnaires.model import Answer, Coded, Item, ItemType
from security.actor import Actor, Role
from security.keys import ensure_key_file
from security.links import link_token
from store.settlement import Settlement
from tests.contract.doors import Quiet, mmrc
from tests.released import RELEASED

TEST_PERSONS = {
    "Nancy Berggren": "2512489996",
    "Sverre Mosebryggeren": "0104909995",
    "Niels Vendelboe": "3001749995",
    "Else Lauridsen": "0201919990",
}
SUBJECT_OF_NOBODY = {"identifier": {"system": "urn:oid:1.2.208.176.1.2", "value": "3001749995"}}
"""Names somebody who is a patient of no clinic, until a test makes him one."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A patient with an open occasion."""

    enrolment_id: EnrolmentId
    token: str


@dataclass(frozen=True, slots=True)
class World:
    """The application and its demo clinic."""

    app: Flask
    services: Services
    demo: Demo

    def staff(self, role: Role, *, delegated: bool = False) -> Actor:
        """Return the doctor or the nurse as an actor."""
        with self.services.store.read(self.demo.clinic_id, system_of(self.demo)) as tx:
            people = tx.clinics.people()
        person = next(person for person in people if person.role is role)
        doctor = next(person for person in people if person.role is Role.CLINICIAN)
        return Actor(role, person.id, person.clinic_id, person.name, doctor.id if delegated else None)

    def invite(self, name: str = "Nancy Berggren", package: str = "KOL") -> Invited:
        """Enrol a test person and open the first occasion, as the worker would."""
        enrolled = self.services.use_cases.enrol(
            system_of(self.demo), EnrolmentOrder(TEST_PERSONS[name], name, package)
        )
        self.services.use_cases.open_due()
        with self.services.store.read(self.demo.clinic_id, system_of(self.demo)) as tx:
            occasion = tx.occasions.open_of(enrolled.patient_ref)
        assert occasion is not None
        return Invited(enrolled.enrolment_id, link_token(self.services.keyring.link_key, occasion.id))

    def ask_again(self, invited: Invited, *, days: float) -> Invited:
        """Let days pass and ask the patient anew, as the clinic does by its button."""
        self.move_clock(days=days)
        ordered = self.services.use_cases.order(self.staff(Role.CLINICIAN), invited.enrolment_id, When.SEND_NOW)
        assert ordered.occasion_id is not None
        return Invited(invited.enrolment_id, link_token(self.services.keyring.link_key, ordered.occasion_id))

    def to_call(self, name: str) -> Invited:
        """Enrol a test person who is not digital, and let the invitation come on the clinic's call list."""
        invited = self.invite(name)
        entry = StatusEntry(0, TEST_PERSONS[name], "digital", value=False, since=None)
        self.services.use_cases.record_status(system_of(self.demo), StatusDelivery("lps", (entry,)))
        now = self.services.clock.now()
        with self.services.store.queue() as queue:
            for message in queue.claim("test", now, now + timedelta(minutes=1), 8):
                queue.settle(Settlement(message.id, message.clinic_id, message.fence, MessageState.ACCEPTED, now))
        return invited

    def bring_candidates(self) -> None:
        """Bring a list of two patients in, one of them for both packages."""
        rows = ("Nancy Berggren;KOL;R95;ja", "Else Lauridsen;KOL;R95;nej", "Else Lauridsen;LRS;L84;ja")
        lines = [f"{TEST_PERSONS[row.partition(';')[0]]};{row}" for row in rows]
        listed = "\n".join(["identifier;name;package;diagnosis;own_patient", *lines])
        self.services.use_cases.import_candidates(system_of(self.demo), listed.encode())

    def move_clock(self, *, days: float) -> None:
        """Let days pass for everybody."""
        file = self.services.settings.clock_file
        assert file is not None
        offset_s = float(file.read_text(encoding="ascii")) if file.exists() else 0.0
        file.write_text(str(offset_s + days * 86400), encoding="ascii")

    def fill(self, visit: Visit, **worse: Answer) -> None:
        """Answer every question with the first option, no or 0, and those named (`cat_1=...`) otherwise."""
        form = self.services.use_cases.form
        given = {link_id.replace("_", "-"): answer for link_id, answer in worse.items()}
        for page in form.overview(visit).questions:
            answer = given.get(page.item.link_id, mildest(page.item))
            form.save(visit, RequestId(page.form.request.id), page.item.link_id, (answer,))

    def refuse(self, target: str) -> None:
        """Let a plan, a record or the inbox refuse what waits for it; everything else arrives."""
        now = self.services.clock.now()
        with self.services.store.queue() as queue:
            for message in queue.claim("test", now, now + timedelta(minutes=1), 8):
                is_refused = message.target == target
                outcome = MessageState.DEAD if is_refused else MessageState.ACCEPTED
                queue.settle(Settlement(message.id, message.clinic_id, message.fence, outcome, now))

    def decide(self, invited: Invited, colour: str) -> None:
        """Let the doctor decide on the newest suggestion."""
        doctor = self.staff(Role.CLINICIAN)
        with self.services.store.read(self.demo.clinic_id, doctor) as tx:
            newest = tx.suggestions.newest(invited.enrolment_id)
        assert newest is not None
        order = DecisionOrder(invited.enrolment_id, newest.id, colour, reason="Set på.")
        self.services.use_cases.decide(doctor, order)

    def escalate(self) -> None:
        """Let a day pass in which nobody decides."""
        self.move_clock(days=1)
        self.services.use_cases.escalate()

    def put_aside(
        self,
        document: Mapping[str, Any] | None = None,
        *,
        channel: str = "webpatient",
        clinic_id: ClinicId | None = None,
    ) -> UnmatchedId:
        """Put an answer that fits no request, to mMRC unless said otherwise, into a clinic's tray."""
        clinic_id = clinic_id or self.demo.clinic_id
        answer = document or mmrc(None, subject=SUBJECT_OF_NOBODY)
        with self.services.store.write(clinic_id, Actor(Role.CHANNEL, channel, clinic_id)) as tx:
            assert tx.unmatched.add(channel, Canonical(answer["questionnaire"]), json.dumps(answer).encode())
            return tx.unmatched.waiting()[-1].id

    def answer(self, invited: Invited, **worse: Answer) -> Visit:
        """Fill in and send everything."""
        form = self.services.use_cases.form
        visit = form.open(invited.token)
        self.fill(visit, **worse)
        form.send(visit)
        return visit


def mildest(item: Item) -> Answer:
    """Return the first option, no, or the lowest number."""
    if item.type is ItemType.CHOICE:
        return Coded(item.options[0].system, item.options[0].code)
    return False if item.type is ItemType.BOOLEAN else item.min_value or 0


def build_world(directory: Path, database_url: str, *, released: Released = RELEASED, **more: str) -> World:
    """Build the application on a migrated, empty database.

    Args:
        released: the content files.
        more: settings besides, by their names in the environment.
    """
    own = {"SVARBRO_INSTANCE_DIR": str(directory), "SVARBRO_DATABASE_URL": database_url}
    settings = Settings.from_env({**own, **more})
    directory.mkdir(parents=True, exist_ok=True)
    ensure_key_file(settings.keys_file)
    app = create_app(settings, released)
    services = services_of(app)
    return World(app, services, seeded(services))


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application over real HTTP on a free port for the block; yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
