"""Steady callers of a running service: each does its own kind of thing again and again, and every failure is told."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests

from tests.proof.extent import FULL
from tests.workers import wait_until

PAUSE_S = 0.02 if FULL else 0.2
PATIENCE_S = 60
Act = Callable[[], object]


class Callers:
    """Threads that call until they are told to stop."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.failed: list[str] = []
        self._stops: dict[str, threading.Event] = {}
        self._threads: list[tuple[str, threading.Thread]] = []

    def begin(self, kind: str, act: Act) -> None:
        """Let one more thread do a thing again and again."""
        stop = self._stops.setdefault(kind, threading.Event())
        thread = threading.Thread(target=self._go_on, args=(kind, act, stop))
        self._threads.append((kind, thread))
        thread.start()

    def see_another(self, kind: str) -> None:
        """Wait until a thing of this kind was done from beginning to end after now."""
        before = self.calls[kind]
        workers = sum(one == kind for one, _ in self._threads)
        wait_until(lambda: self.calls[kind] > before + workers)

    def end(self, kind: str) -> None:
        """Let no more of a kind begin, and wait for those under way."""
        self._stops[kind].set()
        for one, thread in self._threads:
            if one == kind:
                thread.join()

    def _go_on(self, kind: str, act: Act, stop: threading.Event) -> None:
        while not stop.wait(PAUSE_S):
            try:
                act()
            except Exception as error:  # noqa: BLE001  (whatever it is, the proof must tell it)
                self.failed.append(f"{kind}, {self.calls[kind]}: {error!r}")
            self.calls[kind] += 1


@contextmanager
def calling() -> Iterator[Callers]:
    """Have callers for the block; all have stopped at its end."""
    callers = Callers()
    try:
        yield callers
    finally:
        for kind in {one for one, _ in callers._threads}:
            callers.end(kind)


def ok(answer: requests.Response, *statuses: int) -> requests.Response:
    """Demand success.

    Raises:
        AssertionError: it was something else; it tells what and where.
    """
    told = f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:200]}"
    assert answer.status_code in (statuses or (200,)), told
    return answer
