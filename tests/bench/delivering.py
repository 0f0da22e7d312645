"""Row 7: the dispatch beside a bare loop with the same threads, and how late messages leave at a steady rate."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from threading import Event

import requests

from delivery.outbox import MessageState
from kernel.ids import ClinicId, new_id
from kernel.log import configure_logs
from security.keys import KeyRing
from store.database import Store
from store.engine import open_engine
from store.migration import upgrade
from tests.bench.extent import Extent
from tests.bench.figures import Figure, at_least, at_most, interleaved
from tests.crowd import OUTBOX, crowd
from tests.sink import Sink, sink_server
from tests.workers import Crew

THREADS, WINDOW = 8, 12
"""As `svarbro worker` has them."""
DELAY_S = 0.05
MESSAGES = 240
STEADY_PER_S, STEADY_S = 56, 15
TICK_S = 0.25
GATE, GATE_P95_S = 0.6, 5.0
OURS, SHARED, BARE = "ours", "ours, 20 clinics", "bare"
NUMBERS = count()


def measured(directory: Path, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row, on SQLite; what the dispatch logs goes to a file, as it does from a worker."""
    directory.mkdir()
    with (directory / "worker.log").open("w") as log, _receiver() as url:
        configure_logs("bench", log)
        ways: dict[str, Callable[[], float]] = {
            OURS: partial(_dispatched, directory, url, 1),
            SHARED: partial(_dispatched, directory, url, 20),
            BARE: partial(_bare, url),
        }
        series = interleaved(ways, min(extent.rounds, 5))
        late = _lateness(directory, url)
    return (
        at_least(7, "dispatch / bare requests.Session loop, 8 threads, 50 ms", series.ratio(OURS, BARE), GATE),
        at_least(7, "  the same with the messages of 20 clinics", series.ratio(SHARED, BARE), GATE),
        Figure(7, "  bare loop", f"{series.median(BARE):.0f}/s"),
        Figure(7, "  ours", f"{series.median(OURS):.0f}/s"),
        at_most(7, f"steady {STEADY_PER_S}/s: p95 due -> accepted", quantiles(late, n=100)[94], GATE_P95_S, unit="s"),
        Figure(7, "  p50, p99", f"{quantiles(late, n=100)[49]:.2f} s, {quantiles(late, n=100)[98]:.2f} s"),
    )


@contextmanager
def _receiver() -> Iterator[str]:
    """Run a receiver in a process of its own: it must not share our interpreter."""
    heard, said = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_serve, args=(said,), daemon=True)
    process.start()
    try:
        yield heard.recv()
    finally:
        process.kill()
        process.join()


def _serve(said: Connection) -> None:
    with sink_server(Sink(delay_s=DELAY_S)) as url:
        said.send(url)
        threading.Event().wait()


def _bare(url: str) -> float:
    """Send as a loop without a queue does; return messages per second."""
    local = threading.local()

    def send(number: int) -> None:
        if not hasattr(local, "session"):
            local.session = requests.Session()
            local.session.trust_env = False
        body = json.dumps({"lane": f"bare/{number}", "sequence": 1})
        local.session.post(
            f"{url}/take", data=body, headers={"Idempotency-Key": new_id()}, timeout=10
        ).raise_for_status()

    began = time.monotonic()
    with ThreadPoolExecutor(THREADS) as executor:
        list(executor.map(send, range(MESSAGES)))
    return MESSAGES / (time.monotonic() - began)


@contextmanager
def _outbox(directory: Path, url: str) -> Iterator[tuple[Crew, Store]]:
    place = directory / f"outbox-{next(NUMBERS)}"
    place.mkdir(parents=True)
    crew = Crew(f"sqlite:///{place}/svarbro.sqlite", KeyRing.generate(), place, url)
    engine = open_engine(crew.database_url)
    upgrade(engine)
    engine.dispose()
    store = crew.store()
    try:
        yield crew, store
    finally:
        store.close()


def _dispatched(directory: Path, url: str, clinics: int) -> float:
    """Empty an outbox; return messages per second."""
    with _outbox(directory, url) as (crew, store), ThreadPoolExecutor(THREADS) as executor:
        for _ in range(clinics):
            crowd(store, MESSAGES // clinics, clinic_id=ClinicId(new_id()), due_at=datetime.now(UTC))
        dispatch = crew.dispatch("bench", store, executor, Event(), window=WINDOW, request_timeout_s=10.0)
        began = time.monotonic()
        done = dispatch()
        return done / (time.monotonic() - began)


def _lateness(directory: Path, url: str) -> list[float]:
    """Let messages fall due at a steady rate; return for each the seconds from its moment to its acceptance."""
    with _outbox(directory, url) as (crew, store), ThreadPoolExecutor(THREADS) as executor:
        ids = crowd(store, STEADY_PER_S * STEADY_S, due_at=datetime.now(UTC))
        begin = datetime.now(UTC) + timedelta(seconds=1)
        with store.queue() as queue:
            for number, message_id in enumerate(ids):
                due = begin + timedelta(seconds=number / STEADY_PER_S)
                queue.connection.execute(OUTBOX.update().where(OUTBOX.c.id == message_id).values(due_at=due))
        dispatch = crew.dispatch("bench", store, executor, Event(), window=WINDOW, request_timeout_s=10.0)
        end = time.monotonic() + 4 * STEADY_S
        while time.monotonic() < end:
            dispatch()
            rows = _accepted(store)
            if len(rows) == len(ids):
                return rows
            time.sleep(TICK_S)
    raise RuntimeError("The outbox did not keep up.")


def _accepted(store: Store) -> list[float]:
    with store.queue() as queue:
        rows = queue.connection.execute(OUTBOX.select().where(OUTBOX.c.state == MessageState.ACCEPTED)).all()
    return [(row.closed_at - row.due_at).total_seconds() for row in rows]
