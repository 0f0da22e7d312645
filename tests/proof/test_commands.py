"""`svarbro validate` and `svarbro score` take 100,000 lines in the memory of a thousand, each answered in its place."""

import json
from collections.abc import Iterator
from random import Random
from time import monotonic

import pytest

from tests.proof.extent import extent
from tests.proof.ledger import Ledger
from tests.unit.cli.fed import cat, run_measured

FEW, MANY = 1_000, extent(quick=100_000, full=1_000_000)
MOST_GROWTH_KIB = 2 * 1024
TITLE = "commands: many lines in constant memory"
FAULTY = "9-------"
"""Nine is no option of CAT."""


def drawn(count: int) -> Iterator[str]:
    """Draw responses to CAT as digits: complete, and now and then a faulty one."""
    random = Random(count)
    for _ in range(count):
        yield FAULTY if random.random() < 0.01 else "".join(str(random.randint(0, 5)) for _ in range(8))


def fed(count: int) -> bytes:
    """Write one response per line."""
    return b"".join(json.dumps(cat(points)).encode() + b"\n" for points in drawn(count))


def told_by_validate(line: bytes) -> bool:
    """Tell whether a response was found valid."""
    severity: str = json.loads(line)["issue"][0]["severity"]
    return severity == "information"


def told_by_score(line: bytes) -> int | None:
    """Return the total; None for a refused response."""
    scores = json.loads(line)["scores"]
    return scores[0]["value"] if scores else None


EXPECTED = {
    "validate": (told_by_validate, lambda points: points != FAULTY),
    "score": (told_by_score, lambda points: None if points == FAULTY else sum(map(int, points))),
}


@pytest.mark.parametrize("command", EXPECTED)
def test_every_line_is_answered_in_its_place_and_memory_does_not_grow(command: str, ledger: Ledger) -> None:
    told, expected = EXPECTED[command]

    _, little, _ = run_measured(command, "--ndjson", fed=fed(FEW))
    began = monotonic()
    lines, much, _ = run_measured(command, "--ndjson", fed=fed(MANY))
    seconds = monotonic() - began

    wrong = sum(told(line) != expected(points) for line, points in zip(lines, drawn(MANY), strict=True))
    ledger.add(
        TITLE,
        command=command,
        lines=len(lines),
        wrong=wrong,
        KiB_of_few=little,
        KiB_of_many=much,
        seconds=seconds,
        lines_per_s=int(len(lines) / seconds),
    )
    assert wrong == 0
    assert much - little <= MOST_GROWTH_KIB
