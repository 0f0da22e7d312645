"""`svarbro demo` against real processes: the whole story, and a story with a missing piece."""

import os
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

import pytest

from tests.log_corpus import corpus_dir


def demo(*arguments: str, more: Mapping[str, str] = MappingProxyType({})) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "SVARBRO_LOG_DIR": str(corpus_dir() / "demo"), "NO_COLOR": "1", **more}
    command = [sys.executable, "-m", "cli", "demo", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_the_demo_tells_every_step_with_its_ids_and_ends_with_zero(database_url):
    told = demo("--database-url", database_url)

    assert told.returncode == 0, told.stdout + told.stderr
    steps = [line for line in told.stdout.splitlines() if line[:2].strip().isdigit()]
    assert len(steps) == 19
    assert "The story ends right" in told.stdout


@pytest.mark.parametrize(
    ("missing", "broken"),
    [("worker", "2. WebPatient tells the patient"), ("simulator", "2. WebPatient tells the patient")],
)
def test_a_missing_process_breaks_the_story_at_the_step_that_needs_it(missing, broken):
    told = demo("--without", missing, "--patience", "3")

    assert told.returncode == 1
    assert broken in told.stdout
    assert "The story ends right" not in told.stdout
