"""A whole installation for tests: real processes on free ports, on a database and in a directory of its own."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cli.prepare import Addresses, environment_of, free_addresses, prepare
from cli.processes import Processes
from cli.run import start_all
from cli.story import Story
from kernel.settings import Settings
from tests.log_corpus import corpus_dir

IMPATIENT_S = "1"
"""Longest outside call in tests, so that a lease of a killed worker runs out within seconds."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Running processes, and the story that can be told with them."""

    addresses: Addresses
    processes: Processes
    story: Story

    def crash(self, *names: str) -> None:
        """Kill processes as a power cut would, and start them again."""
        for name in names:
            self.processes.kill(name)
        for name in names:
            self.start(name)

    def start(self, name: str) -> None:
        """Start a process again under its name."""
        if name == "worker":
            self.processes.start("worker", "worker")
            return
        self.processes.start("web", "serve", "--port", str(self.addresses.web_port))
        self.processes.wait_for("web", f"{self.addresses.web}/healthz")


@contextmanager
def installed(
    directory: Path, database_url: str, name: str, *, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Installation]:
    """Start simulator, web and worker on an empty database; stop them at the end.

    Args:
        name: of the directory in the log corpus.
        more: for the environment of the processes.
    """
    addresses = free_addresses(0, 0)
    environ = {
        **environment_of(directory, addresses),
        "SVARBRO_DATABASE_URL": database_url,
        "SVARBRO_REQUEST_TIMEOUT_S": IMPATIENT_S,
        **more,
    }
    people = prepare(Settings.from_env({**os.environ, **environ}), enrol=False)
    with Processes(environ, corpus_dir() / name) as processes:
        start_all(processes, addresses)
        story = Story(addresses.web, addresses.simulator, people, 60, directory / "clock-offset")
        yield Installation(addresses, processes, story)
