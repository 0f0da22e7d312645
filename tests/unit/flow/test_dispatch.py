"""The loop of the dispatch: a window kept full, marks in groups, leases that last, a clean end, and no jam."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from delivery.outbox import MessageState
from flow.in_flight import InFlight
from kernel.errors import DeliveryError, SettingsError, UnavailableError
from tests.crowd import OUTBOX, Receiver, crowd, dispatch_to, rows_of, states
from tests.way import AtOnce

PATIENCE_S = 20


@pytest.fixture
def two_threads():
    with ThreadPoolExecutor(2) as executor:
        yield executor


def assert_(held):
    assert held


class CountingStore:
    """Counts the transactions of a worker, and refuses some of them.

    Args:
        refused: numbers of the transactions that find no database, from 1.
    """

    def __init__(self, store, refused=()):
        self.store, self.refused, self.count = store, refused, 0

    @contextmanager
    def queue(self):
        self.count += 1
        with self.store.queue() as queue:
            yield queue
            if self.count in self.refused:
                raise UnavailableError("database or disk is full")


def test_one_slow_call_holds_up_nobody_else(sqlite_store, clock, two_threads):
    slow, *others = crowd(sqlite_store, 12)
    released, rest = Event(), Event()

    def happens(message):
        if message.id == slow:
            assert released.wait(PATIENCE_S)
        elif len(receiver.arrived) == 12:
            rest.set()

    receiver = Receiver(happens)
    dispatch = dispatch_to(receiver, sqlite_store, clock, two_threads, window=3, threads=2)
    with ThreadPoolExecutor(1) as aside:
        call = aside.submit(dispatch)
        assert rest.wait(PATIENCE_S), "the window was refilled while one call still ran"
        released.set()
        assert call.result(PATIENCE_S) == 12

    assert states(sqlite_store) == {"accepted": 12}
    assert set(receiver.arrived) == {slow, *others}


def test_no_more_messages_are_held_than_the_window_has_room_for(sqlite_store, clock, two_threads):
    crowd(sqlite_store, 20)
    seen = []

    def happens(_message):
        with sqlite_store.queue() as queue:
            leased = queue.connection.execute(OUTBOX.select().where(OUTBOX.c.state == MessageState.LEASED)).all()
        seen.append(len(leased))

    dispatch_to(Receiver(happens), sqlite_store, clock, two_threads, window=5, threads=2)()

    assert 0 < max(seen) <= 5


def test_results_are_written_in_groups_and_the_next_are_claimed_in_the_same_transaction(sqlite_store, clock):
    crowd(sqlite_store, 20)
    counting = CountingStore(sqlite_store)

    assert dispatch_to(Receiver(), counting, clock, AtOnce(), window=5)() == 20

    assert counting.count == 5, "a claim, three marks that claim, and a mark that finds nothing more"


@pytest.mark.parametrize(
    ("lease_s", "is_refused"),
    [(17.9, True), (18.0, False), (600.0, False), (0.0, False)],
    ids=["too short", "just long enough", "longer", "the shortest"],
)
def test_a_lease_that_its_calls_could_outlive_is_refused_at_start(way, lease_s, is_refused):
    window = {"window": 12, "threads": 8, "request_timeout_s": 1.0}

    if is_refused:
        with pytest.raises(SettingsError, match="at least 18 s"):
            replace(way.dispatch, lease_s=lease_s, **window)
    else:
        assert replace(way.dispatch, lease_s=lease_s, **window)._lease == timedelta(seconds=lease_s or 18)


def test_leases_are_renewed_while_a_call_runs(sqlite_store, clock):
    """A lease of 12 s; the call takes 11 s, and another worker looks at its end."""
    (only,) = crowd(sqlite_store, 1)
    gate = Event()
    with ThreadPoolExecutor(1) as executor:
        receiver = Receiver(lambda message: assert_(gate.wait(PATIENCE_S)))
        dispatch = dispatch_to(receiver, sqlite_store, clock, executor, window=1)
        flight = InFlight(1, renewed_at=clock.now())
        dispatch._turn(flight)
        clock.move(seconds=11)
        dispatch._turn(flight)
        clock.move(seconds=11)
        with sqlite_store.queue() as queue:
            taken = queue.claim("w2", clock.now(), clock.now() + timedelta(hours=1), 1)
        gate.set()

    assert taken == ()
    assert rows_of(sqlite_store)[only].lease_until == clock.now() + timedelta(seconds=1)


def test_a_call_that_hangs_beyond_all_measure_loses_its_lease(sqlite_store, clock):
    crowd(sqlite_store, 1)
    gate = Event()
    with ThreadPoolExecutor(1) as executor:
        receiver = Receiver(lambda message: assert_(gate.wait(PATIENCE_S)))
        dispatch = dispatch_to(receiver, sqlite_store, clock, executor, window=1)
        flight = InFlight(1, renewed_at=clock.now())
        dispatch._turn(flight)
        for _ in range(3):
            clock.move(seconds=11)
            dispatch._turn(flight)
        with sqlite_store.queue() as queue:
            taken = queue.claim("w2", clock.now(), clock.now() + timedelta(hours=1), 1)
        gate.set()

    assert len(taken) == 1


def test_a_worker_that_is_told_to_stop_ends_its_calls_and_gives_back_the_rest(sqlite_store, clock, two_threads):
    crowd(sqlite_store, 12)
    stop, both, go = Event(), Event(), Event()

    def happens(_message):
        if len(receiver.arrived) == 2:
            both.set()
        assert go.wait(PATIENCE_S)

    receiver = Receiver(happens)
    dispatch = dispatch_to(receiver, sqlite_store, clock, two_threads, window=6, threads=2, stop=stop)
    with ThreadPoolExecutor(1) as aside:
        call = aside.submit(dispatch)
        assert both.wait(PATIENCE_S)
        stop.set()
        while states(sqlite_store).get("leased") != 2:
            assert not call.done()
        go.set()
        assert call.result(PATIENCE_S) == 6

    assert states(sqlite_store) == {"accepted": 2, "due": 10}
    assert [row.attempts for row in rows_of(sqlite_store).values() if row.state == "due"] == [0] * 10
    assert sum(receiver.arrived.values()) == 2


def test_a_worker_that_was_told_to_stop_takes_nothing(sqlite_store, clock):
    crowd(sqlite_store, 1)
    stop = Event()
    stop.set()

    assert dispatch_to(Receiver(), sqlite_store, clock, AtOnce(), stop=stop)() == 0


def test_results_that_cannot_be_written_now_are_written_later(sqlite_store, clock):
    crowd(sqlite_store, 5)
    failing = CountingStore(sqlite_store, refused={2, 3})
    receiver = Receiver()

    assert dispatch_to(receiver, failing, clock, AtOnce())() == 5

    assert states(sqlite_store) == {"accepted": 5}
    assert set(receiver.arrived.values()) == {1}


def test_without_a_database_the_tick_fails_and_nothing_is_held(sqlite_store, clock):
    with pytest.raises(UnavailableError):
        dispatch_to(Receiver(), CountingStore(sqlite_store, refused={1}), clock, AtOnce())()


def test_a_worker_that_is_to_stop_leaves_what_it_cannot_write_to_its_lease(sqlite_store, clock):
    crowd(sqlite_store, 3)
    stop = Event()
    failing = CountingStore(sqlite_store, refused=range(2, 100))

    dispatch_to(Receiver(lambda message: stop.set()), failing, clock, AtOnce(), stop=stop)()

    assert states(sqlite_store) == {"leased": 3}


def test_a_message_whose_consequences_cannot_be_written_waits_for_a_person_and_stops_nobody(store, clock):
    """An invitation about no occasion should not exist; when it is taken, nobody can say what to remind of."""
    poison, *others = crowd(store, 4)
    with store.queue() as queue:
        queue.connection.exec_driver_sql(f"UPDATE outbox SET kind = 'invitation' WHERE id = '{poison}'")
    receiver = Receiver()
    dispatch = dispatch_to(receiver, store, clock, AtOnce())

    assert dispatch() == 4
    clock.move(days=1)
    assert dispatch() == 0

    rows = rows_of(store)
    assert (rows[poison].state, rows[poison].last_error) == ("in-doubt", "not written: ValueError")
    assert {rows[one].state for one in others} == {"accepted"}
    assert set(receiver.arrived.values()) == {1}


def test_a_message_of_a_kind_that_only_newer_code_knows_stops_no_claim(store, clock):
    newer, known = crowd(store, 2)
    with store.queue() as queue:
        queue.connection.exec_driver_sql(f"UPDATE outbox SET kind = 'from-the-future' WHERE id = '{newer}'")
    receiver = Receiver()

    assert dispatch_to(receiver, store, clock, AtOnce())() == 1

    assert list(receiver.arrived) == [known]


def test_whatever_a_call_raises_holds_up_nothing_else(sqlite_store, clock, two_threads):
    bad, *others = crowd(sqlite_store, 3)

    def happens(message):
        if message.id == bad:
            raise MemoryError

    dispatch_to(Receiver(happens), sqlite_store, clock, two_threads)()

    rows = rows_of(sqlite_store)
    assert (rows[bad].state, rows[bad].last_error, rows[bad].due_at) == (
        "due",
        "MemoryError",
        clock.now() + timedelta(seconds=30),
    )
    assert {rows[one].state for one in others} == {"accepted"}


def test_what_is_put_back_is_not_taken_again_within_the_same_tick(way):
    way.enrolled()
    way.open_due()
    way.channel.failures = [DeliveryError("503", http_status=503, retry_after_s=0)]

    assert way.dispatch() == 1
