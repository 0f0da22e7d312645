"""Cuts a connection at its deadline, whatever the other end does: also while headers drip in, byte by byte."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_LOOK_EVERY_S = 0.05
_call = threading.local()
"""The call that this thread is in: its connection is told to the watch when it begins to wait for an answer."""


class _Watch:
    """One thread that looks after every call of the process; it lives while there is anything to look after."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deadlines: dict[socket.socket, float] = {}
        self._is_looking = False

    def add(self, connection: socket.socket, deadline: float) -> None:
        """Cut the connection at this moment of the monotonic clock."""
        with self._lock:
            self._deadlines[connection] = deadline
            if not self._is_looking:
                self._is_looking = True
                threading.Thread(target=self._look, name="deadlines", daemon=True).start()

    def drop(self, connection: socket.socket) -> None:
        """Look after it no longer."""
        with self._lock:
            self._deadlines.pop(connection, None)

    def _look(self) -> None:
        pause = threading.Event()
        while self._cut_overdue():
            pause.wait(_LOOK_EVERY_S)

    def _cut_overdue(self) -> bool:
        now = monotonic()
        with self._lock:
            overdue = [connection for connection, deadline in self._deadlines.items() if deadline < now]
            for connection in overdue:
                del self._deadlines[connection]
                # The reader of this connection wakes with an error; the descriptor itself stays its own.
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._is_looking = bool(self._deadlines)
            return self._is_looking


_watch = _Watch()
"""One for the process: nothing that `requests` hands to a connection could carry it there."""


@contextlib.contextmanager
def cut_at(deadline: float) -> Iterator[None]:
    """Let no connection that this thread waits for meanwhile outlive a moment of the monotonic clock."""
    _call.deadline, _call.connection = deadline, None
    try:
        yield
    finally:
        if _call.connection is not None:
            _watch.drop(_call.connection)
        _call.deadline = None


def waited() -> bool:
    """Tell whether this thread's last call came so far that it waited for an answer: all of the request had left."""
    return getattr(_call, "connection", None) is not None


def _wait_watched(connection: Any) -> None:
    deadline = getattr(_call, "deadline", None)
    if deadline is not None and isinstance(connection.sock, socket.socket):
        _call.connection = connection.sock
        _watch.add(connection.sock, deadline)


class _WatchedHttp(HTTPConnection):
    def getresponse(self) -> Any:
        _wait_watched(self)
        return super().getresponse()


class _WatchedHttps(HTTPSConnection):
    def getresponse(self) -> Any:
        _wait_watched(self)
        return super().getresponse()


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHttps


class WatchedAdapter(HTTPAdapter):
    """Opens connections that `cut_at` can cut."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pools, of our connections."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
