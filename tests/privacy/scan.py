"""What must never stand in a log, and how all logs of a test run are searched for it."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.log_corpus import PLANTED, log_of

PERSONS = {
    "2512489996": "Nancy Berggren",
    "0104909995": "Sverre Mosebryggeren",
    "0108589995": "Schwendlund",
    "3001749995": "Niels Vendelboe",
    "0201609995": "Einer Lauridsen",
    "0201919990": "Else Lauridsen",
}
"""Every person that a test may use: MedCom's official test persons."""

NAMES = sorted({word for name in PERSONS.values() for word in name.split() if len(word) > 4})
PATTERNS = {
    "CPR number": re.compile(r"(?<![\w-])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-?\d{4}(?![\w-])"),
    "name": re.compile("|".join(NAMES)),
    "answer": re.compile(r'"?value(?:Coding|Boolean|Integer|String|Decimal)"?|resourceType|csrf_token'),
    "token": re.compile(r"/p/i/[\w-]{8,}|whsec_\w|[Bb]earer \S{8,}|token-of-|[?&](?:token|code)="),
}
WRITERS: Mapping[str, frozenset[str]] = {
    "tests/fault/test_kill.py": frozenset({"web", "worker"}),
    "tests/contract/fhir/": frozenset({"doors"}),
}
"""Beginning of a test's id -> names of the logs that it must have written."""


@dataclass(frozen=True)
class Search:
    """What came of a search.

    Args:
        files: logs that were read.
        lines: lines that were read.
        faults: every leak by file and line, and every log that should be there and was not read.
    """

    files: int
    lines: int
    faults: tuple[str, ...]


def search(directory: Path, ran: Mapping[str, Collection[str]]) -> Search:
    """Search every log of a run.

    Args:
        ran: process that ran tests -> ids of the tests.
    """
    leaks: list[str] = []
    planted: set[str] = set()
    files: set[Path] = set()
    number_of_lines = 0
    for path, number, line in log_lines(directory):
        files.add(path)
        number_of_lines += 1
        if line.rstrip("\n").endswith(PLANTED):
            planted.add(path.name)
        elif found := findings(line):
            leaks.append(f"{path.relative_to(directory)}:{number}: {', '.join(found)}")
    written = {path.stem for path in files}
    missing = [f"{log_of(process)} was not searched" for process in ran if log_of(process) not in planted]
    missing += [f"no log of {name} was found" for name in sorted(_wanted(ran) - written)]
    return Search(len(files), number_of_lines, (*leaks, *missing))


def findings(text: str) -> tuple[str, ...]:
    """Name what a text holds that a log may not."""
    return tuple(kind for kind, pattern in PATTERNS.items() if pattern.search(text))


def log_lines(directory: Path) -> Iterator[tuple[Path, int, str]]:
    """Go through every line of every log: file, line number, text."""
    for path in sorted(directory.rglob("*.log")):
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, start=1):
                yield path, number, line


def _wanted(ran: Mapping[str, Collection[str]]) -> set[str]:
    tests = [test for ids in ran.values() for test in ids]
    return {name for start, names in WRITERS.items() if any(one.startswith(start) for one in tests) for name in names}
