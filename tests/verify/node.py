"""Runs the two other engines on Node."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
NEEDED = (18, 0)
Resource = Mapping[str, Any]


def why_not() -> str:
    """Say why the engines cannot run here; nothing if they can."""
    node = shutil.which("node")
    if node is None:
        return "Node is not here: fhirpath.js and LForms cannot run, so nothing is verified"
    told = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if tuple(int(part) for part in told.lstrip("v").split(".")[:2]) < NEEDED:
        return f"Node {told} is too old for fhirpath.js: {NEEDED[0]} or newer is needed"
    if not (HERE / "node_modules" / ".installed").exists():
        return "the engines are not installed: run `make verify-content`, or `node tests/verify/install.mjs`"
    return ""


def need_node() -> None:
    """Skip the test where Node is not here, and fail it where that is asked for."""
    if not (reason := why_not()):
        return
    if os.environ.get("SVARBRO_REQUIRE_NODE"):
        pytest.fail(reason)
    pytest.skip(reason)


def evaluate(
    questionnaire: Resource, responses: Sequence[Resource], weights: Sequence[Resource], *, lforms: int
) -> dict[str, Any]:
    """Give what both engines make of each response, and the weights that fhirpath.js finds for others.

    Args:
        questionnaire: with calculated expressions.
        responses: to score.
        weights: responses whose answers are looked up.
        lforms: how many of the responses LForms, which is slower, scores too.
    """
    told = {"questionnaire": questionnaire, "responses": responses, "weights": weights, "lforms": lforms}
    return _ran("evaluate.mjs", told)


def render(questionnaire: Resource, responses: Sequence[Resource]) -> list[dict[str, Any]]:
    """Give the responses that LForms sends when its form is filled in with the answers of these responses."""
    sent: list[dict[str, Any]] = _ran("render.mjs", {"questionnaire": questionnaire, "responses": responses})["sent"]
    return sent


def _ran(script: str, told: Resource) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="svarbro-verify-") as folder:
        job, results = Path(folder) / "job.json", Path(folder) / "results.json"
        job.write_text(json.dumps(told))
        command = ["node", str(HERE / script), str(job), str(results)]
        ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=3600)
        assert ran.returncode == 0, ran.stderr[-3000:]
        found: dict[str, Any] = json.loads(results.read_text())
        return found
