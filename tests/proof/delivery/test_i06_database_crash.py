"""I6: a database that is killed, or copied at any moment, is whole: what was committed stands, and sending goes on.

On PostgreSQL every process of the server is killed while workers send. On SQLite the file and its log are copied while
everything stands still in the middle of its work: that is what a crash leaves. A torn write is put behind the log too.
"""

import os
import shutil
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random
from threading import Event, Thread

import pytest

from kernel.errors import UnavailableError
from kernel.ids import MessageId
from store.engine import open_engine
from store.migration import upgrade
from tests.builders import CLINIC_ID, a_message, an_actor
from tests.crowd import crowd, rows_of, states
from tests.databases import migrated
from tests.postgres import running_postgres
from tests.proof.delivery.whole_database import faults
from tests.proof.extent import extent
from tests.sink import Sink, sink_server
from tests.workers import FORK, THREADS, Crew, wait_until, working

KILLS, COPIES = extent(2, 10), extent(10, 100)
BETWEEN_S = (0.2, 0.8)
TOGETHER = 10
WAITING = 30
"""Messages that are kept waiting, so that workers send at every moment."""
SAFE = {"synchronous_commit": "on"}
"""A commit is in the operating system's hands before it is told: it survives the death of the server."""
TORN = b"\x37\x7f\x06\x82" + bytes(2_000)
NO_HURRY_S = 10.0


class Feeder:
    """Adds messages for as long as it is not told to stop, and keeps what was committed."""

    def __init__(self, store, patient_ref, committed):
        self.store, self.patient_ref, self.committed, self.number = store, patient_ref, committed, 0

    def add(self):
        """Add some messages in one transaction; what was refused is nobody's."""
        self.number += 1
        values = {"kind": "plan-report", "target": "flp", "due_at": datetime.now(UTC)}
        messages = [a_message(self.patient_ref, lane=f"fed/{self.number}/{n}", **values) for n in range(TOGETHER)]
        try:
            with self.store.write(CLINIC_ID, an_actor()) as tx:
                ids = tx.outbox.add_all(messages)
        except UnavailableError:
            return
        self.committed(ids)

    def feed(self, stop):
        while not stop.wait(0.05):
            if states_without_turn(self.store).get("due", 0) < WAITING:
                self.add()


def states_without_turn(store):
    try:
        return states(store)
    except UnavailableError:
        return {}


def test_i6_a_postgresql_that_is_killed_while_workers_send_keeps_what_was_committed(tmp_path, keyring, ledger):
    random, sink = Random(6), Sink(delay_s=0.01)
    committed: list[MessageId] = []
    with running_postgres(SAFE) as server, sink_server(sink) as sink_url:
        crew = Crew(server.url("postgres"), keyring, tmp_path, sink_url, timeout_s=NO_HURRY_S)
        engine = open_engine(crew.database_url)
        upgrade(engine)
        store = crew.store()
        (first,) = crowd(store, 1, due_at=datetime.now(UTC))
        feeder, stop = Feeder(store, rows_of(store)[first].patient_ref, committed.extend), Event()
        thread = Thread(target=feeder.feed, args=(stop,), daemon=True)
        with working(crew, ("w1", "w2")):
            thread.start()
            for _ in range(KILLS):
                send_some(sink)
                time.sleep(random.uniform(*BETWEEN_S))
                acknowledged, ended = set(committed), accepted(store)
                server.crash()
                server.start()
                wait_until(lambda: bool(states_without_turn(store)))
                after = rows_of(store)
                assert acknowledged <= after.keys(), "what was committed stands"
                assert all(after[one].state == "accepted" for one in ended), "and what was marked stays marked"
            stop.set()
            thread.join()
            wait_until(lambda: set(states_without_turn(store)) == {"accepted"})
        with engine.begin() as connection:
            found = faults(connection)
        made = rows_of(store)
        engine.dispose()
        store.close()

    assert found == []
    assert {*committed, first} <= made.keys()
    assert sink.taken == made.keys()
    assert sink.repeats <= KILLS * 2 * THREADS
    ledger.add(
        "I6 a database that dies",
        database="postgresql",
        deaths=KILLS,
        messages=len(made),
        lost=len(made.keys() - sink.taken),
        faults=len(found),
    )


def send_some(sink):
    before = len(sink.taken)
    wait_until(lambda: len(sink.taken) > before + WAITING)


def accepted(store):
    return {one.id for one in rows_of(store).values() if one.state == "accepted"}


@pytest.fixture
def sending(request, tmp_path_factory, keyring):
    """A worker that sends, and a process that adds, both on one SQLite database; each commit is told on a pipe."""
    sink = Sink(delay_s=0.01)
    with migrated(request, "sqlite", tmp_path_factory) as (url, directory), sink_server(sink) as sink_url:
        crew = Crew(url, keyring, directory, sink_url, timeout_s=NO_HURRY_S)
        store = crew.store()
        (first,) = crowd(store, 1, due_at=datetime.now(UTC))
        patient_ref = rows_of(store)[first].patient_ref
        store.close()
        heard, said = FORK.Pipe(duplex=False)
        feeder = FORK.Process(target=_feed, args=(crew, patient_ref, said), daemon=True)
        feeder.start()
        with working(crew, ("sender",)) as (sender,):
            yield crew, (feeder, sender), heard
        feeder.kill()
        feeder.join()


def _feed(crew, patient_ref, said):
    Feeder(crew.store(), patient_ref, said.send).feed(Event())


def test_i6_a_sqlite_copied_at_any_moment_is_whole_and_its_worker_goes_on(sending, tmp_path, keyring, ledger):
    crew, processes, heard = sending
    random, found = Random(6), []
    committed: set[MessageId] = set()
    for number in range(COPIES):
        time.sleep(random.uniform(*BETWEEN_S) / 4)
        while heard.poll(0 if committed else NO_HURRY_S):
            committed.update(heard.recv())
        ended = accepted_in(crew.directory / "svarbro.sqlite")
        copy = frozen_copy(processes, crew.directory, tmp_path / f"copy-{number}", torn=number % 2 == 1)
        there = Crew(f"sqlite:///{copy}/svarbro.sqlite", keyring, copy, crew.sink_url, timeout_s=NO_HURRY_S)
        found += whole(there, committed, ended)
        finish(there)
        shutil.rmtree(copy)

    assert found == []
    ledger.add(
        "I6 a database that dies",
        database="sqlite",
        deaths=COPIES,
        messages=len(committed),
        lost=len(found),
        faults=len(found),
    )


def accepted_in(path):
    connection = sqlite3.connect(path)
    try:
        return {row[0] for row in connection.execute("SELECT id FROM outbox WHERE state = 'accepted'")}
    finally:
        connection.close()


def frozen_copy(processes, source, copy, *, torn):
    """Copy a database and its log while all who use it stand still, wherever they are."""
    copy.mkdir()
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
    try:
        for name in ("svarbro.sqlite", "svarbro.sqlite-wal"):
            shutil.copyfile(source / name, copy / name)
    finally:
        for process in processes:
            os.kill(process.pid, signal.SIGCONT)
    if torn:
        with (copy / "svarbro.sqlite-wal").open("ab") as log:
            log.write(TORN)
    return copy


def whole(there, committed, ended):
    """Name what is wrong with a copy: its own constraints, and what it should hold."""
    engine = open_engine(there.database_url)
    with engine.begin() as connection:
        found = faults(connection)
    engine.dispose()
    store = there.store()
    rows = rows_of(store)
    store.close()
    found += [f"lost: {one}" for one in committed - rows.keys()]
    return found + [f"not marked any more: {one}" for one in ended if rows[one].state != "accepted"]


def finish(there):
    """Let a worker finish on a copy."""
    store = there.store()
    with store.working(), ThreadPoolExecutor(THREADS) as executor:
        there.dispatch("after", store, executor, Event())()
    assert states(store).keys() == {"accepted"}
    store.close()
