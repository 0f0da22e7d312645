"""The way of an answer inside one process: real use cases and content, a fake channel, a fake plan, a clock to move."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from delivery.channels.port import Capabilities, Channel, Idempotency, Invitation, Receipt
from delivery.content import Content
from delivery.operator_alarm import OperatorAlarm
from delivery.plans.port import PlanReceipt, PlanReport, PlanTarget
from delivery.schedule import Occasion, Request
from flow.decide import Decide, DecisionOrder
from flow.deliver import Dispatch
from flow.enrol import Enrol, Enrolled, EnrolmentOrder
from flow.hand_over_patient import HandOverToPatient
from flow.hand_over_report import HandOverReport
from flow.receive import Received, ReceiveResponse
from flow.schedule import ExpireOccasions, OpenDue
from flow.suggest import Suggest
from kernel.errors import SvarbroError
from questionnaires.build import ResponseAbout, build_response
from questionnaires.enablement import asked
from questionnaires.model import Answer, Coded, Item, ItemType
from scoring.decision import Decision
from security.actor import Actor, Role
from security.keys import Keys
from store.database import Store
from store.transaction import Tx
from tests.builders import CLINIC_ID, a_clinic, an_actor, an_agreement, an_opt_in
from tests.contract.doors import cat, kol_status, mmrc
from tests.fakes import FakeClock
from tests.released import RELEASED

CONTENT = Content(RELEASED)
NANCY = ("2512489996", "Nancy Berggren")
KEYED = Capabilities(Idempotency.KEY)


@dataclass
class FakeChannel:
    """Takes invitations, or fails as told; the same key twice is one message."""

    name: str = "webpatient"
    capabilities: Capabilities = KEYED
    taken: dict[str, Invitation] = field(default_factory=dict)
    failures: list[BaseException] = field(default_factory=list)

    def send(self, invitation: Invitation) -> Receipt:
        if self.failures:
            raise self.failures.pop(0)
        duplicate = invitation.key in self.taken
        self.taken[invitation.key] = invitation
        return Receipt(f"wp-{len(self.taken)}", duplicate)


@dataclass
class FakePlan:
    """Takes reports, or fails as told."""

    name: str = "flp"
    capabilities: Capabilities = KEYED
    taken: list[PlanReport] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def report(self, report: PlanReport) -> PlanReceipt:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(report)
        return PlanReceipt(f"CarePlan/{report.enrolment_id}", str(len(self.taken)))


@dataclass
class FakeOperator:
    """Keeps what an operator is told."""

    name: str = "operator"
    capabilities: Capabilities = KEYED
    told: list[OperatorAlarm] = field(default_factory=list)

    def tell(self, alarm: OperatorAlarm) -> str:
        self.told.append(alarm)
        return alarm.key


class AtOnce(Executor):
    """Runs what is submitted before it returns."""

    def submit(self, call: Any, /, *arguments: Any, **options: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(call(*arguments, **options))
        except (SvarbroError, ValueError, KeyError) as error:
            future.set_exception(error)
        return future


def _is_open(item: Item, answers: Mapping[str, Any]) -> bool:
    return item.type not in (ItemType.GROUP, ItemType.DISPLAY) and item.link_id not in answers


def _answer_of(item: Item, wanted: Answer | None) -> Answer:
    if item.type is ItemType.CHOICE:
        code = item.options[0].code if wanted is None else str(wanted)
        return Coded(item.options[0].system, code)
    if wanted is not None:
        return wanted
    if item.type is ItemType.STRING:
        return "gå"
    return False if item.type is ItemType.BOOLEAN else item.min_value or 0


PUBLIC_URL = "https://svarbro.example"


@dataclass
class Way:
    """One clinic's way on one store."""

    store: Store
    clock: FakeClock
    keyring: Keys
    content: Content = CONTENT
    channel: FakeChannel = field(default_factory=FakeChannel)
    plan: FakePlan = field(default_factory=FakePlan)
    note: FakePlan = field(default_factory=lambda: FakePlan("lps-note"))
    inbox: FakePlan = field(default_factory=lambda: FakePlan("lps-inbox"))

    def __post_init__(self) -> None:
        self.enrol = Enrol(self.store, self.content, self.clock)
        self.open_due = OpenDue(self.store, self.content, self.clock, self.keyring)
        self.expire = ExpireOccasions(self.store, self.clock)
        self.receive = ReceiveResponse(self.store, self.content, self.clock, Suggest(self.content))
        self.decide = Decide(self.store, self.content, self.clock)
        self.speak()

    def speak(
        self, channels: Mapping[str, Channel] | None = None, plans: Mapping[str, PlanTarget] | None = None
    ) -> None:
        """Let what leaves go to these channels and plans; without any, to the way's own."""
        self.channels = channels or {self.channel.name: self.channel}
        plans = plans or {plan.name: plan for plan in (self.plan, self.note, self.inbox)}
        self.dispatch = Dispatch(
            store=self.store,
            clock=self.clock,
            to_patient=HandOverToPatient(self.store, self.content, self.clock, self.channels, self.keyring, PUBLIC_URL),
            report=HandOverReport(self.store, self.content, plans, PUBLIC_URL),
            executor=AtOnce(),
            owner="test",
            window=8,
            request_timeout_s=10,
            jitter=lambda: 1.0,
            receivers={**self.channels, **plans},
        )

    @property
    def system(self) -> Actor:
        return an_actor(Role.SYSTEM)

    @property
    def doctor(self) -> Actor:
        return an_actor(Role.CLINICIAN)

    def add_clinic(self, **clinic: Any) -> None:
        with self.store.write(CLINIC_ID, an_actor(Role.OPERATOR)) as tx:
            tx.clinics.add(a_clinic(**clinic))
            tx.agreements.agree(an_agreement())
            tx.clinics.add_opt_in(an_opt_in())

    def enrolled(self, **order: Any) -> Enrolled:
        return self.enrol(self.system, EnrolmentOrder(*NANCY, **{"package": "KOL", **order}))

    @contextmanager
    def look(self) -> Iterator[Tx]:
        with self.store.read(CLINIC_ID, self.system) as tx:
            yield tx

    def occasion(self, enrolled: Enrolled) -> Occasion:
        with self.look() as tx:
            found = tx.occasions.newest_of(enrolled.patient_ref)
        assert found is not None
        return found

    def asked(self, enrolled: Enrolled) -> dict[str, Request]:
        with self.look() as tx:
            requests = tx.requests.of_occasion(self.occasion(enrolled).id)
        return {request.questionnaire.rpartition("/")[2].partition("|")[0]: request for request in requests}

    def answer(self, body: dict[str, Any], via: str = "fhir") -> Received:
        body = {**body, "authored": self.clock.now().isoformat()}
        return self.receive(self.system, json.dumps(body).encode(), via=via)

    def answer_all(self, enrolled: Enrolled, *, points: int = 1, grade: int = 2) -> None:
        asked = self.asked(enrolled)
        self.answer(kol_status(asked.pop("kol-status").id))
        self.answer(mmrc(asked.pop("mmrc").id, grade))
        self.answer(cat(asked.pop("cat").id, points))
        for request in asked.values():
            self.fill(request)

    def fill(self, request: Request, **given: Answer) -> Received:
        """Answer a request: every item the mildest way, but those that are given (`nrs_pain=7`)."""
        questionnaire = self.content.questionnaires.get(request.questionnaire)
        wanted = {name.replace("_", "-"): answer for name, answer in given.items()}
        answers: dict[str, tuple[Answer, ...]] = {}
        while open_items := [one for one in asked(questionnaire, answers) if _is_open(one, answers)]:
            answers |= {one.link_id: (_answer_of(one, wanted.get(one.link_id)),) for one in open_items}
        assert wanted.keys() <= answers.keys(), f"{request.questionnaire} does not ask {wanted.keys() - answers.keys()}"
        about = ResponseAbout("completed", self.clock.now(), request=request.id)
        return self.receive(self.system, build_response(questionnaire, answers, about=about), via="form")

    def decided(self, enrolled: Enrolled, colour: str = "GREEN", **order: Any) -> Decision:
        with self.look() as tx:
            newest = tx.suggestions.newest(enrolled.enrolment_id)
        assert newest is not None
        order = {"reason": "Samlet vurdering.", **order}
        return self.decide(self.doctor, DecisionOrder(enrolled.enrolment_id, newest.id, colour, **order))
