"""I17: no CPR number, name, answer, free text or token in a log, key, URL, header, file name or metric.

The demo's story runs with real processes. Between the worker and its receivers stands a recorder that writes down what
they can see, and first answers with what it was sent, as a talkative receiver does. Clumsy callers put what is secret
where it does not belong. `tests/log_search.py` searches the same logs, and all others, by pattern.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from re import fullmatch
from typing import Any
from urllib.parse import unquote

import pytest
import requests
from flask import Flask, Response, request
from sqlalchemy import text

from cli import story as steps
from cli.story import Story
from store.database import Store
from tests.installation import Installation, installed
from tests.log_corpus import corpus_dir
from tests.privacy.scan import findings
from tests.serving import served
from tests.workers import wait_until

DOORS = ("WEBPATIENT", "MINLAEGE", "PRINT", "FLP", "LPS")
REFUSED_TEXT = "Hjertesorg siden foråret"
REASON = "Samlet vurdering efter samtale."
WRONG_TOKEN = "a-token-that-nobody-gave-out"
PERSON = ("2512489996", "251248-9996", "Nancy", "Berggren")
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
HOP = {"host", "content-length", "connection", "transfer-encoding", "content-encoding"}


@dataclass
class Recorder:
    """Passes calls on to the simulator, and writes down what its owner would see of them.

    Args:
        target: address of the simulator, once it is there.
        has_echoed: the first message was answered with itself.
        bodies: may hold what they like; they prove that the recorder sees.
    """

    target: str = ""
    has_echoed: bool = False
    urls: list[str] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        return {value for name, value in self.headers if name == "Idempotency-Key"}

    def take(self) -> Response:
        self.urls.append(unquote(request.environ["RAW_URI"]))
        self.headers += [(name, value) for name, value in request.headers if name != "Authorization"]
        self.bodies.append(request.get_data(as_text=True))
        if request.method == "POST" and not self.has_echoed:
            self.has_echoed = True
            return Response(self.bodies[-1], 503)
        if not self.target:
            return Response(status=503)
        headers = {name: value for name, value in request.headers if name.lower() not in HOP}
        passed_on = self.target + request.environ["RAW_URI"]
        try:
            answer = requests.request(request.method, passed_on, data=request.get_data(), headers=headers, timeout=10)
        except requests.RequestException:
            return Response(status=502)
        kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in HOP]
        return Response(answer.content, answer.status_code, kept)


@dataclass(frozen=True)
class Told:
    """What an outsider, an operator and a receiver can see when the story is told."""

    recorder: Recorder
    directory: Path
    logs: Path
    metrics: str
    secrets: tuple[str, ...]

    def leaks(self, seen: str) -> tuple[str, ...]:
        """Name what of this stands in a text: whose it is, or what the general search says."""
        kinds = [f"secret {place}" for place, secret in enumerate(self.secrets) if secret in seen]
        return (*kinds, *findings(seen))


@pytest.fixture
def recorded() -> Iterator[tuple[Recorder, str]]:
    recorder = Recorder()
    app = Flask("recorder")
    app.add_url_rule("/", "root", recorder.take, methods=["GET", "POST", "PUT", "DELETE"], defaults={})
    app.add_url_rule("/<path:path>", "all", lambda path: recorder.take(), methods=["GET", "POST", "PUT", "DELETE"])
    with served(app) as address:
        yield recorder, address


@pytest.fixture
def told(tmp_path, database_url, database, recorded) -> Told:
    recorder, address = recorded
    doors = {f"SVARBRO_{name}_URL": address for name in DOORS}
    with installed(tmp_path, database_url, f"secrecy-{database}", more=doors) as here:
        recorder.target = here.addresses.simulator
        steps.enrol(here.story)
        wait_until(lambda: recorder.has_echoed)
        here.story.travel(1)
        tell(here.story)
        be_clumsy(here.story)
        here.crash("worker")
        metrics = requests.get(f"{here.addresses.web}/metrics", timeout=10).text
        secrets = (*PERSON, REFUSED_TEXT, REASON, WRONG_TOKEN, *tokens_of(here))
    return Told(recorder, tmp_path, corpus_dir() / f"secrecy-{database}", metrics, secrets)


def tell(story: Story) -> None:
    """Go the whole way, with an answer that is refused on it."""
    steps.invite(story)
    steps.answer_by_webhook(story)
    story.facts["refused"] = refused(story)
    for step in (steps.answer_by_fhir, steps.answer_by_form, steps.suggest, steps.await_assessment):
        step(story)
    for step in (steps.decide, steps.report, steps.plan_again):
        step(story)


def refused(story: Story) -> int:
    items = [{"linkId": "mrc-1", "text": REFUSED_TEXT, "answer": [{"valueString": REFUSED_TEXT}]}]
    body = json.dumps(steps.response_to(story.form("mmrc"), items)).encode()
    return call(story, "POST", "/fhir/QuestionnaireResponse", data=body)


def be_clumsy(story: Story) -> None:
    """Put what is secret into addresses, into a wrong body, and name a token that nobody gave out."""
    number, _, given, family = PERSON
    codes = [
        call(story, "GET", f"/fhir/Patient/{number}"),
        call(story, "GET", f"/fhir/Patient?identifier={number}&name={family}"),
        call(story, "POST", "/api/v1/enrolments", json={"identifier": number, "name": given, "package": number}),
        call(story, "POST", "/fhir/Patient/_search", data=f"name={family}".encode()),
        call(story, "GET", "/api/v1/enrolments", token=WRONG_TOKEN),
        call(story, "GET", f"/p/i/{WRONG_TOKEN}"),
    ]
    assert story.facts["refused"] == 422
    assert all(code >= 400 for code in codes), codes


def call(story: Story, method: str, path: str, *, token: str | None = None, **options: Any) -> int:
    headers = {
        "Authorization": f"Bearer {token or story.people.system_token}",
        **({"Content-Type": "application/fhir+json"} if "data" in options else {}),
    }
    return requests.request(method, story.web + path, headers=headers, timeout=10, **options).status_code


def tokens_of(here: Installation) -> tuple[str, ...]:
    """List every token of the installation: of its people, its receivers, and the patient's link."""
    environ: Mapping[str, str] = here.processes._environ
    ours = (environ[f"SVARBRO_{name}_TOKEN"] for name in DOORS)
    link = here.story.facts["message"]["link"].rpartition("/")[2]
    return (*ours, here.story.people.system_token, here.story.people.clinician_token, link)


def texts_of(store: Store) -> list[str]:
    """List what stands in the database in the open about how sending went."""
    queries = (
        "SELECT id, lane, last_error, provider_ref, lease_owner FROM outbox",
        "SELECT message_id, owner, error FROM attempt",
    )
    with store.queue() as queue:
        return [str(tuple(row)) for query in queries for row in queue.connection.execute(text(query))]


def test_i17_nothing_secret_is_told_on_the_whole_way(told, store, database, ledger):
    logs = sorted(told.logs.rglob("*.log"))
    searched = {
        "log lines": [line for log in logs for line in log.read_text(encoding="utf-8").splitlines()],
        "keys": sorted(told.recorder.keys),
        "URLs": told.recorder.urls,
        "headers": [f"{name}: {value}" for name, value in told.recorder.headers],
        "file names": [str(path.relative_to(told.directory)) for path in told.directory.rglob("*")]
        + [log.name for log in logs],
        "metrics": told.metrics.splitlines(),
        "notes on sending": texts_of(store),
    }
    leaks = {(place, leak) for place, seen in searched.items() for one in seen for leak in told.leaks(one)}

    sizes = {place.replace(" ", "_"): len(seen) for place, seen in searched.items()}
    ledger.add("I17 searched for what is secret", database=database, **sizes, found=len(leaks))
    assert leaks == set()
    assert all(searched.values())
    assert {log.stem for log in logs} >= {"web", "worker", "simulator"}
    assert all(fullmatch(UUID, key) for key in told.recorder.keys)
    bodies = "\n".join(told.recorder.bodies)
    assert all(secret in bodies for secret in (PERSON[0], "Nancy Berggren", "/p/i/")), "the recorder sees"
    assert told.leaks(f"patient {PERSON[0]}") == ("secret 0", "CPR number"), "the search finds"
