"""`.ci/run`: readable, strict, and no proof without a browser."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.house.house import ROOT

SCRIPT = ROOT / ".ci" / "run"
TOOLS = ("bash", "cat", "dirname", "env", "grep", "id", "seq")


def path_without_chromium(folder: Path) -> str:
    """Make a PATH on which `apt-get` and `make` leave a trace and do nothing, and no Chromium is found."""
    for tool in TOOLS:
        (folder / tool).symlink_to(str(shutil.which(tool)))
    for tool in ("apt-get", "make", "sleep", "sudo", "git"):
        stub = folder / tool
        stub.write_text(f'#!/bin/sh\necho "{tool} $*" >>"{folder}/trace"\n')
        stub.chmod(0o755)
    return str(folder)


def test_the_script_can_be_run_and_read():
    assert os.access(SCRIPT, os.X_OK)
    assert subprocess.run(["bash", "-n", str(SCRIPT)], check=False).returncode == 0


def test_the_script_is_strict_and_lets_no_test_skip_for_want_of_tools():
    text = SCRIPT.read_text(encoding="utf-8")

    assert "set -euo pipefail" in text
    assert "export SVARBRO_REQUIRE_BROWSER=1 SVARBRO_REQUIRE_NODE=1" in text


@pytest.mark.parametrize("target", ["check", "proof", "verify-content", "foreign"])
def test_what_is_proven_beside_the_tests_is_run(target):
    lines = [line for line in SCRIPT.read_text(encoding="utf-8").splitlines() if line.startswith(("step ", "beside "))]
    made = {word for line in lines for words in re.findall(r"\bmake ([a-z -]+)", line) for word in words.split()}

    assert target in made


def test_the_story_is_told_on_a_clean_clone_because_the_readme_shows_it():
    assert "make demo" in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_the_last_thing_said_is_pytests_closing_line():
    assert SCRIPT.read_text(encoding="utf-8").splitlines()[-1] == "make test"


def test_without_chromium_nothing_is_proven(tmp_path):
    environ = {"PATH": path_without_chromium(tmp_path)}

    said = subprocess.run([str(SCRIPT)], env=environ, capture_output=True, encoding="utf-8", check=False)

    trace = (tmp_path / "trace").read_text()
    assert said.returncode != 0
    assert "Chromium is not here" in said.stderr
    assert "apt-get install" in trace.replace("env DEBIAN_FRONTEND=noninteractive ", "")
    assert "make" not in trace
