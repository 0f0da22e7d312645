"""I10: after fourteen days without a worker each patient gets one message, in the clinic's hours, and nothing is lost.

`SVARBRO_PROOF=full` asks 2,000 patients instead of 48.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from delivery.parties import Window
from delivery.recurrence import COPENHAGEN, danish_midnight
from flow.enrol import Enrolled, EnrolmentOrder
from tests.proof.extent import FULL
from tests.season import Season
from tests.year import DatedChannel

PATIENTS = 2_000 if FULL else 48
BEGIN = date(2027, 2, 1)
"""A Monday; the worker stops two weeks later and is back after another two."""
STOPS = danish_midnight(BEGIN) + timedelta(days=14, hours=12)
BACK = STOPS + timedelta(days=14)


class Clinic(Season):
    """Patients who become due on every day of four weeks; every fourth is in both packages."""

    def begin(self) -> None:
        self.clock.at = danish_midnight(BEGIN) + timedelta(hours=8)
        self.channel = self.dated = DatedChannel(clock=self.clock)
        self.speak()
        self.add_clinic(window=Window())
        self.people = [self.enter(number) for number in range(PATIENTS)]

    def enter(self, number: int) -> Enrolled:
        identifier = f"010190-1{chr(65 + number // 260)}{chr(65 + number // 10 % 26)}{number % 10}"
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

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self.store.queue() as queue:
            return [dict(row._mapping) for row in queue.connection.execute(text(query))]


@pytest.fixture
def clinic(store, clock, keyring):
    clinic = Clinic(store, clock, keyring)
    clinic.begin()
    clinic.live()
    return clinic


def test_a_fortnight_without_a_worker_costs_each_patient_one_message(clinic):
    before = len(clinic.dated.sent)
    clinic.clock.at = BACK.replace(hour=3)
    clinic.work()
    assert len(clinic.dated.sent) == before, "nobody is written to at night"

    clinic.clock.at = BACK
    clinic.work()

    after = [invitation for _, invitation in clinic.dated.sent[before:]]
    each = Counter(invitation.patient.ref for invitation in after)
    assert set(each.values()) == {1}
    assert {invitation.reminds is None for invitation in after} == {True, False}, (
        "invitations and reminders were missed"
    )
    due = {row["patient_ref"] for row in clinic.rows("SELECT patient_ref FROM occasion WHERE state = 'open'")}
    assert each.keys() <= due
    clinic.work()
    assert len(clinic.dated.sent) == before + len(after), "a second look finds nothing more"


def test_everything_that_was_due_in_the_fortnight_is_accounted_for(clinic):
    clinic.clock.at = BACK
    clinic.work()

    with clinic.store.queue() as queue:
        assert queue.due_patients(BACK, 10) == ()
        assert queue.expired_occasions(BACK, 10) == ()
    with clinic.store.survey() as survey:
        assert survey.waits_since(BACK) is None
    started = {row["patient_ref"] for row in clinic.rows("SELECT patient_ref FROM slot WHERE state != 'planned'")}
    assert started == {enrolled.patient_ref for enrolled in clinic.people if enrolled.first_due_at <= BACK}
    states = Counter(row["state"] for row in clinic.rows("SELECT state FROM outbox WHERE kind = 'invitation'"))
    assert set(states) <= {"accepted", "expired", "cancelled"}
    assert states["accepted"] >= PATIENTS * 0.9


def test_every_message_left_in_the_clinics_hours(clinic):
    clinic.clock.at = BACK
    clinic.work()

    for at, _ in clinic.dated.sent:
        local = at.astimezone(COPENHAGEN)
        assert local.isoweekday() <= 5
        assert 9 <= local.hour < 18
