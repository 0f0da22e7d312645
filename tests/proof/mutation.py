"""Mutation testing in a copy of the project: mutmut changes the code, `mutant_runs` runs the tests on each change."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.proof.crew import HANDS

PROJECT = Path(__file__).parents[2]
COPIED = (
    *("app.py", "cli", "content.lock", "delivery", "docs", "flow", "kernel", "pyproject.toml", "questionnaires"),
    *("scoring", "security", "store", "tests", "web"),
)
KILLED = (1, 3)
"""Exit codes of the test run of a mutant: a test failed, or pytest itself did."""
SURVIVED = (0, 5, 33)
"""Every test passed, or none reaches the code."""
NOT_RUN = None
ANY_ONE = "questionnaires.tree.x_nearest__mutmut_1"
# Not handed on: what would reach from this test run into that of the mutants.
OWN = ("SVARBRO_PROOF", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS")


def copy_project(directory: Path) -> None:
    """Copy what mutmut and the tests that it runs need."""
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, directory / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copyfile(source, directory / name)


def mutate(directory: Path, patterns: tuple[str, ...]) -> None:
    """Make all mutants as [tool.mutmut] in pyproject.toml says, and run those of these patterns.

    Raises:
        RuntimeError: mutmut or the runs gave up; holds their last words.
    """
    # mutmut makes nothing without running something: one mutant, and all tests, to learn which reach what.
    _start(directory, "-m", "mutmut", "run", "--max-children", str(HANDS), ANY_ONE)
    _start(directory, "-P", "tests/proof/mutant_runs.py", *patterns)


def _start(directory: Path, *words: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    told = directory / "told.txt"
    with told.open("wb") as stream:
        done = subprocess.run(
            [sys.executable, *words], cwd=directory, env=kept, stdout=stream, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        raise RuntimeError(told.read_text(encoding="utf-8", errors="replace")[-4_000:])


def verdicts(directory: Path) -> Iterator[tuple[str, Mapping[str, int | None]]]:
    """Give each mutated module with the exit codes of its mutants that were run."""
    mutants = directory / "mutants"
    for path in sorted(mutants.rglob("*.py.meta")):
        codes: Mapping[str, int | None] = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        run = {name: code for name, code in codes.items() if code is not NOT_RUN}
        if run:
            yield path.relative_to(mutants).as_posix().removesuffix(".meta"), run


def count(codes: Mapping[str, int | None]) -> Counter[str]:
    """Count killed, survived and timed-out mutants; one that never ends would be seen, so it is killed too."""
    return Counter(
        "survived" if code in SURVIVED else "killed" if code in KILLED else "timed out" for code in codes.values()
    )


def function_of(mutant: str) -> str:
    """Tell which function a mutant changed: `scoring.scores.xǁGivenǁtally__mutmut_6` is `Given.tally`."""
    mangled = mutant.rpartition(".")[2].rpartition("__mutmut_")[0]
    return mangled.removeprefix("x").strip("_ǁ").replace("ǁ", ".")
