"""The result as a PDF: the page's own words and numbers, set on paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from flask import make_response
from flask.typing import ResponseReturnValue

from delivery.letter_text import day_of
from delivery.result_sheet import FONT, SheetCourse, SheetResult, result_pdf
from flow.case import Case
from flow.courses import Course
from flow.print_result import PrintedResult, PrintResult
from kernel.ids import EnrolmentId
from scoring.decision import Decision
from scoring.matched import MatchedRow
from security.cpr import masked
from web.clinic.course import ShownTrend, shown_courses
from web.clinic.headline import headline_of
from web.clinic.staff import Staff
from web.pages import language, text

Line = tuple[str, str, str, str]
MOST_POINTS = 12
"""Points of one score on the sheet: each row of a tagged table weighs a kilobyte."""


@dataclass(frozen=True, slots=True)
class SheetViews:
    """The view of the link."""

    printed: PrintResult
    staff: Staff

    def show(self, enrolment_id: str) -> ResponseReturnValue:
        """Give the PDF."""
        printed = self.printed(self.staff.current(), EnrolmentId(enrolment_id))
        # Setting pages takes a while: no transaction is open any more.
        answer = make_response(result_pdf(printed.sheet, told(printed)))
        answer.headers["Content-Type"] = "application/pdf"
        # The name says nothing of the patient: it lands in a folder of downloads.
        answer.headers["Content-Disposition"] = 'inline; filename="resultat.pdf"'
        return answer


def told(printed: PrintedResult) -> SheetResult:
    """Put what is printed into words, the same as on the page."""
    case = printed.case
    courses = shown_courses(_latest(case.courses), font=FONT)
    return SheetResult(
        clinic=printed.clinic.name,
        name=case.patient.name,
        identifier=masked(case.patient.identifier),
        package=case.enrolment.package,
        made_at=printed.at,
        headline=headline_of(case),
        preliminary=case.state.is_awaiting,
        suggestion=tuple(_suggestion(case)),
        needs=tuple(_needs(case)),
        decision=tuple(_decision(case, case.decisions[0])) if case.decisions else (),
        rules=", ".join(_rules(case)),
        results=tuple(_results(case, courses.leading + courses.others)),
        courses=tuple(_course(one) for one in courses.leading),
    )


def _latest(courses: Iterable[Course]) -> Iterator[Course]:
    """Keep what fits on a light sheet; the page itself has more."""
    for course in courses:
        yield replace(course, trends=tuple(one.latest(MOST_POINTS) for one in course.trends))


def _suggestion(case: Case) -> Iterator[str]:
    alert = case.suggestion.alert if case.suggestion else None
    if alert is None:
        return
    if not alert.rows:
        yield text("clinic.case.no-alert")
        return
    colour, urgency = text(f"clinic.colour.{alert.colour.value}"), text(f"clinic.urgency.{alert.urgency.value}")
    yield f"{colour}. {urgency}. {text('clinic.case.advice')} {alert.action.in_language(language())}"
    yield from (f"{text(f'clinic.colour.{row.colour.value}')}: {_row(row)}" for row in alert.rows)


def _needs(case: Case) -> Iterator[str]:
    needs = case.suggestion.needs if case.suggestion else None
    if needs is None:
        return
    yield text("clinic.case.level", level=needs.level.value) if needs.level else text("clinic.case.level-open")
    for dimension in needs.dimensions:
        worst = (row for row in dimension.rows if row.colour is dimension.colour)
        why = " ".join(_row(row) for row in worst)
        yield f"{dimension.title.in_language(language())}: {text(f'clinic.need.{dimension.colour.value}')}. {why}"


def _row(row: MatchedRow) -> str:
    said = f"{row.reason.in_language(language())} {row.action.in_language(language())}"
    return f"{said} ({text('clinic.case.row', id=row.id)})"


def _decision(case: Case, newest: Decision) -> Iterator[str]:
    level = text("clinic.case.level", level=newest.level.value) if newest.level else text("clinic.case.no-level")
    yield f"{text(f'clinic.colour.{newest.colour.value}')}. {level}. {_by(case, newest)}."
    for code, value in newest.measurements.items():
        yield f"{case.measurement_labels[code].in_language(language())}: {value}".replace(".", ",")
    if newest.goal:
        yield f"{text('clinic.case.goal')}: {newest.goal}"
    for action in case.actions:
        if action.state.is_open:
            yield f"{case.action_labels[action.code].in_language(language())} ({_state(action.state.value)})"
    if newest.next_due:
        yield text("clinic.case.next-due-decided", date=f"{newest.next_due:%d.%m.%Y}")


def _by(case: Case, decision: Decision) -> str:
    said = text("clinic.case.decided", name=decision.author_name, when=day_of(decision.decided_at))
    if decision.on_behalf_of is None:
        return said
    doctor = case.people.get(decision.on_behalf_of, decision.on_behalf_of)
    return f"{said}, {text('clinic.case.on-behalf-of', name=doctor)}"


def _state(code: str) -> str:
    return text(f"clinic.action.{code}").lower()


def _rules(case: Case) -> Iterator[str]:
    if case.suggestion is None:
        return
    needs = case.suggestion.needs
    for table in (case.suggestion.alert.table, *((needs.table,) if needs else ())):
        yield f"{table.id} {table.version}"


def _results(case: Case, trends: Iterable[ShownTrend]) -> Iterator[Line]:
    """Tell the newest answer of each score that the occasion asked."""
    shown = {one.key: one for one in trends}
    for form in case.forms:
        for line in form.scores:
            trend = shown.get((form.response.id, line.score.id))
            if trend is not None:
                newest = trend.rows[0]
                yield (
                    trend.title,
                    _estimated(newest.result, line.score.missing, is_it=line.score.estimated),
                    newest.band,
                    newest.change,
                )


def _course(trend: ShownTrend) -> SheetCourse:
    rows = tuple(
        (
            day_of(row.point.answered_at),
            _estimated(row.result, row.point.score.missing, is_it=row.point.score.estimated),
            row.band,
            row.change,
        )
        for row in trend.rows
    )
    return SheetCourse(trend.title, trend.about, trend.picture or "", trend.alt, rows)


def _estimated(result: str, missing: int, *, is_it: bool) -> str:
    return f"{result} ({text('clinic.case.estimated', missing=missing)})" if is_it else result
