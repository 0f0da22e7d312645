"""The measured processes: started, waited for, and their CPU time read from the kernel."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 60.0
ROOT = Path(__file__).parents[2]
CPU_CLOCK = 2
"""CPUCLOCK_SCHED of Linux: what all threads of a process have used, to the nanosecond."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service.

    Args:
        pid: of its first process.
        others: processes that work for it, such as a database server.
    """

    name: str
    address: str
    pid: int
    others: tuple[int, ...] = ()

    def cpu_s(self) -> float:
        """Return the CPU seconds that the service and its children have used so far."""
        return sum(_cpu_s(pid) for root in (self.pid, *self.others) for pid in _family(root))


@contextmanager
def running(
    name: str, arguments: Sequence[str], environ: Mapping[str, str], log: Path, *, others: tuple[int, ...] = ()
) -> Iterator[Service]:
    """Run `python -m arguments... --port N` for the block.

    Args:
        log: takes what it says.
    """
    port = _free_port()
    command = [sys.executable, "-m", *arguments, "--port", str(port)]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environ}, stdout=stream, stderr=stream, start_new_session=True
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(process, f"{address}/healthz", log)
            yield Service(name, address, process.pid, others)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_S)


def _wait_for(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - an address of our own
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"It did not start: {log.read_text()[-2000:]}") from None
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _cpu_s(pid: int) -> float:
    try:
        return time.clock_gettime((~pid << 3) | CPU_CLOCK)
    except OSError:
        return 0.0


def _family(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting.extend(int(child) for child in task.read_text().split())
            except OSError:
                continue
    return found
