"""The repository as the house tests look at it: its files, its settings, and tools run on a copy."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
ROOMS = ("cli", "web", "flow", "store", "delivery", "scoring", "questionnaires", "security", "kernel")
"""Top-level packages, uppermost first."""
MIGRATIONS = ROOT / "store" / "migrations" / "versions"


def pyproject() -> dict[str, Any]:
    """Read pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def sources(*folders: str) -> list[Path]:
    """List the Python files of the rooms, `app.py` and the named folders; of all rooms if none is named."""
    found = [path for folder in folders or ROOMS for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if MIGRATIONS not in path.parents) + ([] if folders else [ROOT / "app.py"])


@cache
def imported_names(path: Path) -> set[str]:
    """List the dotted names that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def copy_of_the_house(target: Path) -> Path:
    """Copy rooms and settings, without what tools left behind."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, target / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", target)
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def run(*command: str, cwd: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment and keep what it says."""
    program, *rest = command
    return subprocess.run(  # a fault of the tool is the caller's to judge
        [str(BIN / program), *rest], cwd=cwd, input=text, capture_output=True, encoding="utf-8", check=False
    )


def tables(page: Path) -> Iterator[list[str]]:
    """Yield the cells of every table row of a Markdown page, header and rule lines left out."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line.startswith("|") and not re.match(r"^\|[-| ]+\|$", line) and not re.match(r"^\|[-| ]+\|$", following):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
