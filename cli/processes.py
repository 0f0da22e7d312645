"""Child processes of `svarbro run` and `svarbro demo`: started, watched, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO

import requests

from kernel.errors import SvarbroError

START_S = 45
STOP_S = 12


class ProcessError(SvarbroError):
    """A process did not start, or ended by itself."""


def free_port(wanted: int) -> int:
    """Return the wanted port, or the next free one above it; 0 gives any free port."""
    if wanted == 0:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise ProcessError("No port is free.")


class Processes:
    """A set of `svarbro` commands that live and end together.

    Args:
        environ: added to this process's environment for every child.
        logs: directory for one log file per process.
    """

    def __init__(self, environ: Mapping[str, str], logs: Path) -> None:
        self._environ = {**os.environ, **environ}
        self._logs = logs
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._files = ExitStack()

    def __enter__(self) -> "Processes":
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, *arguments: str) -> None:
        """Start `svarbro ARGUMENTS` under a name; its output goes to `<name>.log`."""
        log: IO[bytes] = self._files.enter_context((self._logs / f"{name}.log").open("ab"))
        self._children[name] = subprocess.Popen(  # noqa: S603  (our own command, no shell)
            [sys.executable, "-m", "cli", *arguments],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # A process group of its own: Ctrl-C reaches only us, and we stop the children in order.
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """End a process and its own children at once, as a crash would."""
        os.killpg(self._children[name].pid, signal.SIGKILL)
        self._children.pop(name).wait()

    def wait_for(self, name: str, url: str) -> None:
        """Wait until a process answers.

        Raises:
            ProcessError: it ended, or did not answer in time; the log file says why.
        """
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            self.check()
            if _answers(url):
                return
            time.sleep(0.1)
        raise ProcessError(f"{name} did not answer within {START_S} s; see {name}.log.")

    def check(self) -> None:
        """Raise ProcessError when a process has ended by itself."""
        for name, child in self._children.items():
            if child.poll() is not None:
                raise ProcessError(f"{name} ended with exit code {child.returncode}; see {name}.log.")

    def stop(self) -> None:
        """Ask every process to end, then wait; the last started stops first."""
        for child in reversed(self._children.values()):
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(STOP_S)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self._children.clear()
        self._files.close()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
