"""I5: a worker that is frozen past its lease and wakes up writes nothing."""

import os
import signal
from datetime import UTC, datetime
from threading import Event

import pytest

from tests.crowd import ATTEMPT, crowd, rows_of
from tests.databases import migrated
from tests.sink import Sink, sink_server
from tests.workers import Crew, wait_until, working


class SlowSink(Sink):
    """Lets the first transmission wait until the test says so."""

    def __init__(self):
        super().__init__()
        self.came, self.go = Event(), Event()

    def take(self, key, body):
        if not self.came.is_set():
            self.came.set()
            self.go.wait(60)
        return super().take(key, body)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_i5_a_worker_frozen_past_its_lease_writes_nothing_when_it_wakes(
    request, tmp_path_factory, keyring, ledger, kind
):
    sink = SlowSink()
    with sink_server(sink) as sink_url, migrated(request, kind, tmp_path_factory) as (url, directory):
        crew = Crew(url, keyring, directory, sink_url, alone=False)
        store = crew.store()
        (only,) = crowd(store, 1, due_at=datetime.now(UTC))
        with working(crew, ("frozen",)) as (frozen,):
            assert sink.came.wait(60)
            pid = frozen.pid or 0
            os.kill(pid, signal.SIGSTOP)
            with working(crew, ("other",)):
                wait_until(lambda: rows_of(store)[only].state == "accepted")
                before = rows_of(store)[only]
                os.kill(pid, signal.SIGCONT)
                sink.go.set()
                wait_until(lambda: all(row.ended_at for row in attempts(store)))
        after, tried = rows_of(store)[only], attempts(store)
        store.close()

    ledger.add("I5 frozen past its lease", database=kind, stale_writes=int(after != before), attempts=len(tried))
    assert after == before
    assert [(row.owner, row.fence, row.counted) for row in tried] == [("frozen", 1, False), ("other", 2, True)]
    assert sink.effects["crowd/0"] == [1]


def attempts(store):
    with store.queue() as queue:
        return queue.connection.execute(ATTEMPT.select().order_by(ATTEMPT.c.fence)).all()
