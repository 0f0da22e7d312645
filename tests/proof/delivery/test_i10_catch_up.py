"""I10: after fourteen days without a worker each patient gets one message, in the clinic's hours, and nothing is lost.

Quick: 48 patients; in full 2,000.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from delivery.parties import Window
from delivery.recurrence import COPENHAGEN, danish_midnight
from flow.enrol import Enrolled, EnrolmentOrder
from tests.databases import KINDS, START, migrated, opened
from tests.fakes import FakeClock
from tests.proof.delivery.audit import differences
from tests.proof.extent import extent
from tests.season import Season
from tests.year import DatedChannel

PATIENTS = extent(48, 2_000)
BEGIN = date(2027, 2, 1)
"""A Monday; the worker stops two weeks later and is back after another two."""
STOPS = danish_midnight(BEGIN) + timedelta(days=14, hours=12)
BACK = STOPS + timedelta(days=14)


class Clinic(Season):
    """Patients who become due on every day of four weeks; every fourth is in both packages."""

    kind = ""

    def begin(self) -> None:
        self.clock.at = danish_midnight(BEGIN) + timedelta(hours=8)
        self.channel = self.dated = DatedChannel(clock=self.clock)
        self.speak()
        self.dispatch = replace(self.dispatch, window=100)
        self.add_clinic(window=Window())
        self.people = [self.enter(number) for number in range(PATIENTS)]

    def enter(self, number: int) -> Enrolled:
        day, place = divmod(number, 26 * 26 * 10)
        identifier = f"{day + 1:02}0190-1{chr(65 + place // 260)}{chr(65 + place // 10 % 26)}{place % 10}"
        start = BEGIN + timedelta(days=number % 28)
        packages = ("KOL", "LRS") if number % 4 == 0 else ("KOL",)
        name = f"Person {number}"
        both = [self.enrol(self.system, EnrolmentOrder(identifier, name, one, start=start)) for one in packages]
        return both[0]

    def work(self) -> None:
        """Let every tick of the worker run until nothing is left to do."""
        while self.expire():
            pass
        while self.open_due():
            pass
        while self.dispatch():
            pass

    def live(self) -> None:
        """Let the days until the stop pass, hour by hour of the clinic's window."""
        while self.clock.now() < STOPS:
            self.work()
            self.clock.move(hours=3)

    def come_back(self) -> None:
        """Begin again at night, then in the clinic's hours, and look twice."""
        self.before = len(self.dated.sent)
        self.clock.at = BACK.replace(hour=3)
        self.work()
        self.by_night = len(self.dated.sent) - self.before
        self.clock.at = BACK
        self.work()
        self.after = [invitation for _, invitation in self.dated.sent[self.before :]]
        self.work()
        self.again = len(self.dated.sent) - self.before - len(self.after)

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self.store.queue() as queue:
            return [dict(row._mapping) for row in queue.connection.execute(text(query))]


@pytest.fixture(scope="module", params=KINDS)
def clinic(request, tmp_path_factory, keyring) -> Iterator[Clinic]:
    clock = FakeClock(START)
    with (
        migrated(request, request.param, tmp_path_factory) as (url, directory),
        opened(url, keyring, clock, directory) as store,
    ):
        clinic = Clinic(store, clock, keyring)
        clinic.begin()
        clinic.live()
        clinic.come_back()
        clinic.kind = request.param
        yield clinic


def test_a_fortnight_without_a_worker_costs_each_patient_one_message(clinic, ledger):
    each = Counter(invitation.patient.ref for invitation in clinic.after)
    due = {row["patient_ref"] for row in clinic.rows("SELECT patient_ref FROM occasion WHERE state = 'open'")}
    missed = {"patients": PATIENTS, "messages": len(clinic.after), "most_for_one": max(each.values())}

    ledger.add("I10 a fortnight down", database=clinic.kind, **missed, by_night=clinic.by_night, again=clinic.again)
    assert set(each.values()) == {1}
    assert {invitation.reminds is None for invitation in clinic.after} == {True, False}, "both kinds were missed"
    assert each.keys() <= due
    assert clinic.by_night == 0, "nobody is written to at night"
    assert clinic.again == 0, "a second look finds nothing more"


def test_everything_that_was_due_in_the_fortnight_is_accounted_for(clinic, ledger):
    with clinic.store.queue() as queue:
        assert queue.expired_occasions(BACK, 10) == ()
    with clinic.store.survey() as survey:
        assert survey.due_patients(BACK, 10) == ()
        assert survey.waits_since(BACK) is None
    started = {row["patient_ref"] for row in clinic.rows("SELECT patient_ref FROM slot WHERE state != 'planned'")}
    states = Counter(row["state"] for row in clinic.rows("SELECT state FROM outbox WHERE kind = 'invitation'"))
    wrong = differences(clinic.store, BACK)

    ledger.add(
        "I10 accounted for", database=clinic.kind, due=len(started), **states, contradictions=sum(wrong.values())
    )
    assert started == {enrolled.patient_ref for enrolled in clinic.people if enrolled.first_due_at <= BACK}
    assert set(states) <= {"accepted", "expired", "cancelled"}
    assert states["accepted"] >= PATIENTS * 0.9
    assert wrong == {}


def test_every_message_left_in_the_clinics_hours(clinic):
    for at, _ in clinic.dated.sent:
        local = at.astimezone(COPENHAGEN)
        assert local.isoweekday() <= 5
        assert 9 <= local.hour < 18
