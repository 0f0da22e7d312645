"""What the proofs found, as tables."""

from collections.abc import Iterator

Cell = str | int | float


class Ledger:
    """Tables by title; a row is added as cells by column, and numbers stand to the right."""

    def __init__(self) -> None:
        self._tables: dict[str, list[dict[str, Cell]]] = {}

    def add(self, title: str, **cells: Cell) -> None:
        """Add a row; the first row of a title names the columns."""
        self._tables.setdefault(title, []).append(cells)

    def total(self, title: str, column: str) -> float:
        """Add a column up."""
        return sum(float(row[column]) for row in self._tables.get(title, []))

    def told(self) -> Iterator[tuple[str, list[str]]]:
        """Give every table as lines."""
        for title, rows in self._tables.items():
            columns = list(rows[0])
            shown = [columns, *([_shown(row.get(column, "")) for column in columns] for row in rows)]
            widths = [max(len(line[place]) for line in shown) for place in range(len(columns))]
            left = [isinstance(rows[0][column], str) for column in columns]
            yield title, [_line(line, widths, left) for line in shown]


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
