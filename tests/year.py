"""A year of a clinic with both packages: a list comes in, a clinician orders from it, time moves in steps."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import text

from delivery.channels.port import Invitation, Receipt
from delivery.parties import Window
from delivery.schedule import Occasion
from flow.candidates import Candidates
from flow.enrol import Enrolled
from flow.entry import Entry
from flow.order import When
from kernel.ids import OccasionId
from tests.builders import CLINIC_ID
from tests.fakes import FakeClock
from tests.population import Desk, Patient
from tests.season import Season
from tests.way import CONTENT, FakeChannel

HOURS = (6, 13)
"""When the worker is looked at, UTC, day about: before the clinic opens, and in its window."""
START = datetime(2027, 1, 4, HOURS[0], tzinfo=UTC)
"""A Monday."""
DAYS = 366
ENROLMENT_DAYS = 60
"""The clinician goes through the list in so many days."""
LIST_DAYS, REVIEW_DAYS = 5, 30
"""The list is looked at every so many days, until everybody was ordered or excluded, and then for reviews."""


@dataclass
class DatedChannel(FakeChannel):
    """Writes down when each invitation was handed over."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(START))
    sent: list[tuple[datetime, Invitation]] = field(default_factory=list)
    occasions: set[OccasionId] = field(default_factory=set)

    def send(self, invitation: Invitation) -> Receipt:
        self.sent.append((self.clock.now(), invitation))
        self.occasions.add(invitation.occasion_id)
        return super().send(invitation)


class Year(Season):
    """One clinic's year: `begin`, bring a list in, `run`."""

    def begin(self) -> None:
        """Set the clock and open the clinic, with the usual window of a clinic."""
        self.clock.at = START
        self.channel = self.dated = DatedChannel(clock=self.clock)
        self.speak()
        self.dispatch = replace(self.dispatch, window=100)
        self.add_clinic(window=Window())
        entry = Entry(CONTENT, frozenset({self.channel.name}))
        self.desk = Desk(Candidates(self.store, self.clock, entry), self.doctor, self.clock)
        self.patients: list[Patient] = []
        self.seen = 0
        self.imported: list[dict[str, Any]] = []

    def run(self, patients: int) -> None:
        """Let the year pass."""
        for day in range(DAYS):
            self.clock.at = START + timedelta(days=day, hours=HOURS[day % 2] - HOURS[0])
            self.expire_all()
            while self.due() and self.open_due():
                pass
            while self.waits() and self.dispatch():
                pass
            if day % (LIST_DAYS if day < ENROLMENT_DAYS else REVIEW_DAYS) == 0:
                self.look_at_list(day, patients)
            self.answer_some()
            self.happen(day)

    def look_at_list(self, day: int, patients: int) -> None:
        """Let the clinician order or exclude the next patients of the list, and all that is left when it is time."""
        waiting = self.desk.waiting()
        if day < ENROLMENT_DAYS:
            waiting = waiting[: ceil(patients * (day + LIST_DAYS) / ENROLMENT_DAYS) - self.seen]
        self.seen += len(waiting)
        self.patients += self.desk.assess(waiting)

    def due(self) -> bool:
        with self.store.survey() as survey:
            return bool(survey.due_patients(self.clock.now(), 1))

    def waits(self) -> bool:
        with self.store.survey() as survey:
            return survey.overdue_since(self.clock.now()) is not None

    def expire_all(self) -> None:
        while self.expire():
            pass

    def answer_some(self) -> None:
        """Let the patients who answer do it when the invitation reaches them, and decide on every third of them."""
        open_now = self.rows(OPEN_REQUESTS)
        asked = {row["patient_ref"] for row in open_now if row["occasion_id"] in self.dated.occasions}
        for patient in self.patients:
            if patient.answers and patient.enrolled[0].patient_ref in asked:
                for request in self.asked(patient.enrolled[0]).values():
                    if request.state.is_open:
                        self.skip(request)
                if patient.number % 24 == 2:
                    for enrolled in patient.enrolled:
                        self.decide_on(enrolled)

    def decide_on(self, enrolled: Enrolled) -> None:
        with self.look() as tx:
            newest = tx.suggestions.newest(enrolled.enrolment_id)
        if newest is not None:
            self.decided(enrolled, level=3)

    def happen(self, day: int) -> None:
        """Let something happen to one patient a day: an order, an appointment, a discharge, a control month."""
        if day >= len(self.patients) * 5:
            return
        enrolled = self.patients[day * 7 % len(self.patients)].enrolled[0]
        today = self.clock.now().date()
        what = day % 5
        if what == 0:
            self.order(self.doctor, enrolled.enrolment_id, When.SEND_NOW)
        elif what == 1:
            self.appointment(self.doctor, enrolled.enrolment_id, today + timedelta(days=20))
        elif what == 2:
            self.control_month(self.doctor, enrolled.enrolment_id, 1 + day % 12)
        elif what == 3 and self.patients[day * 7 % len(self.patients)].number % 3 != 1:
            self.discharge(self.doctor, enrolled.enrolment_id, today)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Ask the database."""
        with self.store.queue() as queue:
            return [dict(row._mapping) for row in queue.connection.execute(text(query))]

    def occasions(self) -> dict[str, list[Occasion]]:
        """List each patient's occasions that were not cancelled, in the order of opening."""
        with self.store.read(CLINIC_ID, self.system) as tx:
            refs = {patient.enrolled[0].patient_ref for patient in self.patients}
            return {ref: list(tx.occasions.sent_since([ref], START - timedelta(days=1))) for ref in refs}


OPEN_REQUESTS = "SELECT DISTINCT patient_ref, occasion_id FROM request WHERE state IN ('requested', 'in-progress')"
