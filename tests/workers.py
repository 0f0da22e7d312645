"""Worker processes for tests of crashes: the real dispatch on a real database, sending over HTTP to a sink."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event
from typing import Any, cast

from delivery.capabilities import Capabilities, Idempotency
from delivery.outbox import Message, MessageState
from delivery.transport import Transport
from flow.deliver import Dispatch
from flow.handover import Handover
from kernel.clock import SystemClock
from kernel.errors import DeliveryError, UnavailableError
from kernel.log import configure_logs
from security.keys import KeyRing
from store.database import Store
from store.engine import open_engine
from tests.crowd import dispatch_to

FORK = get_context("fork")
THREADS = 8
PATIENCE_S = 120.0
TIMEOUT_S = 0.5
"""What a killed worker held is free again after twelve times as long: the shortest lease that is safe."""


class OverHttp:
    """Hands every message to a sink."""

    capabilities = Capabilities(Idempotency.KEY, max_in_flight=1000)

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        self._transport = Transport(url, "", timeout_s=timeout_s, error=DeliveryError, receiver="the sink")

    def __call__(self, message: Message) -> Handover:
        """Send one message."""
        body = {"lane": message.lane, "sequence": message.sequence}
        return Handover(MessageState.ACCEPTED, self._transport.hand_over("/take", message.id, body).reference)

    def held(self) -> frozenset[Any]:
        """Hold nothing."""
        return frozenset()


@dataclass(frozen=True)
class Crew:
    """Makes workers on one database.

    Args:
        alone: each is the only worker where the database has one only, as `svarbro worker` is.
        timeout_s: longest call. A short one keeps leases short; what outlasts it is sent again, and rightly so.
    """

    database_url: str
    keyring: KeyRing
    directory: Path
    sink_url: str
    alone: bool = True
    timeout_s: float = TIMEOUT_S

    def store(self) -> Store:
        """Open the database."""
        return Store(open_engine(self.database_url), self.keyring, SystemClock(), self.directory / "writer.lock")

    def start(self, name: str) -> BaseProcess:
        """Start a worker that runs until it is told to stop, or killed."""
        process = FORK.Process(target=self._work, args=(name,), daemon=True)
        process.start()
        return process

    def _work(self, name: str) -> None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives
        configure_logs("worker")
        stop = Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        store = self.store()
        with store.working() if self.alone else nullcontext(), ThreadPoolExecutor(THREADS) as executor:
            dispatch = self.dispatch(name, store, executor, stop)
            while not stop.wait(0.02):
                try:
                    dispatch()
                except UnavailableError:
                    continue

    def dispatch(self, name: str, store: Store, executor: ThreadPoolExecutor, stop: Event, **other: Any) -> Dispatch:
        """Build the dispatch of one worker; what failed is tried again after two seconds."""
        timeout_s = other.get("request_timeout_s", self.timeout_s)
        receiver = OverHttp(self.sink_url, timeout_s)
        values = {"window": THREADS, "threads": THREADS, "request_timeout_s": timeout_s, **other}
        return dispatch_to(
            cast(Any, receiver),
            store,
            SystemClock(),
            executor,
            owner=name,
            jitter=lambda: 0.0,
            stop=stop,
            receivers={"flp": receiver},
            **values,
        )


def kill(process: BaseProcess) -> None:
    """End a worker as a power cut would."""
    process.kill()
    process.join()


def terminate(process: BaseProcess) -> int | None:
    """Ask a worker to end, and wait until it has; tell its exit code."""
    process.terminate()
    process.join(PATIENCE_S)
    return process.exitcode


@contextmanager
def working(crew: Crew, names: tuple[str, ...]) -> Iterator[list[BaseProcess]]:
    """Keep workers for the block; those that still live at its end are killed."""
    processes = [crew.start(name) for name in names]
    try:
        yield processes
    finally:
        for process in processes:
            kill(process)


def wait_until(holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait until a condition holds.

    Raises:
        AssertionError: it never did.
    """
    end = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
