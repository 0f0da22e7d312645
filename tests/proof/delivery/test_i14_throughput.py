"""I14: the receiver bounds throughput, not the queue: the calls at once stay at the setting, work does not grow.

Nothing is timed here: how many messages leave in a second is row 7 of `make bench`.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Lock

import pytest
from sqlalchemy import event

from app import create_app, services_of
from cli.dispatching import dispatch_of
from delivery.capabilities import Capabilities, Idempotency
from delivery.lease import window_of
from delivery.outbox import MessageKind
from kernel.ids import ClinicId, new_id
from kernel.settings import Settings
from security.keys import ensure_key_file
from store.database import Store
from store.engine import open_engine
from tests.builders import a_message, an_actor
from tests.crowd import Receiver, crowd, dispatch_to, rows_of, states
from tests.proof.extent import extent
from tests.way import AtOnce

FEW = extent(16, 400)
SHORT, TAKEN, TIMES, TOGETHER = extent(300, 9_000), 96, 20, 100
"""In the short queue more wait at all times than a worker looks at when it asks who waits."""
CLINICS = 3
PATIENCE_S = 60
GROWS = 1.05
"""A message of the long queue may take so many statements, and steps, of one of the short queue: rounding."""
STEPS = 100
"""SQLite tells of so many steps of its machine at a time."""


class CountingReceiver(Receiver):
    """Counts how many calls it has at once; the first ones wait until there are as many as there should be."""

    capabilities = Capabilities(Idempotency.KEY, max_in_flight=1000)

    def __init__(self, calls):
        super().__init__(self.come)
        self.calls, self.under_way, self.most = calls, 0, 0
        self.counting, self.full = Lock(), Event()

    def come(self, _message):
        with self.counting:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            if self.under_way == self.calls:
                self.full.set()
        assert self.full.wait(PATIENCE_S), "as many calls as the setting says were never made at once"
        with self.counting:
            self.under_way -= 1


@pytest.mark.parametrize("calls", [1, 16], ids=["one call", "as many as by default"])
@pytest.mark.parametrize("queue", [FEW, TIMES * FEW], ids=["a short queue", "a long queue"])
def test_i14_a_worker_makes_as_many_calls_at_once_as_it_is_told_whatever_waits(store, clock, ledger, calls, queue):
    crowd(store, queue)
    receiver = CountingReceiver(calls)

    with ThreadPoolExecutor(calls) as executor:
        window = {"window": window_of(calls), "threads": calls, "receivers": {"flp": receiver}}
        dispatch = dispatch_to(receiver, store, clock, executor, **window)
        while dispatch():
            pass

    assert states(store) == {"accepted": queue}
    assert receiver.most == calls
    ledger.add("I14 calls at once", database=kind_of(store), queue=queue, setting=calls, most=receiver.most)


def test_i14_the_worker_is_built_with_the_calls_of_the_setting(tmp_path, sqlite_url):
    named = {"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": sqlite_url, "CALLS": "13"}
    settings = Settings.from_env({f"SVARBRO_{name}": value for name, value in named.items()})
    ensure_key_file(settings.keys_file)
    services = services_of(create_app(settings))

    dispatch = dispatch_of(services, AtOnce(), Event())
    services.store.close()

    assert (dispatch.threads, dispatch.window) == (13, window_of(13))


@pytest.fixture
def counted(database_url, keyring, clock, tmp_path):
    """A store whose statements, and on SQLite the steps of its machine, are counted."""
    engine = open_engine(database_url)
    store = Store(engine, keyring, clock, tmp_path / "writer.lock")
    yield engine, store
    store.close()


@contextmanager
def counting(engine):
    """Count for the block: statements, and hundreds of steps."""
    counts = {"statements": 0, "steps": 0}

    def statement(*_):
        counts["statements"] += 1

    def step():
        counts["steps"] += STEPS
        return 0

    def connected(connection, *_):
        if engine.dialect.name == "sqlite":
            connection.set_progress_handler(step, STEPS)

    engine.dispose()
    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "connect", connected)
    try:
        yield counts
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "connect", connected)


def work_per_message(counted, clock):
    """Let the first messages of what waits be sent; tell statements and steps for each message."""
    engine, store = counted
    receiver, stop = Receiver(), Event()
    receiver.happens = lambda _message: stop.set() if receiver.arrived.total() >= TAKEN else None
    with counting(engine) as counts:
        done = dispatch_to(receiver, store, clock, AtOnce(), window=window_of(16), stop=stop)()
    assert done < TAKEN + window_of(16)
    return {name: number / done for name, number in counts.items()}


def lengthen(store, clinics, count):
    """Add messages to the queue, of the same patients."""
    patients = {row.clinic_id: row.patient_ref for row in rows_of(store).values()}
    for number in range(0, count // len(clinics), TOGETHER):
        for clinic_id in clinics:
            lanes = [f"more/{number}/{n}" for n in range(TOGETHER)]
            values = {"kind": MessageKind.PLAN_REPORT, "target": "flp"}
            with store.write(clinic_id, an_actor(clinic_id=clinic_id)) as tx:
                tx.outbox.add_all([a_message(patients[clinic_id], lane=lane, **values) for lane in lanes])


def test_i14_a_message_costs_no_more_work_in_a_long_queue_than_in_a_short_one(counted, clock, ledger):
    _, store = counted
    clinics = [ClinicId(new_id()) for _ in range(CLINICS)]
    for clinic_id in clinics:
        crowd(store, SHORT // CLINICS, clinic_id=clinic_id)

    short = work_per_message(counted, clock)
    lengthen(store, clinics, (TIMES - 1) * SHORT)
    long = work_per_message(counted, clock)

    assert states(store)["due"] > (TIMES - 2) * SHORT
    assert 0 < long["statements"] <= GROWS * short["statements"]
    assert long["steps"] <= GROWS * short["steps"]
    for queue, found in ((SHORT, short), (TIMES * SHORT, long)):
        ledger.add("I14 work for each message", database=kind_of(store), queue=queue, **found)


def kind_of(store):
    with store.queue() as queue:
        return queue.connection.dialect.name
