"""What must never stand in a log, and how it is searched for."""

import re
from collections.abc import Iterator
from pathlib import Path

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


def findings(text: str) -> tuple[str, ...]:
    """Name what a text holds that a log may not."""
    return tuple(kind for kind, pattern in PATTERNS.items() if pattern.search(text))


def log_lines(directory: Path) -> Iterator[tuple[Path, int, str]]:
    """Go through every line of every log: file, line number, text."""
    for path in sorted(directory.rglob("*.log")):
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, start=1):
                yield path, number, line
