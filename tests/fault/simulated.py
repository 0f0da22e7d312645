"""The way with the real simulator at its other end: channels over real HTTP, receipts back through the real door."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

from flask import Flask, Response, request

from delivery.channels.minlaege import MinLaegeChannel
from delivery.channels.webpatient import WebPatientChannel
from delivery.outbox import Message, MessageState
from delivery.simulator import AppAccess, SimulatorSettings, create_simulator
from delivery.simulator.parts import Simulator
from delivery.simulator.scenario import Scenario
from flow.event import ReceiveEvent
from kernel.errors import SvarbroError
from tests.serving import served
from tests.way import Way
from web.channels.schemas import event_of

TIMEOUT_S = 1.0
TOKENS = {"webpatient": "wp-token", "minlaege": "ml-token"}
PATIENCE_S = 10
ROUNDS = 4
"""Attempts that a test allows a message; their waits are passed over by moving the clock."""


@dataclass
class Simulated:
    """One clinic's way, and the simulator that it speaks to."""

    way: Way
    simulator: Simulator
    url: str
    statuses: list[int] = field(default_factory=list)
    held_s: list[float] = field(default_factory=list)

    def invited(self) -> Message:
        """Enrol a patient, and do what a worker does until nothing is left to do, or patience is over."""
        enrolled = self.way.enrolled()
        self.way.open_due()
        self.dispatch()
        for _ in range(ROUNDS - 1):
            if self.invitation(enrolled).state is not MessageState.DUE:
                break
            self.hear()
            self.way.clock.move(minutes=40)
            self.dispatch()
        return self.invitation(enrolled)

    def hear(self) -> None:
        """Wait for the receipts of what was taken: a call that is under way must not grow old with the clock."""
        expected = 2 * self.simulator.arrivals.summary("webpatient")["unique"]
        end = monotonic() + PATIENCE_S
        while len(self.statuses) < expected and monotonic() < end:
            sleep(0.01)

    def dispatch(self) -> None:
        begun = monotonic()
        self.way.dispatch()
        self.held_s.append(monotonic() - begun)

    def invitation(self, enrolled: Any) -> Message:
        with self.way.look() as tx:
            return tx.outbox.of_occasion(self.way.occasion(enrolled).id)[0]

    def told(self, message: Message) -> str | None:
        """Return the highest receipt of a message."""
        with self.way.look() as tx:
            return tx.events.channel_state(message.id)


@contextmanager
def simulated(way: Way, scenario: Scenario) -> Iterator[Simulated]:
    """Run a simulator that behaves as told."""
    door = Flask("door")
    statuses: list[int] = []
    event = ReceiveEvent(way.store, way.clock, way.keyring, way.receive)

    @door.post("/channels/<name>/events")
    def events(name: str) -> Response:
        try:
            call = event.authenticate(name, request.headers, request.get_data())
            event(call, event_of(call.raw))
        except SvarbroError as error:
            statuses.append(error.status)
            return Response(status=error.status)
        statuses.append(200)
        return Response(status=200)

    apps = {name: AppAccess(token, way.keyring.webhook_secrets[name][0]) for name, token in TOKENS.items()}
    with served(door) as svarbro_url:
        app = create_simulator(
            SimulatorSettings(svarbro_url, apps, "flp", "lps", None, way.clock, scenario, print_token="print-token")
        )
        with served(app) as url:
            way.speak(
                {
                    "webpatient": WebPatientChannel(url, TOKENS["webpatient"], timeout_s=TIMEOUT_S),
                    "minlaege": MinLaegeChannel(url, TOKENS["minlaege"], timeout_s=TIMEOUT_S),
                }
            )
            try:
                yield Simulated(way, app.extensions["simulator"], url, statuses)
            finally:
                app.extensions["simulator"].stop()
