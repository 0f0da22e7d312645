"""Where everything of a trend stands in its drawing: the scale upright as the instrument has it, time from left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scoring.change import Verdict
from scoring.number import Number
from scoring.scores import half_up
from scoring.trend import Trend, TrendPoint

WIDTH, HEIGHT = 360, 210
LEFT, RIGHT, TOP, BOTTOM = 34, 348, 22, 178
"""Edges of the scale within the drawing."""
INSET = 16
"""Room between the edges and the first and last point."""
LOWEST_BAND = 13
"""A band that is lower has no room for its words; the table says them."""


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """One stretch of the scale."""

    code: str
    top: float
    height: float
    is_even: bool

    @property
    def has_room(self) -> bool:
        """Tell whether its words fit in."""
        return self.height >= LOWEST_BAND


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """One answer.

    Args:
        label: the value as shown.
        verdict: of an important change only.
    """

    x: float
    y: float
    at: datetime
    label: str
    is_estimated: bool
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing.

    Args:
        ticks: height of each number at the edge -> the number.
        lines: of neighbouring points; where an answer could not be computed the line is broken.
    """

    bands: tuple[DrawnBand, ...]
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[tuple[DrawnPoint, ...], ...]

    @property
    def points(self) -> tuple[DrawnPoint, ...]:
        """Every point, oldest first."""
        return tuple(point for line in self.lines for point in line)


def chart_of(trend: Trend) -> Chart:
    """Place a trend that can be drawn."""
    scale = _Scale(*(trend.definition.ends or (0, 1)), trend.points[0].answered_at, trend.newest.answered_at)
    bands = tuple(
        DrawnBand(span.code, scale.y(span.high), scale.y(span.low) - scale.y(span.high), place % 2 == 0)
        for place, span in enumerate(trend.spans)
    )
    marks = {scale.low, scale.high, *(span.low for span in trend.spans)}
    whole = (mark for mark in sorted(marks) if mark.denominator == 1 or mark in (scale.low, scale.high))
    ticks = tuple((scale.y(mark), half_up(mark, trend.definition.decimals).replace(".", ",")) for mark in whole)
    return Chart(bands, ticks, tuple(_lines(trend, scale)))


@dataclass(frozen=True, slots=True)
class _Scale:
    low: Number
    high: Number
    first: datetime
    last: datetime

    def y(self, value: Number) -> float:
        return round(BOTTOM - float((value - self.low) / (self.high - self.low)) * (BOTTOM - TOP), 1)

    def x(self, at: datetime) -> float:
        whole = (self.last - self.first).total_seconds()
        part = (at - self.first).total_seconds() / whole if whole else 1.0
        return round(LEFT + INSET + part * (RIGHT - LEFT - 2 * INSET), 1)


def _lines(trend: Trend, scale: _Scale) -> Iterator[tuple[DrawnPoint, ...]]:
    line: list[DrawnPoint] = []
    for point in trend.points:
        if point.score.value is None:
            if line:
                yield tuple(line)
            line = []
            continue
        line.append(_drawn(point, point.score.value, scale))
    if line:
        yield tuple(line)


def _drawn(point: TrendPoint, value: Number, scale: _Scale) -> DrawnPoint:
    return DrawnPoint(
        scale.x(point.answered_at),
        scale.y(value),
        point.answered_at,
        (point.score.display or "").replace(".", ","),
        point.score.estimated,
        point.verdict if point.is_important else None,
    )
