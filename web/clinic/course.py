"""How scores went over time, as the result page shows it: one picture and one table of the same points for each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from delivery.recurrence import danish_date
from delivery.trend_svg import ChartWords, trend_svg
from flow.courses import Course
from kernel.ids import ResponseId
from scoring.change import Change, Verdict
from scoring.rule import ScoringRule
from scoring.scores import half_up
from scoring.trend import Trend, TrendPoint
from web.pages import language, text


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """One row of the table.

    Args:
        result: the number or category in words, or why there is none.
        band: what it means; empty where nothing is to be added.
    """

    point: TrendPoint
    result: str
    band: str
    change: str


@dataclass(frozen=True, slots=True)
class ShownTrend:
    """One score.

    Args:
        id: unique on the page.
        key: the newest answer, and the score.
        about: direction, scale and what counts as a change, in sentences.
        picture: None where nothing can be drawn.
        alt: what the picture shows.
        rows: newest first; the same points as in the picture.
    """

    id: str
    key: tuple[ResponseId, str]
    title: str
    about: str
    picture: Markup | None
    alt: str
    rows: tuple[ShownPoint, ...]
    earlier: int


@dataclass(frozen=True, slots=True)
class ShownCourses:
    """All scores.

    Args:
        leading: those whose changes an instrument judges.
        others: the rest.
        changes: answer and score -> words of its change since the answer before.
    """

    leading: tuple[ShownTrend, ...]
    others: tuple[ShownTrend, ...]
    changes: Mapping[tuple[ResponseId, str], str]


def shown_courses(courses: Iterable[Course], *, font: str = "inherit") -> ShownCourses:
    """Put courses into words and pictures; `font` is the family of the words in a picture."""
    courses = tuple(courses)
    all_ = [(trend, _shown(course, trend, font)) for course in courses for trend in course.trends]
    return ShownCourses(
        tuple(shown for trend, shown in all_ if trend.change is not None),
        tuple(shown for trend, shown in all_ if trend.change is None),
        {
            (row.point.response_id, trend.definition.id): row.change
            for trend, shown in all_
            for row in shown.rows
            if row.change
        },
    )


def change_in_words(point: TrendPoint) -> str:
    """Write the change since the answer before; nothing where there is none."""
    if not point.delta:
        return ""
    if point.delta == "0":
        return text("clinic.course.same")
    delta = point.delta.replace(".", ",").replace("-", "−")
    return text("clinic.course.change", delta=delta, verdict=_verdict(point)) if _verdict(point) else delta


def _verdict(point: TrendPoint) -> str:
    is_judged = point.verdict in (Verdict.WORSE, Verdict.BETTER, Verdict.STABLE)
    return text(f"clinic.course.verdict.{point.verdict}") if is_judged else ""


def _shown(course: Course, trend: Trend, font: str) -> ShownTrend:
    title, place = trend.definition.label.in_language(language()), f"trend-{course.id}-{trend.definition.id}"
    rows = tuple(_row(course.rule, trend, point) for point in reversed(trend.points))
    about, words = " ".join(_about(trend)), _words(trend, place, title)
    # The picture escapes every word that it is given.
    picture = Markup(trend_svg(trend, words, font=font)) if trend.is_drawn else None  # noqa: S704
    key = (trend.newest.response_id, trend.definition.id)
    return ShownTrend(place, key, title, about, picture, words.desc, rows, trend.earlier)


def _about(trend: Trend) -> Iterator[str]:
    if trend.definition.ends is not None:
        low, high = (half_up(end, trend.definition.decimals).replace(".", ",") for end in trend.definition.ends)
        yield text("clinic.course.worse" if trend.higher_is_worse else "clinic.course.better", low=low, high=high)
    if trend.change is not None:
        yield _threshold(trend, trend.change)


def _threshold(trend: Trend, change: Change) -> str:
    points = half_up(change.mic, trend.definition.decimals).replace(".", ",")
    key = "clinic.course.threshold-percent" if change.percent else "clinic.course.threshold"
    return text(key, points=points, percent=change.percent)


def _words(trend: Trend, place: str, title: str) -> ChartWords:
    told = ", ".join(_number(point) for point in trend.points)
    first, last = (danish_date(point.answered_at) for point in (trend.points[0], trend.newest))
    key = "clinic.course.desc-one" if len(trend.points) == 1 else "clinic.course.desc"
    desc = text(key, count=len(trend.points), first=f"{first:%d.%m.%Y}", last=f"{last:%d.%m.%Y}", values=told)
    change = change_in_words(trend.newest)
    last_change = text("clinic.course.desc-change", change=change) if change else ""
    return ChartWords(
        place,
        text("clinic.course.picture", title=title),
        " ".join(part for part in (*_about(trend), desc, last_change) if part),
        {code: label.clinician.in_language(language()) for code, label in trend.definition.words.items()},
        {one: text(f"clinic.course.mark.{one}") for one in (Verdict.WORSE, Verdict.BETTER)},
    )


def _number(point: TrendPoint) -> str:
    return (point.score.display or text("clinic.course.none")).replace(".", ",")


def _row(rule: ScoringRule, trend: Trend, point: TrendPoint) -> ShownPoint:
    score = point.score
    label = rule.band_label(trend.definition.id, score.band) if score.band else None
    words = label.clinician.in_language(language()) if label else ""
    if score.reason:
        return ShownPoint(
            point, text("clinic.case.not-computable", reason=text(f"clinic.reason.{score.reason}")), "", ""
        )
    if score.display is None:
        return ShownPoint(point, words, "", "")
    return ShownPoint(point, _number(point), words, change_in_words(point))
