"""The page of a month's figures, and the same as CSV and as FHIR."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from delivery.monitoring import Figure, Form, month_after
from flow.monitoring import ALL, EARLIEST, Line, Monitor, MonthFigures
from kernel.errors import InvalidInputError, Issue
from web.clinic.staff import Staff
from web.fhir.measure_report import measure_reports

COLUMNS = ("month", "package", "measure", "by", "group", "part", "of", "value")
DECIMALS = 1


@dataclass(frozen=True, slots=True)
class MonitoringViews:
    """The views of the figures."""

    monitor: Monitor
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show the figures of a month."""
        actor = self.staff.current()
        figures = self.monitor(actor, _month())
        return render_template(
            "clinic/monitoring.html",
            actor=actor,
            figures=figures,
            everything=ALL,
            rule=self.monitor.content.monitoring,
            before=month_after(figures.month, -1) if figures.month > EARLIEST else None,
            after=month_after(figures.month) if figures.is_over else None,
            shown=shown,
        )

    def as_csv(self) -> ResponseReturnValue:
        """Give the figures as a table that Danish spreadsheets read."""
        figures = self.monitor(self.staff.current(), _month())
        text = io.StringIO()
        table = csv.writer(text, delimiter=";")
        table.writerow(COLUMNS)
        for package, lines in figures.packages.items():
            for line in lines:
                table.writerows(_rows(figures, package, line))
        return _file("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", figures, "csv")

    def as_ndjson(self) -> ResponseReturnValue:
        """Give the figures as FHIR MeasureReports, one on each line."""
        figures = self.monitor(self.staff.current(), _month())
        lines = (json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in measure_reports(figures))
        return _file("".join(f"{line}\n" for line in lines), "application/fhir+ndjson", figures, "ndjson")


def shown(line: Line, figure: Figure) -> str:
    """Write a figure as people read it: `12`, `75,0 % (3 af 4)`, `-` where there is none."""
    if figure.value is None:
        return "–"
    if line.measure.form is Form.COUNT:
        return str(figure.part)
    value = _decimal(figure.value)
    if figure.of is None:
        return f"{value} ({figure.part})"
    return f"{value}{' %' if line.measure.form is Form.SHARE else ''} ({figure.part} af {figure.of})"


def _rows(figures: MonthFigures, package: str, line: Line) -> Iterator[tuple[object, ...]]:
    month = f"{figures.month:%Y-%m}"
    yield (month, package, line.measure.id, "", "", *_cells(line.whole))
    for by, groups in line.parts.items():
        for group, figure in groups.items():
            yield (month, package, line.measure.id, by.value, group, *_cells(figure))


def _cells(figure: Figure) -> tuple[object, ...]:
    of = "" if figure.of is None else figure.of
    return figure.part, of, "" if figure.value is None else _decimal(figure.value)


def _decimal(value: Fraction) -> str:
    return f"{round(float(value), DECIMALS):.{DECIMALS}f}".replace(".", ",")


def _month() -> date | None:
    wanted = request.args.get("month")
    if not wanted:
        return None
    try:
        return date.fromisoformat(f"{wanted}-01")
    except ValueError as error:
        text = "A month is written as 2027-01."
        raise InvalidInputError(text, issues=[Issue("value", text, "month", rule="no-month")]) from error


def _file(text: str, kind: str, figures: MonthFigures, ending: str) -> Response:
    name = f"monitoring-{figures.month:%Y-%m}.{ending}"
    return Response(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
