"""Where everything of a trend stands in its drawing: the scale upright as the instrument has it, time from left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from delivery.trend_margin import CHARACTER, BandWords, broken, height_of, placed, width_of
from scoring.change import Verdict
from scoring.number import Number
from scoring.scores import half_up
from scoring.trend import Trend, TrendPoint

WIDTH = 380
LEFT, EDGE, TOP = 34, 12, 40
"""The scale's left edge at least, what is left free at the right, and the room above for a number and its word."""
LOWEST, BELOW = 180, 24
"""Height of the scale at least, and room below it for the dates."""
INSET = 18
"""Room between the edges and the first and last point."""
NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """One stretch of the scale."""

    code: str
    top: float
    height: float
    is_even: bool

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return round(self.top + self.height / 2, 1)


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
        left, right, bottom: edges of the scale; what lies right of it is the margin with the words of the bands.
        words: of the bands, from the highest to the lowest.
        ticks: height of each number at the edge -> the number.
        lines: of neighbouring points; where an answer could not be computed the line is broken.
    """

    left: float
    right: float
    bottom: float
    bands: tuple[DrawnBand, ...]
    words: tuple[BandWords, ...]
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[tuple[DrawnPoint, ...], ...]

    @property
    def points(self) -> tuple[DrawnPoint, ...]:
        """Every point, oldest first."""
        return tuple(point for line in self.lines for point in line)


def chart_of(trend: Trend, words: Mapping[str, str] = NO_WORDS) -> Chart:
    """Place a trend that can be drawn.

    Args:
        words: of the bands, by code; a band without any has none in the margin.
    """
    lines = broken({span.code: words.get(span.code, "") for span in trend.spans})
    blocks = tuple(lines.values())
    right, bottom = round(WIDTH - EDGE - width_of(blocks), 1), float(TOP + max(LOWEST, height_of(blocks)))
    marks = _marks(trend)
    left = max(LEFT, round(max(len(told) for _, told in marks) * CHARACTER + 6, 1))
    scale = _Scale(
        (marks[0][0], marks[-1][0]), (trend.points[0].answered_at, trend.newest.answered_at), (left, right), bottom
    )
    bands = tuple(
        DrawnBand(span.code, scale.y(span.high), scale.y(span.low) - scale.y(span.high), place % 2 == 0)
        for place, span in enumerate(trend.spans)
    )
    named = [(band.middle, lines[band.code]) for band in reversed(bands) if band.code in lines]
    margin, ticks = placed(named, top=TOP, bottom=bottom), tuple((scale.y(mark), told) for mark, told in marks)
    return Chart(left, right, bottom, bands, margin, ticks, tuple(_lines(trend, scale)))


def _marks(trend: Trend) -> list[tuple[Number, str]]:
    """Name the ends of the scale and, between them, where bands begin at a whole number; the lowest first."""
    low, high = trend.definition.ends or (0, 1)
    whole = (span.low for span in trend.spans if span.low.denominator == 1)
    marks = sorted({low, high, *whole})
    return [(mark, half_up(mark, trend.definition.decimals).replace(".", ",").replace("-", "−")) for mark in marks]


@dataclass(frozen=True, slots=True)
class _Scale:
    values: tuple[Number, Number]
    times: tuple[datetime, datetime]
    sides: tuple[float, float]
    bottom: float

    def y(self, value: Number) -> float:
        low, high = self.values
        return round(self.bottom - float((value - low) / (high - low)) * (self.bottom - TOP), 1)

    def x(self, at: datetime) -> float:
        (first, last), (left, right) = self.times, self.sides
        whole = (last - first).total_seconds()
        part = (at - first).total_seconds() / whole if whole else 1.0
        return round(left + INSET + part * (right - left - 2 * INSET), 1)


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
