"""What a benchmark finds: a figure, its gate and whether it is met, or a number for context."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

HEADS = ("row", "what", "figure", "gate", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Args:
        row: of the table of figures in docs/architecture.md section 10.
        what: is measured.
        shown: the figure with its unit.
        gate: what it must be; empty for context.
        met: None for context.
    """

    row: int
    what: str
    shown: str
    gate: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """Say in two words how it went."""
        return {True: "met", False: "NOT MET", None: "context"}[self.met]


@dataclass(slots=True)
class Series:
    """Measurements of several ways to do the same, taken in turn.

    Args:
        values: way -> one value of each round.
    """

    values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, way: str, value: float) -> None:
        """Add the value of a round."""
        self.values.setdefault(way, []).append(value)

    def median(self, way: str) -> float:
        """Return the middle of all rounds."""
        return median(self.values[way])

    def ratio(self, way: str, to: str) -> float:
        """Return the middle of the ratios within each round: what slows a round down slows both."""
        return median(one / other for one, other in zip(self.values[way], self.values[to], strict=True))


def interleaved(ways: Mapping[str, Callable[[], float]], rounds: int) -> Series:
    """Measure every way once in each round; the first of one round is the last of the next."""
    series = Series()
    order = list(ways)
    for _ in range(rounds):
        for way in order:
            series.add(way, ways[way]())
        order = [*order[1:], order[0]]
    return series


def at_most(row: int, what: str, value: float, most: float, *, unit: str = "x") -> Figure:
    """Judge a figure that must not be above its gate."""
    return Figure(row, what, f"{value:.3g} {unit}", f"<= {most:.3g} {unit}", value <= most)


def at_least(row: int, what: str, value: float, least: float, *, unit: str = "x") -> Figure:
    """Judge a figure that must not be below its gate."""
    return Figure(row, what, f"{value:.3g} {unit}", f">= {least:.3g} {unit}", value >= least)


def table_of(figures: Iterable[Figure]) -> str:
    """Write figures as a Markdown table."""
    lines = [(str(one.row), one.what, one.shown, one.gate, one.verdict) for one in figures]
    widths = [max(len(line[column]) for line in (HEADS, *lines)) for column in range(len(HEADS))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(line, widths) for line in (HEADS, rule, *lines))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"
