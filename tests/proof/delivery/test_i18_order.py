"""I18: a "received" that has to be sent again never overtakes a decision; for lanes under kills see the file of I3.

The plan service is the simulator's, over HTTP. The report of an answer goes wrong in each way, and the decision is
committed at each moment of its life; in the end the plan has shown the decision once it was there, and never less.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from flask import request

from delivery.plans.flp import FlpPlan
from delivery.plans.port import PlanReceipt, PlanReport
from delivery.simulator import SimulatorSettings, create_simulator
from kernel.errors import PlanError
from tests.serving import served
from tests.way import AtOnce, FakePlan, Way

MOMENTS = (
    "before the claim",
    "between claim and call",
    "before it is taken",
    "after it was taken",
    "before the retry",
    "between the retry's claim and its call",
)
FAULTS = ("refused for now", "no answer after it was taken", "worker dies before", "worker dies after", "none")
TOKEN = "flp-token"


class Death(BaseException):
    """The worker's process ends here."""


@dataclass
class Moments:
    """Lets a decision be made at the moment that was chosen.

    Args:
        chosen: one of MOMENTS.
        act: makes the decision.
    """

    chosen: str
    act: Callable[[], object]
    is_decided: bool = False

    def at(self, moment: str) -> None:
        if moment == self.chosen and not self.is_decided:
            self.is_decided = True
            self.act()


@dataclass
class UncertainPlan:
    """The real adapter; its first report goes wrong."""

    real: FlpPlan
    moments: Moments
    fault: str
    name: str = "flp"
    capabilities: Any = FlpPlan.capabilities
    sent: list[PlanReport] = field(default_factory=list)

    def report(self, report: PlanReport) -> PlanReceipt:
        self.sent.append(report)
        if len(self.sent) > 1:
            return self.real.report(report)
        self.moments.at("before it is taken")
        if self.fault == "refused for now":
            raise PlanError("answered 503", http_status=503)
        if self.fault == "worker dies before":
            raise Death
        receipt = self.real.report(report)
        self.moments.at("after it was taken")
        if self.fault == "worker dies after":
            raise Death
        if self.fault == "no answer after it was taken":
            raise PlanError("the line broke", maybe_accepted=True)
        return receipt


class BeforeCalls(AtOnce):
    """Lets the moment between claim and call pass."""

    def __init__(self, moments: Moments) -> None:
        self.moments = moments
        self.claims = 0

    def submit(self, call: Any, /, *arguments: Any, **options: Any) -> "Future[Any]":
        if arguments[0].target == "flp":
            self.claims += 1
            self.moments.at(MOMENTS[1] if self.claims == 1 else MOMENTS[5])
        return super().submit(call, *arguments, **options)


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    way.add_clinic()
    return way


@pytest.fixture
def told(database, counted):
    """Count for the database of this test."""
    found = counted[database]
    found["cases"] += 1
    return found


@pytest.fixture(scope="module")
def counted(ledger):
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    yield counted
    for database, found in counted.items():
        ledger.add("I18 a retried report and a decision", database=database, **found)


@contextmanager
def plan_service(way: Way) -> Iterator[tuple[str, Any]]:
    """Serve the simulator's plan service; yield its address and its application."""
    app = create_simulator(SimulatorSettings("http://127.0.0.1:9", {}, TOKEN, "lps-token", None, way.clock))
    with served(app) as url:
        try:
            yield url, app
        finally:
            app.extensions["simulator"].stop()


def worked(way: Way, plan: Any, executor: Any = None) -> None:
    """Be a worker until it dies or has done what there is."""
    way.speak(plans={plan.name: plan, "lps-inbox": FakePlan("lps-inbox"), "lps-note": FakePlan("lps-note")})
    if executor is not None:
        object.__setattr__(way.dispatch, "executor", executor)
    while way.dispatch():
        pass


def versions(app: Any, enrolment_id: str) -> list[tuple[int, bool]]:
    """Tell of each version of the plan the number of its report, and whether it shows a decision."""
    held = app.extensions["simulator"].plans.history("CarePlan", enrolment_id)
    return [(one.body["extension"][0]["valueInteger"], "supportingInfo" in one.body) for one in held]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_retried_received_never_overtakes_a_decision(way, told, moment, fault):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    way.answer_all(enrolled)
    moments = Moments(moment, lambda: way.decided(enrolled))
    with plan_service(way) as (url, app):
        plan = UncertainPlan(FlpPlan(url, TOKEN), moments, fault)
        executor = BeforeCalls(moments)
        moments.at("before the claim")
        for _ in range(4):
            with suppress(Death):
                worked(way, plan, executor)
            moments.at("before the retry")
            way.clock.move(hours=1)
        moments.at(moments.chosen)
        worked(way, plan)
        shown = versions(app, enrolled.enrolment_id)

    numbers, decided = zip(*shown, strict=True)
    told["reports_sent"] += len(plan.sent)
    told["plan_versions"] += len(shown)
    told["steps_back"] += sum(earlier > later for earlier, later in pairwise(decided))
    assert list(numbers) == sorted(set(numbers)), "no report is shown twice, and none after a newer one"
    assert list(decided) == sorted(decided), "once the decision is shown it stays"
    assert decided[-1]
    with way.look() as tx:
        states = {one.state.value for one in tx.outbox.of_enrolment(enrolled.enrolment_id) if one.target == "flp"}
    assert states <= {"accepted", "superseded"}


def test_a_worker_that_slept_between_reading_and_writing_the_plan_does_not_put_it_back(way):
    """It read the plan before the decision was there, and writes only after another worker has carried the decision."""
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    way.answer_all(enrolled)
    asleep: list[bool] = []
    with plan_service(way) as (url, app):

        @app.before_request
        def sleep() -> None:
            if request.method == "POST" and not asleep:
                asleep.append(True)
                way.decided(enrolled)
                way.clock.move(hours=1)
                worked(Way(way.store, way.clock, way.keyring, channel=way.channel), FlpPlan(url, TOKEN))

        worked(way, FlpPlan(url, TOKEN))
        shown = versions(app, enrolled.enrolment_id)

    assert asleep
    assert [decided for _, decided in shown] == [True] * len(shown)
    assert [number for number, _ in shown] == sorted({number for number, _ in shown})
