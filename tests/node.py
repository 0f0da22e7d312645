"""Whether the programs of other people can run on Node here; where that is asked for, they must."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Programs:
    """Programs of one folder, installed by its `install.mjs`.

    Args:
        needed: the oldest Node that runs them.
        what: they are, for messages.
        target: of the Makefile that installs and runs them.
    """

    home: Path
    needed: tuple[int, int]
    what: str
    target: str

    def why_not(self) -> str:
        """Say why they cannot run here; nothing if they can."""
        node = shutil.which("node")
        if node is None:
            return f"Node is not here: {self.what} cannot run, so nothing is proven"
        told = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()
        if tuple(int(part) for part in told.lstrip("v").split(".")[:2]) < self.needed:
            return f"Node {told} is too old for {self.what}: {self.needed[0]}.{self.needed[1]} or newer is needed"
        if not (self.home / "node_modules" / ".installed").exists():
            return f"{self.what} are not installed: run `make {self.target}`"
        return ""

    def need(self) -> None:
        """Skip the test where they cannot run, and fail it where Node is asked for."""
        if not (reason := self.why_not()):
            return
        if os.environ.get("SVARBRO_REQUIRE_NODE"):
            pytest.fail(reason)
        pytest.skip(reason)
