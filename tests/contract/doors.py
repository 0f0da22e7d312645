"""The whole web application behind real HTTP, with two clinics, for the tests of its machine doors."""

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app import Services, create_app, ring_form_of, services_of
from delivery.parties import Agreement, Clinic, PackageOptIn, Window
from delivery.schedule import Request
from flow.enrol import Enrolled, EnrolmentOrder
from kernel.ids import ClinicId, new_id
from kernel.settings import Settings
from security.actor import Actor, Role
from security.keys import ensure_key_file
from security.links import token_hash
from security.webhooks import sign
from tests.released import RELEASED

PERSONS = (("2512489996", "Nancy Berggren"), ("0104909995", "Sverre Mosebryggeren"), ("3001749995", "Niels Vendelboe"))
CANONICAL = "https://svarbro.example/fhir/Questionnaire/{0}|2.0.0"
SYSTEM = "https://svarbro.example/fhir/CodeSystem/{0}"
FHIR_JSON = "application/fhir+json"
PATIENCE_S = 10


@dataclass(frozen=True)
class Tenant:
    """One clinic and the bearer tokens of its practice system, doctor and administrator."""

    clinic_id: ClinicId
    system: Actor
    system_token: str
    doctor: Actor
    doctor_token: str
    admin_token: str


class Quiet(WSGIRequestHandler):
    """Serves without writing addresses to standard error."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


class House:
    """A served application, seen by two clinics of its own: other houses on it are other clinics."""

    app: Flask
    """Of the house that was served first: for those who look at its routes."""

    def __init__(self, services: Services, address: str, session: requests.Session) -> None:
        self.services = services
        self.address = address
        self.http = session
        self.one, self.other = (add_clinic(services, name) for name in ("Lægerne Et", "Lægerne To"))

    def call(self, method: str, path: str, token: str | None = None, **options: Any) -> requests.Response:
        """Call a path as the first clinic's practice system, or with another token (empty: none)."""
        chosen = self.one.system_token if token is None else token
        headers = {**({"Authorization": f"Bearer {chosen}"} if chosen else {}), **options.pop("headers", {})}
        return self.http.request(method, self.address + path, headers=headers, timeout=PATIENCE_S, **options)

    def get(self, path: str, token: str | None = None, **options: Any) -> requests.Response:
        """GET a path."""
        return self.call("GET", path, token, **options)

    def post(self, path: str, body: Any, token: str | None = None, **options: Any) -> requests.Response:
        """POST JSON, or bytes as they are, as FHIR."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": FHIR_JSON, **options.pop("headers", {})}
        return self.call("POST", path, token, data=data, headers=headers, **options)

    def enrol(self, person: int = 0, tenant: Tenant | None = None) -> Enrolled:
        """Enrol a test person in KOL and open what is due."""
        clinic = tenant or self.one
        enrolled = self.services.use_cases.enrol(clinic.system, EnrolmentOrder(*PERSONS[person], "KOL"))
        self.services.use_cases.open_due()
        return enrolled

    def asked(self, enrolled: Enrolled, tenant: Tenant | None = None) -> Mapping[str, Request]:
        """Return the open requests of a patient by the short name of their questionnaire."""
        clinic = tenant or self.one
        with self.services.store.read(clinic.clinic_id, clinic.system) as tx:
            occasion = tx.occasions.open_of(enrolled.patient_ref)
            assert occasion is not None
            found = tx.requests.of_occasion(occasion.id)
        return {request.questionnaire.rpartition("/")[2].partition("|")[0]: request for request in found}

    def answer_all(self, enrolled: Enrolled, cat_points: int = 1) -> dict[str, str]:
        """Answer everything that a patient is asked; return the ids of the responses by questionnaire."""
        asked = self.asked(enrolled)
        bodies = {name: BODIES[name](request.id) for name, request in asked.items()}
        bodies["cat"] = cat(asked["cat"].id, cat_points)
        answers = {name: self.post("/fhir/QuestionnaireResponse", body) for name, body in bodies.items()}
        assert {answer.status_code for answer in answers.values()} == {201}, [a.text for a in answers.values()]
        return {name: answer.json()["id"] for name, answer in answers.items()}

    def answer_rest(self, enrolled: Enrolled) -> None:
        """Answer what a patient is still asked."""
        for name, request in self.asked(enrolled).items():
            if request.state.is_open:
                assert self.post("/fhir/QuestionnaireResponse", BODIES[name](request.id)).status_code == 201

    def travel(self, days: float) -> None:
        """Move the clock of the application."""
        clock_file = self.services.settings.clock_file
        assert clock_file is not None
        clock_file.write_text(str(days * 86_400), encoding="ascii")

    def webhook(self, event: Any, *, webhook_id: str | None = None, **options: Any) -> requests.Response:
        """POST a signed webhook of WebPatient."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        secret = options.pop("secret", self.services.keyring.webhook_secrets["webpatient"][0])
        at = int(self.services.clock.now().timestamp()) + options.pop("skew_s", 0)
        name = webhook_id or new_id()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(at),
            "webhook-signature": sign(secret, name, at, body),
            **options.pop("headers", {}),
        }
        path = options.pop("path", "/channels/webpatient/events")
        return self.call("POST", path, "", data=options.pop("sent", body), headers=headers)

    def counted(self, table: str) -> int:
        """Count the rows of both clinics in a table."""
        own = f"clinic_id IN ('{self.one.clinic_id}', '{self.other.clinic_id}')"
        return int(self.value(f"SELECT count(*) FROM {table} WHERE {own}"))

    def value(self, query: str) -> Any:
        """Ask the database for one value."""
        with self.services.store.queue() as queue:
            return queue.connection.exec_driver_sql(query).scalar_one()


@contextmanager
def served(
    directory: Path, database_url: str, *, port: int = 0, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[House]:
    """Serve an application on a free port, with an empty database that is migrated already.

    Args:
        port: one that is free, and then also that of the address which the application gives the world.
        more: for the environment.
    """
    public = {"SVARBRO_PUBLIC_URL": f"http://127.0.0.1:{port}"} if port else {}
    environ = {"SVARBRO_INSTANCE_DIR": str(directory), "SVARBRO_DATABASE_URL": database_url, "SVARBRO_ENV": "demo"}
    settings = Settings.from_env({**environ, **public, **more})
    ensure_key_file(settings.keys_file, ring_form_of(settings))
    app = create_app(settings, RELEASED)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    services = services_of(app)
    try:
        with requests.Session() as session:
            house = House(services, f"http://127.0.0.1:{server.server_port}", session)
            house.app = app
            yield house
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        services.store.close()


def add_clinic(services: Services, name: str, channel: str = "webpatient") -> Tenant:
    """Add a clinic that runs KOL and writes to patients at any hour."""
    clinic_id = ClinicId(new_id())
    system = Actor(Role.SYSTEM, "lps", clinic_id, "LPS")
    doctor = Actor(Role.CLINICIAN, new_id(), clinic_id, "Lise Holm, læge")
    admin = Actor(Role.CLINIC_ADMIN, "admin", clinic_id)
    now = services.clock.now()
    always = Window(0, 24 * 60, frozenset(range(1, 8)), on_holidays=True)
    actors = {f"token-of-{actor.role.value}-{new_id()}": actor for actor in (system, doctor, admin)}
    with services.store.write(clinic_id, Actor(Role.OPERATOR, "seed", clinic_id)) as tx:
        sor_id = str(int(clinic_id.replace("-", ""), 16))[-15:]
        tx.clinics.add(Clinic(clinic_id, sor_id, "099999", name, "00 00 00 00", "midtjylland", always))
        tx.agreements.agree(Agreement("test", now.date(), "Lise Læge", now))
        tx.clinics.add_opt_in(PackageOptIn("KOL", "kol", channel, "flp", "test", now))
        for token, actor in actors.items():
            tx.clinics.add_token(token_hash(token), actor, now + timedelta(days=365))
    system_token, doctor_token, admin_token = actors
    return Tenant(clinic_id, system, system_token, doctor, doctor_token, admin_token)


def cat(request_id: str | None, points: int = 1, **others: Any) -> dict[str, Any]:
    """A CAT response with the same points everywhere."""
    return _response("cat", request_id, {f"cat-{n}": _coded("cat", points) for n in range(1, 9)}, others)


def mmrc(request_id: str | None, grade: int = 2, **others: Any) -> dict[str, Any]:
    """An MRC response."""
    return _response("mmrc", request_id, {"mrc-1": _coded("mmrc", grade)}, others)


def kol_status(request_id: str | None, **others: Any) -> dict[str, Any]:
    """A kol-status response without any sign of danger."""
    answers: dict[str, Any] = {f"kol-status-{n}": {"valueBoolean": False} for n in range(1, 8)}
    answers |= {f"kol-status-{n}": {"valueInteger": 0} for n in (8, 9)}
    return _response("kol-status", request_id, answers, others)


def shk_draft(request_id: str | None, answer: int = 0, **others: Any) -> dict[str, Any]:
    """A health literacy response with the same answer everywhere."""
    answers = {f"shk-{n}": _coded("shk-draft", answer) for n in range(1, 8)}
    return _response("shk-draft", request_id, answers, others)


BODIES: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "kol-status": kol_status,
    "mmrc": mmrc,
    "cat": cat,
    "shk-draft": shk_draft,
}
"""Short name of a questionnaire -> an answer without anything to worry about."""


def response_event(order_id: str, document: Mapping[str, Any] | bytes) -> dict[str, Any]:
    """The body of a webhook that carries an answer."""
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    carried = {"contentType": FHIR_JSON, "data": base64.b64encode(raw).decode()}
    return _event("response", {"orderId": order_id, "document": carried})


def receipt_event(order_id: str, event: str = "opened", **others: Any) -> dict[str, Any]:
    """The body of a webhook that tells what became of an invitation."""
    at = "2026-11-20T10:00:00Z"
    return _event("receipt", {"orderId": order_id, "event": event, "reference": "wp-1", "at": at, **others})


def _event(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "timestamp": "2026-11-20T10:00:01Z", "data": data}


def _coded(name: str, code: int) -> dict[str, Any]:
    return {"valueCoding": {"system": SYSTEM.format(name), "code": str(code)}}


def _response(
    name: str, request_id: str | None, answers: Mapping[str, Any], others: Mapping[str, Any]
) -> dict[str, Any]:
    based_on = {"basedOn": [{"reference": f"ServiceRequest/{request_id}"}]} if request_id else {}
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": CANONICAL.format(name),
        **based_on,
        "status": "completed",
        "authored": "2026-11-20T09:30:00+01:00",
        "item": [{"linkId": link_id, "answer": [value]} for link_id, value in answers.items()],
        **others,
    }
