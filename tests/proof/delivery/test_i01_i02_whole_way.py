"""I1, I2: from slot to receipt with workers that are killed over and over: nothing is forgotten, nothing made twice.

The workers are real ones with every tick, and the receivers go wrong. Between the kills half of the patients answer;
in between months pass: reminders, the end of the time to answer, the next times of each series.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from time import sleep
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel.ids import PatientRef, new_id
from store.database import Store
from tests.databases import migrated
from tests.proof.delivery.audit import QUESTIONS, differences, made
from tests.proof.delivery.deployment import Deployment, deployed
from tests.proof.extent import extent
from tests.workers import kill, terminate

PATIENTS = extent(16, 600)
KILLS = extent(6, 201)
WORKERS = {"sqlite": 1, "postgresql": 4}
BETWEEN_S = {"sqlite": (0.6, 1.2), "postgresql": (0.2, 0.5)}
"""A kill comes so long after the last one: a worker alone needs a third of a second to begin."""
DAYS = (0, 8, 182)
"""When the workers are looked at: at the start, when both reminders are due, and when six months have passed."""


@dataclass(frozen=True)
class Aftermath:
    """What stands there when nothing is left to do at a moment."""

    there: Deployment
    patients: tuple[PatientRef, ...]
    kind: str
    quiet_at: datetime

    @property
    def store(self) -> Store:
        return self.there.services.store


@pytest.fixture(scope="module", params=sorted(WORKERS))
def aftermath(request, tmp_path_factory) -> Iterator[Aftermath]:
    kind, random = request.param, Random(11)
    with migrated(request, kind, tmp_path_factory) as (url, directory), deployed(url, directory) as there:
        patients = there.enrol(PATIENTS)
        workers = [there.start() for _ in range(WORKERS[kind])]
        try:
            for days in DAYS:
                there.travel(days=days)
                waiting = list(patients[::2])
                for _ in range(KILLS // len(DAYS)):
                    sleep(random.uniform(*BETWEEN_S[kind]))
                    answer_some(there, waiting)
                    victim = random.randrange(len(workers))
                    kill(workers[victim])
                    workers[victim] = there.start()
                quiet_at = there.settle()
            codes = [terminate(worker) for worker in workers]
        finally:
            for worker in workers:
                kill(worker)
        assert codes == [0] * len(workers)
        yield Aftermath(there, patients, kind, quiet_at)


def answer_some(there: Deployment, waiting: list[PatientRef]) -> None:
    """Let the next patients answer, if they were asked."""
    for patient_ref in waiting[: 1 + PATIENTS * len(DAYS) // (2 * KILLS)]:
        if there.answer(patient_ref):
            waiting.remove(patient_ref)


def test_i1_whatever_was_made_is_in_one_state_and_goes_on(aftermath, ledger):
    counted = made(aftermath.store)
    wrong = differences(aftermath.store, aftermath.quiet_at)

    for table, states in counted.items():
        ledger.add(
            "I1 made = sum over the states",
            database=aftermath.kind,
            kills=KILLS,
            what=table,
            made=sum(states.values()),
            states=", ".join(f"{state} {count}" for state, count in states.items()),
        )
    ledger.add("I1, I2 contradictions", database=aftermath.kind, questions=len(QUESTIONS), found=sum(wrong.values()))
    assert wrong == {}
    assert counted["outbox"].keys() <= {"accepted", "cancelled", "superseded", "expired", "due"}


def test_i1_every_patient_was_asked_as_often_as_the_programme_says(aftermath):
    """Each answers or lets the time pass: the start, and once more after half a year."""
    asked = counted_by_patient(aftermath.store)

    assert asked.keys() == set(aftermath.patients)
    assert set(asked.values()) == {2}


def counted_by_patient(store: Store) -> Mapping[str, int]:
    query = "SELECT patient_ref, count(*) FROM occasion GROUP BY patient_ref"
    with store.queue() as queue:
        return {str(ref): int(count) for ref, count in queue.connection.execute(text(query))}


def test_i1_the_channel_holds_what_was_accepted_once_and_nothing_that_was_not_begun(aftermath, ledger):
    """A call may be under way when its patient answers or its time ends: it was taken and says otherwise.

    One that was taken without an answer that says so may still wait for its next attempt.
    """
    query = "SELECT id, state FROM outbox WHERE target = 'webpatient' AND attempts > 0"
    with aftermath.store.queue() as queue:
        begun = {row.id: row.state for row in queue.connection.execute(text(query))}
    received = aftermath.there.arrivals.summary("webpatient")
    taken = {key: counts["accepted"] for key, counts in received["keys"].items() if counts["accepted"]}

    accepted = {key for key, state in begun.items() if state == "accepted"}
    told = {"begun": len(begun), "accepted": len(accepted), "taken": len(taken), "raw": received["raw"]}
    ledger.add("I1 at the channel", database=aftermath.kind, kills=KILLS, **told)
    assert accepted <= taken.keys() <= begun.keys()
    assert {begun[key] for key in taken.keys() - accepted} <= {"cancelled", "expired", "due"}
    assert set(taken.values()) == {1}


TWINS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "a place of a series": ("slot", {}),
    "a questionnaire of an occasion": ("request", {}),
    "an open occasion of a patient": ("occasion", {"link_hash": "other"}),
    "a reminder": ("outbox", {"sequence": 99}),
    "a place in a lane": ("outbox", {"reminds": None, "reminder_no": None}),
}
OF = {"occasion": "state = 'open'", "outbox": "reminds IS NOT NULL AND state <> 'cancelled'"}


@pytest.mark.parametrize("twin", TWINS)
def test_i2_the_database_itself_refuses_a_second_one(aftermath, twin):
    table, changed = TWINS[twin]
    with aftermath.store.queue() as queue:
        chosen = text(f"SELECT * FROM {table} WHERE {OF.get(table, '1 = 1')} LIMIT 1")
        one = queue.connection.execute(chosen).mappings().one()
    given = {"id": new_id(), **changed}
    values = ", ".join(f":{name}" if name in given else name for name in one)
    copied = text(f"INSERT INTO {table} ({', '.join(one)}) SELECT {values} FROM {table} WHERE id = :of")

    with (
        aftermath.store.queue() as queue,
        pytest.raises(IntegrityError, match=r"(?i)unique"),
        queue.connection.begin_nested(),
    ):
        queue.connection.execute(copied, {**given, "of": one["id"]})
