"""Runs the two other engines on Node."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.node import Programs

HERE = Path(__file__).parent
PROGRAMS = Programs(HERE, (18, 0), "fhirpath.js and LForms", "verify-content")
Resource = Mapping[str, Any]


def need_node() -> None:
    """Skip the test where the programs cannot run, and fail it where that is asked for."""
    PROGRAMS.need()


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
