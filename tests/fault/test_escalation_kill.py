"""A worker that is killed anywhere in an escalation tells the named person once, and the operator once."""

import os
import signal
from datetime import timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import event

from delivery.escalation import Step
from delivery.outbox import MessageKind
from flow.enrol import EnrolmentOrder
from flow.escalate import EscalateReds
from store.database import Store
from store.engine import open_engine
from tests.fakes import FakeClock
from tests.way import CONTENT, NANCY, Way

FORK = get_context("fork")
SVERRE = ("0104909995", "Sverre Mosebryggeren")
DECIDED, OPERATOR = timedelta(minutes=120), timedelta(minutes=60)
TOLD_BY = {Step.PERSON: MessageKind.INBOX_ESCALATION, Step.OPERATOR: MessageKind.OPERATOR_ALARM}


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    way.add_clinic()
    return way


@pytest.fixture
def reds(way):
    """Two patients with a danger sign, which the clinic's inbox has taken."""
    found = [way.enrol(way.system, EnrolmentOrder(*patient, "KOL")) for patient in (NANCY, SVERRE)]
    way.open_due()
    way.dispatch()
    for enrolled in found:
        way.fill(way.asked(enrolled)["kol-status"], kol_status_1=True)
    while way.dispatch():
        pass
    return found


def tick(url, keyring, directory, at, fatal):
    """Escalate in a process of its own, which is killed before its `fatal`-th statement or commit."""
    engine, done = open_engine(url), 0

    def strike(*_arguments):
        nonlocal done
        done += 1
        if done == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", strike)
    event.listen(engine, "commit", strike)
    clock = FakeClock(at)
    EscalateReds(Store(engine, keyring, clock, directory / "writer.lock"), CONTENT, clock)()


def told(way, reds):
    """Return the steps taken and the messages made for each red, which must agree at every moment."""
    with way.look() as tx:
        steps = [[one.step for one in tx.reds.steps(tx.reds.open_of(red.enrolment_id).id)] for red in reds]
        kinds = [[one.kind for one in tx.outbox.of_enrolment(red.enrolment_id)] for red in reds]
    assert [[TOLD_BY[step] for step in taken] for taken in steps] == [
        [kind for kind in made if kind in TOLD_BY.values()] for made in kinds
    ]
    return steps


def kill_through(way, reds, *where):
    """Run ticks, each killed one statement later, from the start again after each step; count the kills."""
    fatal, kills, before = 1, 0, told(way, reds)
    while True:
        process = FORK.Process(target=tick, args=(*where, way.clock.now(), fatal))
        process.start()
        process.join()
        if process.exitcode == 0:
            return kills
        assert process.exitcode == -signal.SIGKILL
        kills, now = kills + 1, told(way, reds)
        fatal, before = (fatal + 1 if now == before else 1), now


def test_a_tick_that_is_killed_before_any_of_its_statements_takes_each_step_once(
    way, reds, database_url, keyring, tmp_path
):
    for length, expected in ((DECIDED, [Step.PERSON]), (OPERATOR, [Step.PERSON, Step.OPERATOR])):
        way.clock.move(minutes=length / timedelta(minutes=1))
        kills = kill_through(way, reds, database_url, keyring, tmp_path)

        assert told(way, reds) == [expected, expected]
        assert kills >= 10 * len(reds), "the step of each red has more statements than that"
