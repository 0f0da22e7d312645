"""The load: a process of its own that posts each body once over kept connections, and tells how long each took."""

import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import PIPE, run
from tempfile import NamedTemporaryFile

CONNECTIONS = 8
"""As many as the server has threads: what is measured is the work of a call, not the queue before it."""
PATH = "/fhir/QuestionnaireResponse"
CREATED = 201
PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Loaded:
    """How a round went.

    Args:
        seconds: from the first call to the last answer.
        latencies_ms: of each call.
        failures: calls that were not answered 201, with what was answered.
    """

    seconds: float
    latencies_ms: list[float]
    failures: list[str]


def load(address: str, token: str, bodies: tuple[bytes, ...]) -> Loaded:
    """Post every body from another process."""
    with NamedTemporaryFile("wb", suffix=".ndjson") as file:
        file.write(b"\n".join(bodies))
        file.flush()
        command = [sys.executable, __file__, address.removeprefix("http://"), token, file.name]
        done = run(command, stdout=PIPE, check=True, timeout=600)
    loaded = Loaded(**json.loads(done.stdout))
    if loaded.failures:
        raise RuntimeError(f"{len(loaded.failures)} of {len(bodies)} calls failed: {loaded.failures[0]}")
    return loaded


def _main(host: str, token: str, file: str) -> None:
    bodies = iter(Path(file).read_bytes().split(b"\n"))
    lock, latencies, failures = threading.Lock(), list[float](), list[str]()
    threads = [
        threading.Thread(target=_worker, args=(host, token, _shared(bodies, lock), latencies, failures))
        for _ in range(CONNECTIONS)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(asdict(Loaded(time.perf_counter() - begin, latencies, failures))))


def _shared(bodies: Iterator[bytes], lock: threading.Lock) -> Iterator[bytes]:
    while True:
        with lock:
            body = next(bodies, None)
        if body is None:
            return
        yield body


def _worker(host: str, token: str, bodies: Iterator[bytes], latencies: list[float], failures: list[str]) -> None:
    connection = http.client.HTTPConnection(host, timeout=PATIENCE_S)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
    for body in bodies:
        begin = time.perf_counter()
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        latencies.append(1000 * (time.perf_counter() - begin))
        if answer.status != CREATED:
            failures.append(f"{answer.status} {text[:300]!r}")
    connection.close()


if __name__ == "__main__":
    _main(*sys.argv[1:])
