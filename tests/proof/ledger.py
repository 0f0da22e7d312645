"""What the proofs found, as tables."""

import re
from collections.abc import Iterator

Cell = str | int | float
Row = tuple[str, dict[str, Cell]]
"""Title of the table, and the cells by column."""


class Ledger:
    """Tables by title; a row is added as cells by column, and numbers stand to the right."""

    def __init__(self) -> None:
        self._tables: dict[str, list[dict[str, Cell]]] = {}
        self._untold: list[Row] = []

    def add(self, title: str, **cells: Cell) -> None:
        """Add a row; the first row of a title names the columns."""
        self._tables.setdefault(title, []).append(cells)
        self._untold.append((title, cells))

    def take(self) -> list[Row]:
        """Give the rows that were added since the last time."""
        rows, self._untold = self._untold, []
        return rows

    def told(self) -> Iterator[tuple[str, list[str]]]:
        """Give every table as lines, in the order of the titles: I2 before I10."""
        for title, rows in sorted(self._tables.items(), key=lambda table: _by_number(table[0])):
            columns = list(rows[0])
            shown = [columns, *([_shown(row.get(column, "")) for column in columns] for row in rows)]
            widths = [max(len(line[place]) for line in shown) for place in range(len(columns))]
            left = [isinstance(rows[0][column], str) for column in columns]
            yield title, [_line(line, widths, left) for line in shown]


def _by_number(title: str) -> list[str]:
    return [part.zfill(9) if part.isdigit() else part for part in re.split(r"(\d+)", title)]


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def _line(cells: list[str], widths: list[int], left: list[bool]) -> str:
    aligned = (
        cell.ljust(width) if to_left else cell.rjust(width)
        for cell, width, to_left in zip(cells, widths, left, strict=True)
    )
    return "  ".join(aligned).rstrip()
