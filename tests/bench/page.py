"""The page of figures: each row has a place of its own on it, so that a row can be measured alone."""

from pathlib import Path

from tests.bench.figures import Figure, table_of
from tests.bench.machine import machine_facts

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def write(row: str, figures: tuple[Figure, ...]) -> None:
    """Put the figures of one row, with date and machine, in place of those of an earlier run."""
    begin, end = f"<!-- row {row}: written by make bench -->", f"<!-- end of row {row} -->"
    before, found, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    if not found:
        raise ValueError(f"{PAGE.name} has no place for row {row}.")
    facts = "\n".join(machine_facts())
    PAGE.write_text(f"{before}{begin}\n\n{facts}\n\n{table_of(figures)}\n\n{end}{after}", encoding="utf-8")
