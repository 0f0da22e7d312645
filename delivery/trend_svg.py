"""A trend as an SVG picture: bands in words, shapes instead of colours, readable on paper and in greyscale."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from delivery.recurrence import danish_date
from delivery.trend_chart import BELOW, WIDTH, Chart, DrawnPoint, chart_of
from delivery.trend_margin import LEAD, LINE_HEIGHT
from scoring.change import Verdict
from scoring.trend import Trend

INK, QUIET, LINE = "#1a1a1a", "#454545", "#747474"
EVEN, ODD = "#ffffff", "#eeeeee"
NUMBER, WORD = 13, 23
"""Half the room that a number needs, and one with a word above; where two have none, the newer one has it."""


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
    chart = chart_of(trend, words.bands)
    box = f'viewBox="0 0 {WIDTH} {chart.bottom + BELOW:.0f}" font-family="{escape(font)}" font-size="12"'
    named = f'role="img" aria-labelledby="{words.id}-title" aria-describedby="{words.id}-desc"'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="trend" {box} {named}>',
        f'<title id="{words.id}-title">{escape(words.title)}</title>',
        f'<desc id="{words.id}-desc">{escape(words.desc)}</desc>',
        *_ground(chart),
        *_margin(chart),
        *_course(chart, words),
        *_dates(chart),
        "</svg>",
    )
    return "".join(parts)


def _ground(chart: Chart) -> Iterator[str]:
    wide = chart.right - chart.left
    for band in chart.bands:
        fill = EVEN if band.is_even else ODD
        yield f'<rect x="{chart.left}" y="{band.top}" width="{wide:.1f}" height="{band.height:.1f}" fill="{fill}"/>'
    for height, label in chart.ticks:
        yield f'<path d="M{chart.left} {height}H{chart.right}" stroke="{LINE}" stroke-width=".75"/>'
        yield _text(label, (chart.left - 5, height + 4), anchor="end")
    yield f'<path d="M{chart.left} {chart.ticks[-1][0]}V{chart.bottom}" stroke="{LINE}"/>'


def _margin(chart: Chart) -> Iterator[str]:
    """Write each band's words beside the scale, with a stroke that leads from the band to them."""
    for words in chart.words:
        to, middle = chart.right + LEAD - 4, words.top + words.height / 2
        yield f'<path d="M{chart.right} {words.y}h3L{to - 3:.1f} {middle:.1f}h3" stroke="{LINE}" fill="none"/>'
        for place, line in enumerate(words.lines):
            at = (round(chart.right + LEAD, 1), words.top + (place + 0.8) * LINE_HEIGHT)
            yield _text(line, at, fill=QUIET)


def _course(chart: Chart, words: ChartWords) -> Iterator[str]:
    for line in chart.lines:
        way = " ".join(f"{point.x},{point.y}" for point in line)
        yield f'<polyline points="{way}" fill="none" stroke="{INK}" stroke-width="1.75"/>'
    for point in chart.points:
        yield f"<g><title>{danish_date(point.at):%d.%m.%Y}: {point.label}</title>{_mark(point)}</g>"
    # Above the point and on top of every line: nothing that is drawn later lies over a number.
    for point, has_word in _labelled(chart.points):
        yield _text(point.label, (point.x, point.y - 9), anchor="middle", bold=True, halo=EVEN)
        if has_word and point.verdict is not None:
            yield _text(words.verdicts[point.verdict], (point.x, point.y - 23), anchor="middle", halo=EVEN)


def _labelled(points: Sequence[DrawnPoint]) -> Iterator[tuple[DrawnPoint, bool]]:
    """Tell which points have a number, and which of these a word as well; the newest first."""
    taken = float(WIDTH)
    for point in reversed(points):
        has_word = point.verdict is not None and point.x + WORD <= taken
        if has_word or point.x + NUMBER <= taken:
            yield point, has_word
            taken = point.x - (WORD if has_word else NUMBER)


def _mark(point: DrawnPoint) -> str:
    """Draw a disc, or a square that stands on its corner for an important change; hollow where it is estimated."""
    fill = EVEN if point.is_estimated else INK
    if point.verdict is None:
        return f'<circle cx="{point.x}" cy="{point.y}" r="4" fill="{fill}" stroke="{INK}" stroke-width="1.75"/>'
    way = f"M{point.x} {point.y - 6.5:.1f}l6.5 6.5l-6.5 6.5l-6.5 -6.5z"
    return f'<path d="{way}" fill="{fill}" stroke="{INK}" stroke-width="1.75"/>'


def _dates(chart: Chart) -> Iterator[str]:
    first, last = chart.points[0], chart.points[-1]
    yield _text(f"{danish_date(last.at):%d.%m.%Y}", (chart.right, chart.bottom + 18), anchor="end")
    if danish_date(first.at) != danish_date(last.at):
        yield _text(f"{danish_date(first.at):%d.%m.%Y}", (chart.left, chart.bottom + 18))


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
