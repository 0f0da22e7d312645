"""I7: a full disk or a read-only database when results are to be written: nothing is lost, nothing sent twice."""

import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Timer

import pytest
from sqlalchemy import make_url

from kernel.errors import UnavailableError
from kernel.log import configure_logs
from tests.crowd import Receiver, crowd, dispatch_to, states
from tests.databases import DISCONNECT_OTHERS, migrated, opened, run
from tests.workers import FORK

TITLE = "I7 no place to write"
MESSAGES, AWAY_S, PATIENCE_S = 20, 1.5, 60


class Watched:
    """Counts the transactions that found no database to write to."""

    def __init__(self, store):
        self.store, self.failed = store, 0

    @contextmanager
    def queue(self):
        try:
            with self.store.queue() as queue:
                yield queue
        except UnavailableError:
            self.failed += 1
            raise


def dispatched(store, clock, break_, mend):
    """Hand over all messages; the database breaks in the first call, and is mended a while later.

    Returns:
        How many were claimed, how often each was sent, and how many transactions failed.
    """
    broken, watched = Event(), Watched(store)

    def happens(_message):
        if not broken.is_set():
            broken.set()
            break_()
            Timer(AWAY_S, mend).start()

    receiver = Receiver(happens)
    with ThreadPoolExecutor(4) as executor:
        count = dispatch_to(receiver, watched, clock, executor, window=4)()
    return count, sorted(receiver.arrived.values()), watched.failed


def told(count, sent):
    return {"messages": MESSAGES, "handed_over": count, "sent_once": sent.count(1), "sent_again": sum(sent) - len(sent)}


def fill_disk():
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))


def empty_disk():
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_i7_a_full_disk_under_sqlite_loses_and_repeats_nothing(
    sqlite_store, sqlite_url, keyring, clock, tmp_path, ledger
):
    """In a process of its own: from a moment on no file may grow, as the operating system sees to it."""
    crowd(sqlite_store, MESSAGES)
    sqlite_store.close()
    heard, said = FORK.Pipe(duplex=False)

    def child():
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives
        configure_logs("worker")
        with opened(sqlite_url, keyring, clock, tmp_path) as store:
            said.send(dispatched(store, clock, fill_disk, empty_disk))

    process = FORK.Process(target=child, daemon=True)
    process.start()
    assert heard.poll(PATIENCE_S)
    count, sent, failed = heard.recv()
    process.join()

    ledger.add(TITLE, database="sqlite", fault="full disk", **told(count, sent), transactions_refused=failed)
    assert (count, sent) == (MESSAGES, [1] * MESSAGES)
    assert failed >= 2
    assert states(sqlite_store) == {"accepted": MESSAGES}


@pytest.fixture
def own_postgresql_url(request, tmp_path_factory):
    """A database that no other test is connected to."""
    with migrated(request, "postgresql", tmp_path_factory) as (url, _):
        yield url


def test_i7_a_read_only_postgresql_loses_and_repeats_nothing(own_postgresql_url, keyring, clock, tmp_path, ledger):
    """As after a fail-over to a stand-by: every connection is cut, and those that follow may only read."""
    url = own_postgresql_url
    name = make_url(url).database

    def set_read_only(change):
        run(url, f'BEGIN READ WRITE; ALTER DATABASE "{name}" {change}; COMMIT')
        run(url, DISCONNECT_OTHERS)

    with opened(url, keyring, clock, tmp_path) as store:
        crowd(store, MESSAGES)
        count, sent, failed = dispatched(
            store,
            clock,
            lambda: set_read_only("SET default_transaction_read_only = on"),
            lambda: set_read_only("RESET default_transaction_read_only"),
        )
        ledger.add(TITLE, database="postgresql", fault="read-only", **told(count, sent), transactions_refused=failed)
        assert (count, sent) == (MESSAGES, [1] * MESSAGES)
        assert failed >= 2
        assert states(store) == {"accepted": MESSAGES}
