"""I8: once an opt-out, a death, a move, a pause or a silent source is committed, no call to a channel begins any more.

The moment is drawn at random among all that there are on a patient's way: before and after each step of the worker,
between claim and call, and while a call runs. Quick: 120 patients; in full 10,000.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from delivery.channels.port import Invitation, Receipt
from delivery.outbox import Message, MessageKind
from delivery.schedule import EnrolmentState
from flow.clinic_hours import ArrangeClinic
from flow.enrol import Enrolled, EnrolmentOrder
from flow.enrolment_state import ChangeEnrolmentState
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import DeliveryError
from kernel.ids import PatientRef
from security.actor import Role
from tests.builders import an_actor
from tests.proof.extent import extent
from tests.way import CONTENT, AtOnce, FakeChannel, Way

RUNS = extent(120, 10_000)
AT_ONCE = 40
"""Patients of one run of the worker."""
STATUSES = ("declined", "dead", "moved", "protected")
LAST_MOMENT = 14


@dataclass
class Chance:
    """Counts the moments of each patient, and acts at the one that was drawn."""

    act: Callable[[PatientRef], None]
    drawn: dict[PatientRef, int]
    seen: dict[PatientRef, int] = field(default_factory=dict)
    gone: set[PatientRef] = field(default_factory=set)

    def moment(self, patient_ref: PatientRef) -> None:
        """Let one moment of a patient pass."""
        self.seen[patient_ref] = self.seen.get(patient_ref, 0) + 1
        if self.seen[patient_ref] == self.drawn[patient_ref]:
            self.act(patient_ref)
            self.gone.add(patient_ref)


@dataclass
class Watched(FakeChannel):
    """Writes down which calls began for whom after the commit; every fifth call fails, so that there are retries."""

    chance: Chance | None = None
    begun: int = 0
    late: list[str] = field(default_factory=list)

    def send(self, invitation: Invitation) -> Receipt:
        assert self.chance is not None
        self.begun += 1
        if invitation.patient.ref in self.chance.gone:
            self.late.append(invitation.key)
        self.chance.moment(invitation.patient.ref)
        if self.begun % 5 == 0:
            raise DeliveryError("503", http_status=503)
        return super().send(invitation)


class Between(AtOnce):
    """Lets a moment pass between claim and call."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance

    def submit(self, call: Any, /, *arguments: Any, **options: Any) -> "Future[Any]":
        message: Message = arguments[0]
        if message.kind.is_to_patient:
            self.chance.moment(message.patient_ref)
        return super().submit(call, *arguments, **options)


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    way.add_clinic()
    return way


def enrol(way: Way, first: int, count: int) -> dict[PatientRef, tuple[Enrolled, str]]:
    """Enrol patients with replacement numbers: a made-up CPR number might be somebody's."""
    people = {}
    for number in range(first, first + count):
        day, place = divmod(number, 26 * 26 * 10)
        identifier = f"{day + 1:02}0190-1{chr(65 + place // 260)}{chr(65 + place // 10 % 26)}{place % 10}"
        enrolled = way.enrol(way.system, EnrolmentOrder(identifier, f"Person {number}", "KOL"))
        people[enrolled.patient_ref] = (enrolled, identifier)
    return people


def live_on(way: Way, chance: Chance, people: dict[PatientRef, Any], executor: Between) -> None:
    """Let three weeks pass: the invitation, its retries, both reminders; a moment before and after each step."""
    object.__setattr__(way.dispatch, "executor", executor)
    for step in (way.open_due, way.dispatch, way.dispatch, way.dispatch):
        for patient_ref in people:
            chance.moment(patient_ref)
        step()
        way.clock.move(days=3)
    for patient_ref in people:
        chance.moment(patient_ref)
    for _ in range(3):
        way.clock.move(days=3)
        way.dispatch()


def opting_out(
    way: Way, people: dict[PatientRef, tuple[Enrolled, str]], random: Random
) -> Callable[[PatientRef], None]:
    record = RecordStatus(way.store, way.clock, frozenset({"webpatient"}))
    change = ChangeEnrolmentState(way.store, CONTENT)

    def act(patient_ref: PatientRef) -> None:
        enrolled, identifier = people[patient_ref]
        what = random.choice([*STATUSES, "paused", "ended"])
        if what in STATUSES:
            record(way.system, StatusDelivery("cpr", (StatusEntry(0, identifier, what, value=True),)))
        else:
            change(way.doctor, enrolled.enrolment_id, EnrolmentState(what))

    return act


def test_no_call_begins_after_the_patient_is_out_at_any_of_many_random_moments(way, database, ledger):
    random = Random(20261120)
    drawn: list[int] = []
    begun = late = gone = 0
    for first in range(0, RUNS, AT_ONCE):
        people = enrol(way, first, min(AT_ONCE, RUNS - first))
        moments = {patient_ref: random.randint(1, LAST_MOMENT) for patient_ref in people}
        chance = Chance(opting_out(way, people, random), moments)
        way.channel = watched = Watched(chance=chance)
        way.speak()
        live_on(way, chance, people, Between(chance))
        begun, late, gone = begun + watched.begun, late + len(watched.late), gone + len(chance.gone)
        drawn += [moments[patient_ref] for patient_ref in chance.gone]

    ledger.add("I8 who is out", database=database, patients=RUNS, left=gone, calls_begun=begun, begun_after=late)
    assert late == 0, f"{gone} left at a random moment, {begun} calls began, {late} of them after the commit"
    assert gone >= RUNS * 0.6
    assert len(set(drawn)) >= 8, "early, late, between claim and call, and while a call ran"
    assert begun > RUNS


def test_no_call_begins_after_a_source_of_status_fell_silent(way):
    people = enrol(way, 0, 12)
    way.open_due()
    operator = an_actor(Role.OPERATOR)
    silence = Chance(lambda _: ArrangeClinic(way.store).demand_status(operator, "cpr", 24), dict.fromkeys(people, 99))
    silence.drawn[list(people)[5]] = 1
    way.channel = watched = Watched(chance=silence)
    way.speak()
    object.__setattr__(way.dispatch, "executor", Between(silence))

    way.dispatch()

    with way.look() as tx:
        invitations = [
            one
            for enrolled, _ in people.values()
            for one in tx.outbox.of_occasion(way.occasion(enrolled).id)
            if one.kind is MessageKind.INVITATION
        ]
    assert len(invitations) == 12, "nobody is lost"
    assert 0 < watched.begun < 12
    assert way.dispatch() == 0
