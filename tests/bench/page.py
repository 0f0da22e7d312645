"""The page of figures: each row has a place of its own on it, so that a row can be measured alone."""

from pathlib import Path

from tests.bench.figures import Figure, table_of
from tests.bench.machine import machine_facts

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def require_place(row: str) -> None:
    """Refuse a row that the page has no place for: told before it is measured, not minutes after.

    Raises:
        ValueError: The page has no place for the row.
    """
    if _begin(row) not in PAGE.read_text(encoding="utf-8"):
        raise ValueError(f"{PAGE.name} has no place for row {row}.")


def write(row: str, figures: tuple[Figure, ...]) -> None:
    """Put the figures of one row, with date and machine, in place of those of an earlier run."""
    require_place(row)
    begin, end = _begin(row), f"<!-- end of row {row} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    facts = "\n".join(machine_facts())
    PAGE.write_text(f"{before}{begin}\n\n{facts}\n\n{table_of(figures)}\n\n{end}{after}", encoding="utf-8")


def _begin(row: str) -> str:
    return f"<!-- row {row}: written by make bench -->"
