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
from pathlib import Path
from statistics import quantiles
from threading import Event

import requests
from sqlalchemy import bindparam, func, select

from delivery.lease import window_of
from delivery.outbox import MessageState
from flow.deliver import Dispatch
from kernel.ids import ClinicId, new_id
from kernel.log import configure_logs
from security.keys import KeyRing
from store.database import Store
from store.engine import open_engine
from store.migration import upgrade
from tests.bench.extent import Extent
from tests.bench.figures import Figure, at_least, at_most, interleaved
from tests.bench.receiver import receiver
from tests.crowd import OUTBOX, crowd
from tests.workers import Crew

CALLS = 16
"""As `svarbro worker` makes them unless told otherwise."""
DELAY_S = 0.05
MESSAGES = 480
STEADY_PER_S = 56
TICK_S = 0.25
GATE, GATE_P95_S, GATE_P99_S, GATE_BACKLOG_S = 0.6, 5.0, 10.0, 900.0
BEFORE_S = 10
"""The outbox is filled so long before the first message of the steady rate is due."""
CLINICS = 20
OURS, SHARED, BARE = "ours", f"ours, {CLINICS} clinics", "bare"
NUMBERS = count()


def measured(directory: Path, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row, on SQLite; what the dispatch logs goes to a file, as it does from a worker."""
    directory.mkdir()
    with (directory / "worker.log").open("w") as log, receiver(DELAY_S) as url:
        configure_logs("bench", log)
        ways: dict[str, Callable[[], float]] = {
            OURS: partial(_dispatched, directory, url, 1),
            SHARED: partial(_dispatched, directory, url, CLINICS),
            BARE: partial(_bare, url),
        }
        series = interleaved(ways, min(extent.rounds, 5))
        late = quantiles(_lateness(directory, url, extent.steady_s), n=100)
        emptied = _backlog(directory, url, extent.backlog) if extent.backlog else ()
    return (
        at_least(7, f"dispatch / bare requests.Session loop, {CALLS} threads, 50 ms", series.ratio(OURS, BARE), GATE),
        at_least(7, "  the same with the messages of many clinics", series.ratio(SHARED, BARE), GATE),
        Figure(7, "  bare loop", f"{series.median(BARE):.0f}/s"),
        Figure(7, "  ours", f"{series.median(OURS):.0f}/s"),
        at_most(
            7, f"steady {STEADY_PER_S}/s for {extent.steady_s} s: p95 due -> accepted", late[94], GATE_P95_S, unit="s"
        ),
        at_most(7, "  p99", late[98], GATE_P99_S, unit="s"),
        Figure(7, "  p50", f"{late[49]:.2f} s"),
        *emptied,
    )


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
    with ThreadPoolExecutor(CALLS) as executor:
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
    with _worker(directory, url) as (store, dispatch):
        for _ in range(clinics):
            crowd(store, MESSAGES // clinics, clinic_id=ClinicId(new_id()), due_at=datetime.now(UTC))
        began = time.monotonic()
        done = dispatch()
        return done / (time.monotonic() - began)


@contextmanager
def _worker(directory: Path, url: str) -> Iterator[tuple[Store, Dispatch]]:
    with _outbox(directory, url) as (crew, store), ThreadPoolExecutor(CALLS) as executor:
        values = {"window": window_of(CALLS), "threads": CALLS, "request_timeout_s": 10.0}
        yield store, crew.dispatch("bench", store, executor, Event(), **values)


def _lateness(directory: Path, url: str, seconds: int) -> list[float]:
    """Let messages fall due at a steady rate; return for each the seconds from its moment to its acceptance."""
    with _worker(directory, url) as (store, dispatch):
        ids = crowd(store, STEADY_PER_S * seconds, due_at=datetime.now(UTC))
        begin = datetime.now(UTC) + timedelta(seconds=BEFORE_S)
        moments = [
            {"of_id": one, "new_due": begin + timedelta(seconds=number / STEADY_PER_S)}
            for number, one in enumerate(ids)
        ]
        falls_due = OUTBOX.update().where(OUTBOX.c.id == bindparam("of_id")).values(due_at=bindparam("new_due"))
        with store.queue() as queue:
            queue.connection.execute(falls_due, moments)
        _until_accepted(store, dispatch, len(ids), patience_s=4 * seconds + BEFORE_S)
        with store.queue() as queue:
            rows = queue.connection.execute(OUTBOX.select()).all()
    return [(row.closed_at - row.due_at).total_seconds() for row in rows]


def _backlog(directory: Path, url: str, messages: int) -> tuple[Figure, ...]:
    """Let one worker empty a long queue of many clinics, with the bare loop before and after it."""
    before = _bare(url)
    with _worker(directory, url) as (store, dispatch):
        for _ in range(CLINICS):
            crowd(store, messages // CLINICS, clinic_id=ClinicId(new_id()), due_at=datetime.now(UTC))
        began = time.monotonic()
        _until_accepted(store, dispatch, messages, patience_s=4 * GATE_BACKLOG_S)
        seconds = time.monotonic() - began
    bare = (before + _bare(url)) / 2
    return (
        at_most(
            7,
            f"{messages:,} due of {CLINICS} clinics, one worker, 50 ms: all accepted after",
            seconds,
            GATE_BACKLOG_S,
            unit="s",
        ),
        at_least(7, "  its rate / of the bare loop before and after", messages / seconds / bare, GATE),
        Figure(7, "  ours; bare", f"{messages / seconds:.0f}/s; {bare:.0f}/s"),
    )


def _until_accepted(store: Store, dispatch: Dispatch, count: int, *, patience_s: float) -> None:
    """Tick as a worker does until so many messages are accepted."""
    end, done = time.monotonic() + patience_s, 0
    accepted = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state == MessageState.ACCEPTED)
    while time.monotonic() < end:
        done += dispatch()
        if done >= count:
            with store.queue() as queue:
                if queue.connection.execute(accepted).scalar_one() == count:
                    return
        time.sleep(TICK_S)
    raise RuntimeError("The outbox did not keep up.")
