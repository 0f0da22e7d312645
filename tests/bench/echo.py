"""Reference one: the same service with the same doors, reads and inserts, in which gate and scoring are an echo."""

import argparse
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace

import jiter
from flask import Flask

from app import create_app, services_of
from cli.webserver import WebServer
from delivery.content import Content
from delivery.programme import Programme
from delivery.schedule import Request
from flow.receive import ReceiveResponse, Submission
from flow.sign_in import TokenAuthenticator
from flow.suggest import Suggest
from kernel.ids import OccasionId, new_id
from kernel.log import configure_logs
from kernel.settings import Settings
from scoring.evaluate import evaluate
from scoring.evaluate_needs import assess
from scoring.history import History
from scoring.needs import NeedsAssessment
from scoring.suggestion import Alert
from scoring.table import Table
from scoring.timeline import Moment, inputs_for, needs_inputs
from tests.bench.computing import NOW, given_history
from tests.bench.patients import body_of
from web.install import install


@dataclass(frozen=True, slots=True)
class EchoReceive(ReceiveResponse):
    """Reads which request is answered out of the JSON, and takes the rest from one response made before.

    Args:
        canned: what gate and scoring gave for that one.
    """

    canned: Submission

    def prepare(self, raw: bytes, via: str) -> Submission:
        """Echo."""
        (reference,) = (one["reference"] for one in jiter.from_json(raw)["basedOn"])
        checked = replace(self.canned.checked, request=reference.removeprefix("ServiceRequest/"))
        digest = hashlib.sha256(raw).hexdigest()
        return Submission(raw, digest, via, checked, self.canned.scored, self.canned.vector)


@dataclass(frozen=True, slots=True)
class EchoSuggest(Suggest):
    """Reads what a suggestion reads, and takes the suggestion from one made before."""

    canned_alert: Alert
    canned_needs: NeedsAssessment

    def alert(self, table: Table, moment: Moment, history: History, asked: Collection[Request]) -> Alert:
        """Echo."""
        return self.canned_alert

    def _needs(self, programme: Programme, moment: Moment, history: History) -> NeedsAssessment:
        return self.canned_needs


def create_echo(settings: Settings) -> Flask:
    """Build the application as `create_app` does, with the two use cases replaced."""
    donor = create_app(settings)
    services = services_of(donor)
    content = services.content
    real = services.use_cases.receive
    receive = EchoReceive(
        real.store, content, real.clock, _suggest(content), canned=real.prepare(body_of(new_id()), "fhir")
    )
    app = Flask("web")
    app.config.update({name: value for name, value in donor.config.items() if name.startswith(("SECRET", "SESSION"))})
    use_cases = replace(services.use_cases, receive=receive)
    install(app, use_cases, content, TokenAuthenticator(services.store), people=tuple, bare_links=True)
    return app


def _suggest(content: Content) -> EchoSuggest:
    moment, history = Moment(NOW, "start", OccasionId("now")), given_history(content)
    table, needs = content.catalogue.table("alert/kol"), content.catalogue.needs()
    return EchoSuggest(
        content,
        canned_alert=evaluate(table, moment.phase, inputs_for(table, moment, history)),
        canned_needs=assess(needs, "kol", needs_inputs(needs, "kol", moment, history)),
    )


def _make_app() -> Flask:
    configure_logs("web")
    return create_echo(Settings.from_env())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    WebServer(_make_app, f"127.0.0.1:{parser.parse_args().port}").run()
