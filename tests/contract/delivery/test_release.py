"""Nothing coloured leaves before the decision: what every adapter of the installation really sends, byte by byte."""

import json
from base64 import b64decode
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pkgutil import iter_modules

import pytest

from app import adapters
from delivery import documents
from delivery.escalation import Step
from delivery.leave import LeaveKind
from delivery.outbox import MessageKind
from delivery.plans.operator_webhook import OperatorWebhook
from delivery.release import INBOX, POLICIES, BeforeDecision
from flow.enrol import EnrolmentOrder
from flow.escalate import EscalateReds
from flow.form import PatientForm, Visit
from flow.leave import Choice, LeaveForm
from flow.order import When
from flow.report import enqueue_report
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from flow.unsent import UnsentDangers
from kernel.errors import HandoverError
from kernel.settings import Settings
from scoring.decision import Decision
from scoring.levels import Colour, DifferentiationLevel, Urgency
from scoring.result import Score
from scoring.suggestion import Alert
from tests.builders import CLINIC_ID
from tests.contract.doors import PERSONS, cat, mmrc
from tests.contract.results import PACKAGES, severely, told
from tests.pdf_text import text_of_pdf
from tests.released import RELEASED
from tests.season import Season
from tests.way import CONTENT, FakeChannel

ACCEPTING = json.dumps(
    {"reference": "r-1", "resourceType": "Bundle", "entry": [{"response": {"status": "201", "etag": 'W/"1"'}}]}
)
CHANNELS, PLANS = adapters(Settings.from_env({}), RELEASED)
SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCBvbmx5"
RESULTS = (Colour, Urgency, DifferentiationLevel, Score, Alert, Decision)


@pytest.fixture
def way(sqlite_store, clock, keyring):
    way = Season(sqlite_store, clock, keyring)
    way.add_clinic()
    return way


class RefusingOnce:
    """A plan that refuses the first report and takes all others."""

    def __init__(self, plan):
        self.name, self.capabilities, self.plan = plan.name, plan.capabilities, plan
        self.refuses = True

    def report(self, report):
        if self.refuses:
            self.refuses = False
            raise HandoverError("Unknown to us.", permanent=True)
        return self.plan.report(report)


@pytest.fixture
def address(answering):
    """Serve a receiver that takes everything."""
    return answering(POST=(ACCEPTING, 201, {}), GET=("{}", 404, {}), DELETE=("", 204, {}))


@pytest.fixture
def sent(way, address, recorded):
    """Let the way's dispatch speak through the installation's own adapters to a receiver that keeps what it gets."""
    url = address
    environ = {f"SVARBRO_{name}_URL": url for name in ("WEBPATIENT", "MINLAEGE", "PRINT", "FLP", "LPS")}
    way.speak(*adapters(Settings.from_env(environ), RELEASED))
    return recorded


def tell(way, target=None, channel=None):
    """Put everybody on another target or channel, as a clinic's choice of package would."""
    column, value = ("plan_target", target) if target else ("channel", channel)
    with way.store.queue() as queue:
        queue.connection.exec_driver_sql(f"UPDATE enrolment SET {column} = '{value}'")


def empty(way):
    while way.dispatch():
        pass


def coloured(sent):
    """Name the addresses to which something was sent that tells of a result."""
    return {path for path, raw in sent if told(raw.decode())}


def answer_badly(way, enrolled):
    """Answer everything that a patient is asked as badly as can be."""
    for request in way.asked(enrolled).values():
        way.receive(way.system, severely(CONTENT.questionnaires.get(request.questionnaire), request), via="form")


def take_back(way):
    """Invite somebody who declines then: the message is taken off the phone."""
    way.enrol(way.system, EnrolmentOrder(*PERSONS[2], "KOL"))
    way.open_due()
    empty(way)
    declines = StatusEntry(0, PERSONS[2][0], "declined", value=True)
    RecordStatus(way.store, way.clock)(way.system, StatusDelivery("lps", (declines,)))
    empty(way)


def leave_unsent(way):
    """Let somebody answer a question of danger, not send it, wish for contact, and say no to the form later."""
    enrolled = way.enrol(way.system, EnrolmentOrder("010190-1AA0", "Person 0", "KOL"))
    way.open_due()
    empty(way)
    visit = Visit(CLINIC_ID, way.occasion(enrolled).id, enrolled.patient_ref)
    form = PatientForm(way.store, CONTENT, way.clock, way.receive)
    form.save(visit, way.asked(enrolled)["kol-status"].id, "kol-status-1", (True,))
    way.clock.move(hours=1)
    assert UnsentDangers(way.store, CONTENT, way.clock)() == 1
    form.wish_contact(visit, wished=True, alone=True)
    empty(way)
    LeaveForm(way.store, CONTENT)(visit, Choice(LeaveKind.ONCE))
    empty(way)


def test_the_policies_name_exactly_the_installed_targets():
    assert set(PLANS) == set(POLICIES)


def test_no_documents_are_made_yet_that_nobody_looks_through_here():
    assert [module.name for module in iter_modules(documents.__path__)] == []


@pytest.mark.parametrize("packages", PACKAGES.values(), ids=PACKAGES)
@pytest.mark.parametrize("target", PLANS)
def test_nothing_coloured_reaches_a_target_before_the_decision(way, sent, target, packages):
    enrolled = [way.enrolled(package=package) for package in packages]
    tell(way, target=target)
    way.open_due()
    answer_badly(way, enrolled[0])
    empty(way)
    with way.look() as tx:
        newest = [tx.suggestions.newest(one.enrolment_id) for one in enrolled]
    before = list(sent)
    sent.clear()
    for one in enrolled:
        way.decided(one, "RED", level=3)
    empty(way)

    assert {one.alert.colour for one in newest} == {Colour.RED}
    assert all(Colour.RED in [dimension.colour for dimension in one.needs.dimensions] for one in newest)
    assert coloured(before) == {"lps/v1/inbox"}
    released = coloured(sent) - {"lps/v1/inbox"}
    assert len(released) == (target != INBOX), "what this target is sent is seen here"
    was_told = POLICIES[target].before is BeforeDecision.AWAITING
    assert released & {path for path, _ in before} == (released if was_told else set())


def test_every_kind_of_message_is_looked_through_and_only_the_inbox_is_told_before_the_decision(way, sent, address):
    refusing = FakeChannel("refusing", failures=[HandoverError("Unknown to us.", permanent=True)])
    plan = RefusingOnce(way.dispatch.report.plans["flp"])
    way.speak({**way.channels, "refusing": refusing}, {**way.dispatch.report.plans, "flp": plan})
    told = OperatorWebhook(address, SECRET, way.clock)
    way.dispatch = replace(way.dispatch, report=replace(way.dispatch.report, operator=told))
    escalate = EscalateReds(way.store, CONTENT, way.clock)
    way.enrol(way.system, EnrolmentOrder(*PERSONS[1], "KOL"))
    tell(way, channel="refusing")
    enrolled = way.both()
    way.open_due()
    empty(way)
    way.clock.move(days=3)
    empty(way)
    answer_badly(way, enrolled[0])
    empty(way)
    take_back(way)
    leave_unsent(way)
    for step in Step:
        way.clock.move(days=5)
        assert escalate() == 2, step
        empty(way)
    way.clock.move(days=60)
    assert way.expire() == 1
    empty(way)
    before = list(sent)
    sent.clear()
    way.decided(enrolled[0], "RED", level=3)
    empty(way)

    with way.store.queue() as queue:
        kinds = {
            row.kind for row in queue.connection.exec_driver_sql("SELECT kind FROM outbox WHERE state = 'accepted'")
        }
    assert kinds == set(MessageKind)
    assert coloured(before) == {"lps/v1/inbox"}


@pytest.mark.parametrize("target", [target for target in PLANS if target != INBOX])
def test_an_answer_that_came_after_the_decision_is_not_released_with_it(way, sent, target):
    enrolled = way.enrolled()
    way.open_due()
    asked = way.asked(enrolled)
    tell(way, target=target)
    way.answer(mmrc(asked["mmrc"].id))
    way.decided(enrolled, "GREEN")
    way.clock.move(seconds=1)
    way.answer(cat(asked["cat"].id))
    with way.store.write(way.system.clinic_id, way.system) as tx:
        newest = tx.decisions.newest(enrolled.enrolment_id)
        enqueue_report(tx, tx.enrolments.get(enrolled.enrolment_id), decision_id=newest.id)
    empty(way)

    told = [raw.decode() for path, raw in sent if "inbox" not in path and "orders" not in path]
    assert told
    assert not [text for text in told if "MCS88137" in text or "CAT-score" in text]


@pytest.mark.parametrize("packages", PACKAGES.values(), ids=PACKAGES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_is_told_of_a_result(way, sent, channel, packages):
    enrolled = [way.enrolled(package=package) for package in packages]
    tell(way, channel=channel)
    way.open_due()
    empty(way)
    answer_badly(way, enrolled[0])
    way.clock.move(days=120)
    way.order(way.doctor, enrolled[0].enrolment_id, When.SEND_NOW)
    empty(way)

    orders = [(path, readable(path, raw)) for path, raw in sent if path.endswith(("orders", "letters"))]
    assert len(orders) == (0 if channel == "clinic" else 2), "before and after there is a result to tell"
    assert coloured(orders) == set()


def readable(path, raw):
    """Unpack a letter: what is on its page counts, not how a PDF keeps it."""
    if not path.endswith("letters"):
        return raw
    letter = json.loads(raw)
    page = text_of_pdf(b64decode(letter.pop("document")["data"]))
    assert "Nancy Berggren" in page
    return json.dumps({**letter, "page": page}, ensure_ascii=False).encode()


def test_the_patients_pages_are_given_no_result(way):
    enrolled, _ = way.both()
    way.open_due()
    way.dispatch()
    (invitation,) = way.channel.taken.values()
    form = PatientForm(way.store, CONTENT, way.clock, way.receive)
    visit = form.open(invitation.link.rpartition("/")[2])
    before = form.overview(visit)
    answer_badly(way, enrolled)

    for overview in (before, form.overview(visit)):
        assert not [value for value in everything_in(overview) if isinstance(value, RESULTS)]


def everything_in(value, seen=None):
    """Walk through a value: every field of every dataclass, every entry of every collection."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    yield value
    if is_dataclass(value):
        inner = [getattr(value, one.name) for one in fields(value)]
    elif isinstance(value, dict):
        inner = [*value, *value.values()]
    else:
        inner = list(value) if isinstance(value, tuple | list | frozenset | set) and not isinstance(value, Enum) else []
    for one in inner:
        yield from everything_in(one, seen)
