"""A trend as an SVG picture: bands in words, shapes instead of colours, readable on paper and in greyscale."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from delivery.recurrence import danish_date
from delivery.trend_chart import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, Chart, DrawnPoint, chart_of
from scoring.change import Verdict
from scoring.trend import Trend

INK, QUIET, LINE = "#1a1a1a", "#454545", "#747474"
EVEN, ODD = "#ffffff", "#eeeeee"
CLOSE = 24
"""Two points nearer to each other have room for one number; the newer one has it."""
EDGE = 40
"""A word that is nearer to an edge than this is written away from it."""


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The words of a picture.

    Args:
        id: unique on the page, of letters and digits.
        title: name of the score.
        desc: what can be seen, in a sentence or two.
        bands: code -> words.
        verdicts: important change -> word.
    """

    id: str
    title: str
    desc: str
    bands: Mapping[str, str]
    verdicts: Mapping[Verdict, str]


def trend_svg(trend: Trend, words: ChartWords, *, font: str = "inherit") -> str:
    """Draw a trend.

    Args:
        trend: that can be drawn.
        font: family of every text.

    Returns:
        One SVG element with title and description, without a style sheet, a script or an address.
    """
    chart = chart_of(trend)
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{escape(font)}" font-size="12"'
    named = f'role="img" aria-labelledby="{words.id}-title" aria-describedby="{words.id}-desc"'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="trend" {box} {named}>',
        f'<title id="{words.id}-title">{escape(words.title)}</title>',
        f'<desc id="{words.id}-desc">{escape(words.desc)}</desc>',
        *_ground(chart),
        *_bands(chart, words),
        *_course(chart, words),
        *_dates(chart),
        "</svg>",
    )
    return "".join(parts)


def _ground(chart: Chart) -> Iterator[str]:
    wide = RIGHT - LEFT
    for band in chart.bands:
        fill = EVEN if band.is_even else ODD
        yield f'<rect x="{LEFT}" y="{band.top}" width="{wide}" height="{band.height:.1f}" fill="{fill}"/>'
    for height, label in chart.ticks:
        yield f'<path d="M{LEFT} {height}H{RIGHT}" stroke="{LINE}" stroke-width=".75"/>'
        yield _text(label, (LEFT - 5, height + 4), anchor="end")
    yield f'<path d="M{LEFT} {chart.ticks[-1][0]}V{BOTTOM}" stroke="{LINE}"/>'


def _bands(chart: Chart, words: ChartWords) -> Iterator[str]:
    for band in chart.bands:
        if band.has_room:
            told = words.bands.get(band.code, "")
            yield _text(told, (LEFT + 4, band.top + 12), fill=QUIET)


def _course(chart: Chart, words: ChartWords) -> Iterator[str]:
    for line in chart.lines:
        way = " ".join(f"{point.x},{point.y}" for point in line)
        yield f'<polyline points="{way}" fill="none" stroke="{INK}" stroke-width="1.75"/>'
    points = chart.points
    for point, after in zip(points, (*points[1:], None), strict=True):
        yield f"<g><title>{danish_date(point.at):%d.%m.%Y}: {point.label}</title>{_mark(point)}</g>"
        if after is None or after.x - point.x >= CLOSE:
            yield _text(point.label, (point.x, point.y - 8), anchor="middle", bold=True, halo=EVEN)
        if point.verdict is not None:
            yield _text(words.verdicts[point.verdict], (point.x, point.y + 18), anchor=_anchor(point), halo=EVEN)


def _mark(point: DrawnPoint) -> str:
    """Draw a disc, or a square that stands on its corner for an important change; hollow where it is estimated."""
    fill = EVEN if point.is_estimated else INK
    if point.verdict is None:
        return f'<circle cx="{point.x}" cy="{point.y}" r="4" fill="{fill}" stroke="{INK}" stroke-width="1.75"/>'
    way = f"M{point.x} {point.y - 6.5:.1f}l6.5 6.5l-6.5 6.5l-6.5 -6.5z"
    return f'<path d="{way}" fill="{fill}" stroke="{INK}" stroke-width="1.75"/>'


def _dates(chart: Chart) -> Iterator[str]:
    first, last = chart.points[0], chart.points[-1]
    yield _text(f"{danish_date(last.at):%d.%m.%Y}", (RIGHT, HEIGHT - 14), anchor="end")
    if danish_date(first.at) != danish_date(last.at):
        yield _text(f"{danish_date(first.at):%d.%m.%Y}", (LEFT, HEIGHT - 14))


def _anchor(point: DrawnPoint) -> str:
    if point.x > RIGHT - EDGE:
        return "end"
    return "start" if point.x < LEFT + EDGE else "middle"


def _text(
    told: str,
    at: tuple[float, float],
    *,
    anchor: str = "start",
    fill: str = INK,
    halo: str = "",
    bold: bool = False,
) -> str:
    edge = f' stroke="{halo}" stroke-width="3" paint-order="stroke"' if halo else ""
    weight = ' font-weight="700"' if bold else ""
    x, y = at
    return f'<text x="{x}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{edge}{weight}>{escape(told)}</text>'
