"""A receiver over real HTTP that dedupes by key, goes wrong now and then, and writes down all that reached it."""

import json
import socket
import struct
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Lock, Thread
from time import monotonic, sleep
from typing import Any, cast

FAULTS = (429, 503, "reset after", "500 after")
"""Two of them refuse the message, two take it and do not say so."""


@dataclass
class Sink:
    """What arrived, and what took effect.

    Args:
        fault_share: of each kind of fault, from 0 to 0.25.
        delay_s: how long a message takes.
        dead: nothing is taken while it is set: 503.
        arrived: transmissions by key.
        effects: sequence numbers that took effect, by lane, in their order.
        at: when something took effect, by the monotonic clock.
    """

    fault_share: float = 0.0
    delay_s: float = 0.005
    dead: bool = False
    arrived: Counter[str] = field(default_factory=Counter)
    spoilt: Counter[str] = field(default_factory=Counter)
    effects: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    taken: set[str] = field(default_factory=set)
    at: list[float] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(5))
    lock: Any = field(default_factory=Lock)

    def take(self, key: str, body: dict[str, Any]) -> int | str:
        """Take a message, or not; tell the status, or that the line is to be cut."""
        sleep(self.delay_s)
        with self.lock:
            self.arrived[key] += 1
            fault = self._fault()
            if self.dead or fault in (429, 503):
                self.spoilt[key] += 1
                return 503 if self.dead else cast(int, fault)
            if key not in self.taken:
                self.taken.add(key)
                self.effects[body["lane"]].append(body["sequence"])
                self.at.append(monotonic())
            if fault is not None:
                self.spoilt[key] += 1
            return 200 if fault is None else cast(str, fault)

    @property
    def repeats(self) -> int:
        """Transmissions beyond the first of each message that no fault of the receiver asked for."""
        return sum(self.arrived[key] - 1 - self.spoilt[key] for key in self.taken)

    def _fault(self) -> int | str | None:
        drawn = self.random.random() / self.fault_share if self.fault_share else len(FAULTS)
        return FAULTS[int(drawn)] if drawn < len(FAULTS) else None


class Handler(BaseHTTPRequestHandler):
    """One connection to the sink."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take one message."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = cast(Any, self.server).sink.take(self.headers["Idempotency-Key"], body)
        if said == "reset after":
            # Linger 0 makes the closing a reset, as a crashed receiver's would be.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        answer = json.dumps({"reference": "r-1"}).encode()
        self.send_response(500 if said == "500 after" else cast(int, said))
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class QuietServer(ThreadingHTTPServer):
    """Does not tell of clients that were killed."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave it: the client is gone."""


@contextmanager
def sink_server(sink: Sink) -> Iterator[str]:
    """Serve a sink for the block; yield its address."""
    server = QuietServer(("127.0.0.1", 0), Handler)
    cast(Any, server).sink = sink
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
