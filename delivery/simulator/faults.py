"""Misbehaviour on order: by the scenario, by the next so many transmissions, or until a receiver is started again."""

import threading
from collections import deque
from collections.abc import Callable

from flask import Response, g, request

from delivery.simulator.arrivals import Arrivals
from delivery.simulator.behaviours import TARGETS, Behaviour, Fault
from delivery.simulator.scenario import Scenario
from delivery.simulator.spoiling import Spoiling


class Faults:
    """What waits for its transmission: faults on order come before those of the scenario."""

    def __init__(self, arrivals: Arrivals, scenario: Scenario) -> None:
        self._ordered: dict[str, deque[Fault]] = {target: deque() for target in TARGETS}
        self._first = {target: deque(scenario.of(target).first) for target in TARGETS}
        self._down = {target for target in TARGETS if scenario.of(target).down}
        self._scenario = scenario
        self._stopping = threading.Event()
        self._spoiling = Spoiling(self._stopping)
        self._arrivals = arrivals

    def add(self, target: str, fault: Fault, count: int) -> None:
        """Let the next `count` transmissions to a receiver go wrong."""
        self._ordered[target].extend([fault] * count)

    def waiting(self) -> dict[str, list[str]]:
        """Return what still waits, by receiver."""
        return {target: [str(fault.behaviour) for fault in faults] for target, faults in self._ordered.items()}

    def down(self) -> frozenset[str]:
        """Return the receivers that are stopped."""
        return frozenset(self._down)

    def switch(self, target: str, *, down: bool) -> None:
        """Stop a receiver, or start it again."""
        (self._down.add if down else self._down.discard)(target)

    def stop(self) -> None:
        """Let nobody wait any longer for a slow answer."""
        self._stopping.set()

    def guard(
        self, target: str, handle: Callable[[], Response], conflict: Callable[[], Response], *, key: str | None = None
    ) -> Response:
        """Handle one transmission, or let it go wrong.

        Args:
            target: the receiver.
            handle: takes the transmission and answers it; how it tells of it afterwards is in `told_wrongly`.
            conflict: what this receiver does when the fault `conflict` is due.
            key: under which it is counted; None = its idempotency key.
        """
        key = request.headers.get("Idempotency-Key", "") if key is None else key
        if target in self._down:
            return Response(status=503)
        fault = self._next(target, key, self._arrivals.came(target, key))
        g.fault = fault
        if fault is None or fault.behaviour.is_of_receipts:
            return handle()
        if fault.behaviour is Behaviour.CONFLICT:
            return conflict()
        if fault.behaviour.is_before:
            return self._spoiling.refused(fault)
        return self._spoiling.spoilt(fault, handle())

    def ask(self, target: str, handle: Callable[[], Response]) -> Response:
        """Answer a question, which changes nothing and is not counted; a stopped receiver answers none."""
        return Response(status=503) if target in self._down else handle()

    def _next(self, target: str, key: str, attempt: int) -> Fault | None:
        for waiting in (self._ordered[target], self._first[target]):
            try:
                return waiting.popleft()
            except IndexError:
                continue
        return self._scenario.drawn(target, key, attempt)


def told_wrongly() -> Behaviour | None:
    """Return how the receipts of the transmission in hand are to go wrong."""
    fault: Fault | None = g.get("fault")
    return fault.behaviour if fault and fault.behaviour.is_of_receipts else None
