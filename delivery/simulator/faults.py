"""Misbehaviour on order: the next so many transmissions to a receiver go wrong in a stated way."""

import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask import Response, request

from delivery.simulator.arrivals import Arrivals

TARGETS = ("webpatient", "minlaege", "flp", "lps-note", "lps-inbox")
SLOW_S = 12.0


class Behaviour(StrEnum):
    """What goes wrong."""

    UNAVAILABLE = "503"
    TOO_MANY = "429"
    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    SLOW = "slow"
    BROKEN_JSON = "broken-json"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Fault:
    """One transmission that goes wrong.

    Args:
        behaviour: in which way.
        seconds: with `slow`: how late the answer comes; with `429`: the wait asked for.
    """

    behaviour: Behaviour
    seconds: float | None = None


class Faults:
    """Faults that wait for their transmission, first come first served."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._waiting: dict[str, deque[Fault]] = {target: deque() for target in TARGETS}
        self._stopping = threading.Event()
        self._arrivals = arrivals

    def add(self, target: str, fault: Fault, count: int) -> None:
        """Let the next `count` transmissions to a receiver go wrong."""
        self._waiting[target].extend([fault] * count)

    def waiting(self) -> dict[str, list[str]]:
        """Return what still waits, by receiver."""
        return {target: [str(fault.behaviour) for fault in faults] for target, faults in self._waiting.items()}

    def stop(self) -> None:
        """Let nobody wait any longer for a slow answer."""
        self._stopping.set()

    def guard(self, target: str, handle: Callable[[], Response], conflict: Callable[[], Response]) -> Response:
        """Handle one transmission, or let it go wrong.

        Args:
            target: the receiver.
            handle: takes the transmission and answers it.
            conflict: what this receiver does when the fault `conflict` is due.
        """
        self._arrivals.came(target, request.headers.get("Idempotency-Key", ""))
        fault = self._next(target)
        if fault is None:
            return handle()
        if fault.behaviour is Behaviour.CONFLICT:
            return conflict()
        if fault.behaviour in (Behaviour.UNAVAILABLE, Behaviour.TOO_MANY, Behaviour.RESET_BEFORE):
            return _refused(fault)
        return self._spoilt(fault, handle())

    def _next(self, target: str) -> Fault | None:
        try:
            return self._waiting[target].popleft()
        except IndexError:
            return None

    def _spoilt(self, fault: Fault, response: Response) -> Response:
        """Take the transmission, but let the sender not learn of it."""
        if fault.behaviour is Behaviour.RESET_AFTER:
            _cut()
        elif fault.behaviour is Behaviour.SLOW:
            self._stopping.wait(SLOW_S if fault.seconds is None else fault.seconds)
        else:
            response.set_data(response.get_data()[:-3])
        return response


def _refused(fault: Fault) -> Response:
    """Answer without having looked at the transmission."""
    if fault.behaviour is Behaviour.RESET_BEFORE:
        _cut()
        return Response(status=500)
    response = Response(status=int(fault.behaviour))
    if fault.behaviour is Behaviour.TOO_MANY:
        response.headers["Retry-After"] = str(int(fault.seconds or 1))
    return response


def _cut() -> None:
    """Break the connection: whatever is answered now never arrives."""
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if isinstance(connection, socket.socket):
        # Linger 0 makes the closing a reset, as a crashed receiver's would be.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
