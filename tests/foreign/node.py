"""Runs the foreign programs on Node."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
NEEDED = (20, 19)
PATIENCE_S = 120


def why_not() -> str:
    """Say why the programs cannot run here; nothing if they can."""
    node = shutil.which("node")
    if node is None:
        return "Node is not here: nobody foreign can sign in"
    told = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if tuple(int(part) for part in told.lstrip("v").split(".")[:2]) < NEEDED:
        return f"Node {told} is too old for oidc-provider: {NEEDED[0]}.{NEEDED[1]} or newer is needed"
    if not (HERE / "node_modules" / ".installed").exists():
        return "the programs are not installed: run `make foreign`, or `node tests/foreign/install.mjs`"
    return ""


def need_node() -> None:
    """Skip the test where Node is not here, and fail it where that is asked for."""
    if not (reason := why_not()):
        return
    if os.environ.get("SVARBRO_REQUIRE_NODE"):
        pytest.fail(reason)
    pytest.skip(reason)


def ran(script: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """Run a script with a job on its standard input, and return the JSON that it writes."""
    command = ["node", str(HERE / script)]
    done = subprocess.run(
        command, input=json.dumps(job), check=False, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said: dict[str, Any] = json.loads(done.stdout)
    return said
