"""How an exchange goes wrong on the wire: what the sender sees, or never sees."""

import socket
import struct
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime

from flask import Response, request

from delivery.simulator.behaviours import Behaviour, Fault
from kernel.clock import SystemClock

SLOW_S = 12.0
DRIP_S = 1.0
FLOOD_BYTES = 4 * 1024 * 1024
_STATUS = {Behaviour.REFUSED: 404, Behaviour.KEY_CONFLICT: 422, Behaviour.REDIRECT: 307}


class Spoiling:
    """Spoils answers; whoever waits is let go when the simulator stops."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    def refused(self, fault: Fault) -> Response:
        """Answer without having looked at the transmission."""
        if fault.behaviour is Behaviour.RESET_BEFORE:
            _cut()
        if fault.behaviour is Behaviour.TIMEOUT_BEFORE:
            self._wait(fault, SLOW_S)
        if fault.behaviour in (Behaviour.TOO_MANY, Behaviour.TOO_MANY_UNTIL):
            return self._too_many(fault)
        known = str(fault.behaviour)
        response = Response(status=int(known) if known.isdigit() else _STATUS.get(fault.behaviour, 500))
        if fault.behaviour is Behaviour.REDIRECT:
            response.headers["Location"] = request.path
        return response

    def spoilt(self, fault: Fault, response: Response) -> Response:
        """Let the sender not learn that the transmission was taken."""
        match fault.behaviour:
            case Behaviour.RESET_AFTER:
                _cut()
            case Behaviour.SLOW:
                self._wait(fault, SLOW_S)
            case Behaviour.FAILED_AFTER:
                return Response(status=500)
            case Behaviour.DRIP:
                return self._dripping(fault, response)
            case Behaviour.DRIP_HEADERS:
                self._drip_headers(fault)
            case Behaviour.FLOOD:
                response.set_data(b" " * FLOOD_BYTES)
            case _:
                response.set_data(response.get_data()[:-3])
        return response

    def _too_many(self, fault: Fault) -> Response:
        wait_s = int(fault.seconds or 1)
        response = Response(status=429)
        response.headers["Retry-After"] = str(wait_s)
        if fault.behaviour is Behaviour.TOO_MANY_UNTIL:
            # The web server dates its answers by the machine's clock, whatever time is travelled to.
            until = SystemClock().now() + timedelta(seconds=wait_s)
            response.headers["Retry-After"] = format_datetime(until, usegmt=True)
        return response

    def _wait(self, fault: Fault, usual_s: float) -> None:
        self._stopping.wait(usual_s if fault.seconds is None else fault.seconds)

    def _dripping(self, fault: Fault, response: Response) -> Response:
        """Answer byte by byte: each in time, the whole never."""
        body = response.get_data()

        def drip() -> Iterator[bytes]:
            for n in range(len(body)):
                self._wait(fault, DRIP_S)
                yield body[n : n + 1]

        return Response(drip(), response.status_code, {"Content-Length": str(len(body))})

    def _drip_headers(self, fault: Fault) -> None:
        """Begin an answer whose headers never end."""
        connection = _connection()
        if connection is None:
            return
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not self._stopping.is_set():
                connection.sendall(b"X-Drip: 1\r\n")
                self._wait(fault, DRIP_S)
        except OSError:
            pass  # The sender has given up, as it should.


def _cut() -> None:
    """Break the connection: whatever is answered now never arrives."""
    connection = _connection()
    if connection is not None:
        # Linger 0 makes the closing a reset, as a crashed receiver's would be.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)


def _connection() -> socket.socket | None:
    found = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    return found if isinstance(found, socket.socket) else None
