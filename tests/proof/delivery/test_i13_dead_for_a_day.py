"""I13: an app that is dead for a day: probes only, and then each patient is written to as if the day had been short.

Half of the patients were invited three days before and are to be reminded that day; the others become due all day long,
and some of these must answer within two hours. The clock is the test's own; everything else is the way of the product.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from delivery.breaker import FAILURES, LONGEST_PROBE_S, PROBE_S
from delivery.channels.port import Capabilities, Idempotency
from delivery.outbox import MessageKind
from delivery.recurrence import COPENHAGEN, danish_midnight
from flow.enrol import EnrolmentOrder
from kernel.errors import DeliveryError
from store.base import table_of
from store.tables import OccasionRow, OutboxRow
from tests.proof.extent import extent
from tests.season import Season
from tests.year import DatedChannel

OCCASION, OUTBOX = table_of(OccasionRow), table_of(OutboxRow)
DAY = date(2027, 2, 9)
"""A Tuesday in winter time."""
DIES = danish_midnight(DAY)
LIVES = DIES + timedelta(days=1)
PATIENTS = extent(60, 2_000)
RATE = extent(4, 20)
LOOK_S = extent(600, 10)
"""While nothing leaves, the test looks at the outbox more rarely than a worker."""
WINDOW = 24
"""So many are under way at once, and go on when the circuit opens behind them."""
TICK_S, IDLE = 0.25, 5
"""The rate of the app may let nothing leave for some ticks."""
SHORT, HOUR = timedelta(hours=2), timedelta(hours=1)
REMINDED_AFTER = (3, 7)
"""Days after the invitation was taken, as the programme KOL says."""


class MortalChannel(DatedChannel):
    """Takes nothing on one day, and writes down when it was spoken to then."""

    def __init__(self, clock: Any) -> None:
        super().__init__(clock=clock)
        self.capabilities = Capabilities(Idempotency.KEY, max_rate=float(RATE), max_in_flight=1000)
        self.tried: list[float] = []

    def send(self, invitation: Any) -> Any:
        if DIES <= self.clock.now() < LIVES:
            self.tried.append((self.clock.now() - DIES).total_seconds())
            raise DeliveryError("cannot be reached")
        return super().send(invitation)


class Clinic(Season):
    """One clinic that writes to its patients at any hour."""

    def begin(self) -> None:
        self.before = 0
        self.clock.at = DIES - timedelta(days=4)
        self.channel = self.mortal = MortalChannel(self.clock)
        self.speak()
        self.dispatch = replace(self.dispatch, window=WINDOW)
        self.add_clinic()
        for number in range(PATIENTS):
            identifier = f"010190-1{chr(65 + number // 260)}{chr(65 + number // 10 % 26)}{number % 10}"
            start = DAY - timedelta(days=3) if number % 2 else DAY
            self.enrol(self.system, EnrolmentOrder(identifier, f"Person {number}", "KOL", start=start))

    def work(self) -> None:
        """Let every tick of the worker run until nothing is left to do."""
        while self.expire():
            pass
        while self.open_due():
            self.shorten()
        idle, enough = 0, 1 if DIES <= self.clock.now() < LIVES else IDLE
        while idle < enough:
            idle = 0 if self.dispatch() else idle + 1
            self.clock.move(seconds=TICK_S)

    def shorten(self) -> None:
        """Give every third of those who are asked on that day two hours to answer."""
        with self.store.queue() as queue:
            rows = queue.connection.execute(select(OCCASION).where(OCCASION.c.opened_at >= DIES)).all()
            for row in rows:
                if int(row.patient_ref[-2:], 16) % 3 == 0 and row.opened_at + SHORT < LIVES:
                    ends = row.opened_at + SHORT
                    of_it = OUTBOX.update().where(OUTBOX.c.occasion_id == row.id)
                    queue.connection.execute(OCCASION.update().where(OCCASION.c.id == row.id).values(expires_at=ends))
                    queue.connection.execute(of_it.values(expires_at=ends))

    def live(self, until: Any, *, every_s: float) -> None:
        """Let time pass until a moment."""
        while self.clock.now() < until:
            self.work()
            self.clock.move(seconds=every_s)

    def messages(self, kind: MessageKind) -> list[Any]:
        with self.store.queue() as queue:
            return list(queue.connection.execute(select(OUTBOX).where(OUTBOX.c.kind == kind).order_by(OUTBOX.c.id)))

    def occasions(self) -> dict[str, Any]:
        with self.store.queue() as queue:
            return {row.id: row for row in queue.connection.execute(select(OCCASION))}


@pytest.fixture
def clinic(store, clock, keyring):
    """The clinic at the end of the dead day."""
    clinic = Clinic(store, clock, keyring)
    clinic.begin()
    clinic.live(DIES, every_s=HOUR.total_seconds())
    clinic.before = len(clinic.mortal.sent)
    clinic.live(LIVES, every_s=LOOK_S)
    clinic.clock.at = LIVES
    return clinic


def test_i13_an_app_that_is_dead_for_a_day_gets_its_messages_late_and_each_patient_the_right_ones(clinic, ledger):
    invited = clinic.messages(MessageKind.INVITATION)
    assert len(clinic.mortal.sent) == clinic.before == PATIENTS // 2, "on the dead day nothing was taken"
    only_probes(clinic.mortal.tried)
    late = {row.id for row in invited if row.state == "due"}
    again = max(row.due_at for row in clinic.messages(MessageKind.INVITATION) if row.id in late)
    own_wait = max(0.0, (again - LIVES).total_seconds())
    reminding = [row for row in clinic.messages(MessageKind.REMINDER) if row.reminder_no == 1]
    assert all(DIES <= row.first_due_at <= LIVES + HOUR for row in reminding), (
        "who was invited before is reminded that day"
    )

    drained = drain(clinic, late)

    expired = expired_on_the_day(clinic)
    told = [at for at, _ in clinic.mortal.sent[clinic.before :]]
    assert {row.id for row in clinic.messages(MessageKind.INVITATION) if row.state == "accepted"} >= late - expired
    assert busiest_second(told) <= RATE
    assert drained <= max(own_wait, LONGEST_PROBE_S) + 2 * len(told) / RATE + LOOK_S
    assert Counter(invitation.key for _, invitation in clinic.mortal.sent).most_common(1)[0][1] == 1

    clinic.live(LIVES + timedelta(days=8), every_s=7200)

    assert reminded(clinic) == PATIENTS - len(expired)
    assert {row.state for kind in MessageKind for row in clinic.messages(kind)} <= {"accepted", "expired", "cancelled"}
    with clinic.store.queue() as queue:
        database = queue.connection.dialect.name
    ledger.add(
        "I13 an app that is dead for a day",
        database=database,
        patients=PATIENTS,
        calls_that_day=len(clinic.mortal.tried),
        sent_after=len(told),
        own_wait_s=own_wait,
        drained_s=drained,
        busiest_second=busiest_second(told),
        allowed=RATE,
        expired=len(expired),
    )


def only_probes(tried: list[float]) -> None:
    """Each failed probe doubles the wait, up to five minutes.

    It may come later: a message that was a probe waits by its own steps too, and there may be no other.
    """
    opened = tried[FAILURES - 1]
    probes = [moment for moment in tried if moment > opened]
    assert len(tried) - len(probes) < FAILURES + WINDOW, "only what was under way follows the opening"
    waits = [later - earlier for earlier, later in pairwise([opened, *probes])]
    assert all(wait >= min(PROBE_S * 2**number, LONGEST_PROBE_S) for number, wait in enumerate(waits))
    assert sum(waits) > 80_000, "it was probed all day"


def expired_on_the_day(clinic: Clinic) -> set[str]:
    """Tell which invitations ran out before the app lived again: each is expired, and so is its occasion."""
    occasions, expired = clinic.occasions(), set()
    for row in clinic.messages(MessageKind.INVITATION):
        occasion = occasions[row.occasion_id]
        if occasion.opened_at >= DIES and occasion.expires_at <= LIVES:
            assert (row.state in ("expired", "cancelled"), occasion.state) == (True, "expired")
            expired.add(row.id)
    assert expired
    told = clinic.messages(MessageKind.INBOX_NOT_ANSWERED)
    asked = {row.occasion_id for row in clinic.messages(MessageKind.INVITATION) if row.id in expired}
    assert asked <= {row.occasion_id for row in told}, "the clinic is told of each"
    return expired


def drain(clinic: Clinic, late: set[str]) -> float:
    """Tick as a worker does until nothing of that day waits any more; tell how many seconds passed."""
    while waiting := [row.due_at for row in clinic.messages(MessageKind.INVITATION) if row.id in late and is_due(row)]:
        # What was a probe waits by its own steps: nothing happens before the first of them is over.
        clinic.clock.at = max(clinic.clock.now(), min(waiting))
        clinic.work()
    return float((clinic.clock.now() - LIVES).total_seconds())


def is_due(row: Any) -> bool:
    return bool(row.state == "due")


def reminded(clinic: Clinic) -> int:
    """Check the reminders of every invitation that was taken: so many days after it was, at the same wall time."""
    reminders = clinic.messages(MessageKind.REMINDER)
    taken = [row for row in clinic.messages(MessageKind.INVITATION) if row.state == "accepted"]
    occasions = clinic.occasions()
    for row in taken:
        local = row.closed_at.astimezone(COPENHAGEN).replace(microsecond=0)
        wanted = [local + timedelta(days=days) for days in REMINDED_AFTER]
        ends = occasions[row.occasion_id].expires_at
        due = [one.first_due_at.astimezone(COPENHAGEN) for one in reminders if one.reminds == row.id]
        assert sorted(due) == [moment for moment in wanted if moment < ends]
    return len(taken)


def busiest_second(moments: list[Any]) -> int:
    seconds = [(moment - LIVES).total_seconds() for moment in moments]
    return max(bisect_left(seconds, one + 1) - place for place, one in enumerate(seconds))
