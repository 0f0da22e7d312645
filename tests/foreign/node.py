"""Runs the foreign programs on Node."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.node import Programs

HERE = Path(__file__).parent
PROGRAMS = Programs(HERE, (20, 19), "openid-client and oidc-provider", "foreign")
PATIENCE_S = 120


def need_node() -> None:
    """Skip the test where the programs cannot run, and fail it where that is asked for."""
    PROGRAMS.need()


def ran(script: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """Run a script with a job on its standard input, and return the JSON that it writes."""
    command = ["node", str(HERE / script)]
    done = subprocess.run(
        command, input=json.dumps(job), check=False, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said: dict[str, Any] = json.loads(done.stdout)
    return said
