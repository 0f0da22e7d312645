"""A running house whose keys are turned: real web processes, real commands, and what its callers do."""

import itertools
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import requests

from cli.browser import Page
from kernel.clock import SystemClock
from kernel.ids import ClinicId, PatientRef, RequestId, new_id
from kernel.settings import Settings
from security.actor import Actor, Role
from security.cpr import Identifier
from security.key_file import KeyFile
from security.links import link_token
from security.webhooks import sign
from store.database import Store
from store.engine import open_engine
from tests.bench.patients import Prepared, prepared, settings_of
from tests.bench.processes import running
from tests.contract.doors import FHIR_JSON, receipt_event
from tests.log_corpus import corpus_dir
from tests.proof.security.callers import PATIENCE_S, ok
from tests.stored import store_clinic

CHANNEL = "webpatient"
TOGETHER = 200
"""Patients added in one transaction."""


@dataclass
class House:
    """A running service and its database.

    Args:
        bodies: answers that nobody has given yet.
        secret: with which the channel signs now.
        question: of the form that is filled in over and over again.
    """

    address: str
    environ: Mapping[str, str]
    store: Store
    keys: KeyFile
    made: Prepared
    secret: str
    bodies: Iterator[bytes]
    question: str = ""
    local: threading.local = field(default_factory=threading.local)

    @cached_property
    def actor(self) -> Actor:
        """The practice system of the first clinic."""
        return Actor(Role.SYSTEM, "lps", self.store.clinics()[0])

    @cached_property
    def patients(self) -> tuple[PatientRef, ...]:
        """Whom the first clinic treats."""
        with self.store.read(self.actor.clinic_id, self.actor) as tx:
            return tuple(one.patient_ref for one in tx.enrolments.all(limit=100_000))

    @cached_property
    def invitation(self) -> str:
        """Id of a message of which the channel tells."""
        with self.store.queue() as queue:
            found = queue.connection.exec_driver_sql("SELECT id FROM outbox WHERE kind = 'invitation'")
            return str(found.scalars().first())

    def submit(self) -> None:
        """Post an answer, and read it again; when all are given, give one again."""
        body = next(self.bodies, self.made.bodies[0])
        posted = ok(self._call("POST", "/fhir/QuestionnaireResponse", data=body), 200, 201)
        read = ok(self._call("GET", f"/fhir/QuestionnaireResponse/{posted.json()['id']}"))
        assert read.json()["basedOn"] == json.loads(body)["basedOn"]

    def look(self) -> None:
        """Read who a patient is."""
        ok(self._call("GET", f"/fhir/Patient/{random.choice(self.patients)}"))

    def take_in(self) -> None:
        """Take a new patient in, whose data key is wrapped with the key of the moment."""
        with self.store.write(self.actor.clinic_id, self.actor) as tx:
            tx.patients.add(Identifier("x-ecpr", new_id()), "New")

    def tell(self) -> None:
        """Send a signed webhook."""
        body, name, at = json.dumps(receipt_event(self.invitation)).encode(), new_id(), int(time.time())
        signature = sign(self.secret, name, at, body)
        signed = {"webhook-id": name, "webhook-timestamp": str(at), "webhook-signature": signature}
        headers = {"Content-Type": "application/json", **signed}
        ok(requests.post(f"{self.address}/channels/{CHANNEL}/events", data=body, headers=headers, timeout=PATIENCE_S))

    def fill_in(self) -> None:
        """Open a personal link, and answer the same question a few times over in that session."""
        with requests.Session() as browser:
            start = Page(ok(browser.get(self.link, timeout=PATIENCE_S)).text)
            # The same question each time: what is answered already is led past.
            self.question = self.question or f"{start.onward}"
            for _ in range(5):
                page = Page(ok(browser.get(f"{self.address}{self.question}", timeout=PATIENCE_S)).text)
                form = page.forms[-1]
                chosen = {name: values[0] for name, values in form.choices.items()}
                assert chosen, "the session is over"
                data = {**form.fields, **chosen}
                ok(browser.post(f"{self.address}{form.action}", data=data, timeout=PATIENCE_S))

    @cached_property
    def link(self) -> str:
        """The personal link of somebody whose answers nobody posts."""
        request_id = json.loads(self.made.bodies[-1])["basedOn"][0]["reference"].rpartition("/")[2]
        with self.store.read(self.actor.clinic_id, self.actor) as tx:
            occasion = tx.requests.get(RequestId(request_id)).occasion_id
        return f"{self.address}/p/i/{link_token(self.keys.link_key, occasion)}"

    def command(self, *arguments: str, more: Mapping[str, str] | None = None) -> float:
        """Run `svarbro keys ...`; return how many seconds it took."""
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "cli", "keys", *arguments],
            env={**self.environ, **(more or {})},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return time.monotonic() - begun

    def later(self, directory: Path, seconds: float) -> Mapping[str, str]:
        """Make the settings of a command for which it is later than for everybody else."""
        settings = Settings.from_env(self.environ)
        directory.mkdir()
        (directory / "clock-offset").write_text(str(seconds), encoding="ascii")
        (directory / "writer.lock").symlink_to(settings.instance_dir / "writer.lock")
        return {"SVARBRO_INSTANCE_DIR": str(directory), "SVARBRO_KEYS_FILE": str(settings.keys_file)}

    def open_everything(self) -> int:
        """Open who every patient is and what each answered, with the keys that are left; return how many seals."""
        opened = 0
        for clinic_id in self.store.clinics():
            with self.store.read(clinic_id, Actor(Role.OPERATOR, "proof", clinic_id)) as tx:
                query = "SELECT {0} FROM {1} WHERE clinic_id = '" + clinic_id + "'"
                refs = list(tx.scope.connection.exec_driver_sql(query.format("id", "patient")).scalars())
                responses = list(tx.scope.connection.exec_driver_sql(query.format("id", "response")).scalars())
                names = [one.name for one in tx.patients.identities(refs).values()]
                bodies = [tx.responses.raw(one) for one in responses]
            assert len(names) == len(refs)
            opened += len(names) + len(bodies)
        return opened

    def _call(self, method: str, path: str, **options: bytes) -> requests.Response:
        if not hasattr(self.local, "session"):
            self.local.session = requests.Session()
        headers = {"Authorization": f"Bearer {self.made.token}", "Content-Type": FHIR_JSON}
        answer: requests.Response = self.local.session.request(
            method, f"{self.address}{path}", headers=headers, timeout=PATIENCE_S, **options
        )
        return answer


@contextmanager
def turning_house(directory: Path, database_url: str, answers: int, options: tuple[str, ...]) -> Iterator[House]:
    """Serve a house with so many answers to be given.

    Args:
        options: of `svarbro serve`.
    """
    made = prepared(directory, database_url, answers)
    environ = settings_of(directory, database_url)
    settings = Settings.from_env(environ)
    keys = KeyFile(settings.keys_file)
    store = Store(open_engine(database_url), keys, SystemClock(), directory / "writer.lock")
    log = corpus_dir() / f"keys-{directory.name}.log"
    try:
        with running("keys", ("cli", "serve", *options), environ, log) as service:
            secret = keys.webhook_secrets[CHANNEL][0]
            yield House(service.address, environ, store, keys, made, secret, iter(made.bodies[:-1]))
    finally:
        store.close()


def fill(house: House, clinics: int, patients: int) -> int:
    """Add clinics, and patients to them in turn; return how many data keys there are then."""
    ids = [house.actor.clinic_id]
    for _ in range(clinics):
        ids.append(ClinicId(new_id()))
        store_clinic(house.store, ids[-1])
    parts = [min(TOGETHER, patients - first) for first in range(0, patients, TOGETHER)]
    for number, clinic_id in zip(parts, itertools.cycle(ids), strict=False):
        people = [(Identifier("x-ecpr", new_id()), "Somebody") for _ in range(number)]
        with house.store.write(clinic_id, Actor(Role.OPERATOR, "proof", clinic_id)) as tx:
            tx.patients.add_all(people)
    with house.store.queue() as queue:
        return sum(house.store.rewrapping(queue).used().values())
