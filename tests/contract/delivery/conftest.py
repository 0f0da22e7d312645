"""A real simulator on loopback, and a small inbox in Svarbro's place that checks and keeps its webhooks."""

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from standardwebhooks import Webhook

from delivery.channels.app_order import AppChannel
from delivery.channels.letter import LetterChannel
from delivery.channels.minlaege import MinLaegeChannel
from delivery.channels.port import AskedForm, Invitation
from delivery.channels.webpatient import WebPatientChannel
from delivery.parties import Clinic, PatientIdentity
from delivery.plans.flp import FlpPlan
from delivery.plans.port import PlanReport, ReportedAnswer, ReportedDecision, ReportedScore
from delivery.simulator import AppAccess, SimulatorSettings, create_simulator
from kernel.ids import Canonical, ClinicId, PatientRef, RequestId, ResponseId
from tests.released import RELEASED
from tests.serving import served

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
NOW = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
CLINIC = Clinic(ClinicId("clinic-1"), "111111111111111", "012345", "Lægerne ved Åen", "86 12 34 56", "midtjylland")
NANCY = PatientIdentity(PatientRef("patient-1"), "2512489996", "cpr", "Nancy Berggren")
PATIENCE_S = 10
TIMEOUT_S = 2
"""More than a busy machine takes, and half of what a test orders as too slow: nothing else may run into it."""
APPS = {"webpatient": AppAccess("wp-token", SECRET), "minlaege": AppAccess("ml-token", SECRET)}


class RealTime:
    """The webhook's receiver checks its age against the real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Inbox:
    """What arrived in Svarbro's place, signatures checked by a library that we did not write."""

    events: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    doors: list[str | None] = field(default_factory=list)
    refusal: str = '{"title": "no"}'

    def take(self) -> Response:
        if self.answers and (status := self.answers.pop(0)) >= 400:
            return Response(self.refusal, status, content_type="application/problem+json")
        self.events.append(Webhook(SECRET).verify(request.get_data(), dict(request.headers)))
        self.ids.append(request.headers["webhook-id"])
        self.doors.append(request.endpoint)
        return Response('{"id": "response-1"}', 200, content_type="application/json")

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        end = time.monotonic() + PATIENCE_S
        while len(self.events) < count and time.monotonic() < end:
            time.sleep(0.01)
        assert len(self.events) >= count, self.events
        return self.events


@dataclass(frozen=True)
class Running:
    """One running simulator."""

    url: str
    inbox: Inbox

    @property
    def channel(self) -> WebPatientChannel:
        return WebPatientChannel(self.url, "wp-token", timeout_s=TIMEOUT_S)

    @property
    def minlaege(self) -> MinLaegeChannel:
        return MinLaegeChannel(self.url, "ml-token", timeout_s=TIMEOUT_S)

    @property
    def letter(self) -> LetterChannel:
        return LetterChannel(self.url, "print-token", RELEASED.letter, timeout_s=2)

    @property
    def plan(self) -> FlpPlan:
        return FlpPlan(self.url, "flp-token", timeout_s=TIMEOUT_S)

    def fail(self, target: str, behaviour: str, count: int = 1, **more: float) -> None:
        body = {"target": target, "behaviour": behaviour, "count": count, **more}
        assert requests.post(f"{self.url}/api/faults", json=body, timeout=5).status_code == 200

    def switch(self, target: str, state: str) -> None:
        posted = requests.post(f"{self.url}/api/receivers/{target}", json={"state": state}, timeout=5)
        assert posted.status_code == 200

    def get(self, path: str) -> Any:
        return requests.get(self.url + path, timeout=5).json()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def svarbro_url(inbox: Inbox) -> Iterator[str]:
    app = Flask("inbox")
    for channel in APPS:
        app.add_url_rule(f"/channels/{channel}/events", view_func=inbox.take, methods=["POST"], endpoint=channel)
    with served(app) as url:
        yield url


@pytest.fixture
def simulator(inbox: Inbox, svarbro_url: str) -> Iterator[Running]:
    settings = SimulatorSettings(
        svarbro_url, APPS, "flp-token", "lps-token", None, RealTime(), print_token="print-token"
    )
    app = create_simulator(settings)
    with served(app) as url:
        yield Running(url, inbox)
    app.extensions["simulator"].stop()


@dataclass(frozen=True)
class AppUnderTest:
    """One app of the simulator and the channel that speaks to it; every app passes the same suite."""

    simulator: Running
    kind: type[AppChannel]
    token: str
    tells: tuple[str, ...]

    def channel(self, url: str | None = None, token: str | None = None, timeout_s: float = TIMEOUT_S) -> AppChannel:
        return self.kind(url or self.simulator.url, token or self.token, timeout_s=timeout_s)

    @property
    def name(self) -> str:
        return self.kind.name


@pytest.fixture(
    params=[
        pytest.param((WebPatientChannel, "wp-token", ("accepted", "notified")), id="webpatient"),
        pytest.param((MinLaegeChannel, "ml-token", ("accepted",)), id="minlaege"),
    ]
)
def app(request: pytest.FixtureRequest, simulator: Running) -> AppUnderTest:
    kind, token, tells = request.param
    return AppUnderTest(simulator, kind, token, tells)


@pytest.fixture
def recorded() -> list[tuple[str, bytes]]:
    """Path and body of whatever was posted to a server of `answering`."""
    return []


@pytest.fixture
def answering(recorded: list[tuple[str, bytes]]) -> Iterator[Callable[..., str]]:
    """Serve the same answers to whoever asks: by method, each a body, a status and headers."""
    with ExitStack() as stack:

        def serve(**answers: tuple[str, int, dict[str, str]]) -> str:
            app = Flask("answers")

            def answer(path: str = "") -> Response:
                if request.method != "GET":
                    recorded.append((path, request.get_data()))
                body, status, headers = answers[request.method]
                return Response(body, status, headers)

            for rule in ("/", "/<path:path>"):
                app.add_url_rule(rule, view_func=answer, methods=list(answers), endpoint=rule)
            return stack.enter_context(served(app))

        yield serve


@pytest.fixture
def an_invitation() -> Callable[..., Invitation]:
    def make(key: str = "invitation-1", **changes: Any) -> Invitation:
        forms = (
            AskedForm(
                RequestId("request-1"),
                Canonical("https://svarbro.example/fhir/Questionnaire/kol-status|2.0.0"),
                "Din hverdag",
            ),
            AskedForm(
                RequestId("request-2"),
                Canonical("https://svarbro.example/fhir/Questionnaire/cat|2.0.0"),
                "Hverdag med lungesygdom",
            ),
        )
        values: dict[str, Any] = {
            "key": key,
            "occasion_id": "occasion-1",
            "clinic": CLINIC,
            "patient": NANCY,
            "forms": forms,
            "due": NOW,
            "expires": NOW + timedelta(days=21),
            "link": "http://127.0.0.1:8080/p/i/secret-token",
            "text": "Lægerne ved Åen beder dig svare på nogle spørgsmål.",
        }
        return Invitation(**(values | changes))

    return make


@pytest.fixture
def a_report() -> Callable[..., PlanReport]:
    def make(sequence: int = 1, *, decision: ReportedDecision | None = None, **changes: Any) -> PlanReport:
        answer = ReportedAnswer(
            ResponseId("response-1"),
            Canonical("https://svarbro.example/fhir/Questionnaire/cat|2.0.0"),
            "Hverdag med lungesygdom",
            NOW,
        )
        values: dict[str, Any] = {
            "key": f"report-{sequence}",
            "sequence": sequence,
            "enrolment_id": "enrolment-1",
            "package": "KOL",
            "clinic": CLINIC,
            "patient": NANCY,
            "enrolled_at": NOW,
            "awaiting": decision is None,
            "answers": (answer,),
            "decision": decision,
        }
        return PlanReport(**(values | changes))

    return make


@pytest.fixture
def a_decision() -> Callable[..., ReportedDecision]:
    def make(**changes: Any) -> ReportedDecision:
        values: dict[str, Any] = {
            "id": "decision-1",
            "suggestion_id": "suggestion-1",
            "colour": "YELLOW",
            "level": 2,
            "author": "Karen Holm",
            "decided_at": NOW + timedelta(days=1),
            "next_due": date(2027, 5, 21),
            "scores": (
                ReportedScore("catTotal", "CAT-score", "22.9", "høj", ("urn:oid:1.2.208.184.100.8", "MCS88137", "CAT")),
                ReportedScore("danger", "Faretegn", None, "nej"),
            ),
        }
        return ReportedDecision(**(values | changes))

    return make
