"""FHIR MeasureReports of a month's figures: one for each measure, a group for all patients and for each package."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from delivery.monitoring import By, Figure, Form, month_after
from delivery.parties import SOR
from flow.monitoring import ALL, Line, MonthFigures
from web.fhir.systems import MEASURES

POPULATIONS = "http://terminology.hl7.org/CodeSystem/measure-population"
UNITS: Mapping[Form, str] = {Form.COUNT: "1", Form.SHARE: "%", Form.PER_100: "%", Form.MEDIAN_HOURS: "h"}
"""Form -> unit of its score, in UCUM."""
DECIMALS = 2
Json = dict[str, Any]


def measure_reports(figures: MonthFigures) -> Iterator[Json]:
    """Write the figures of a month.

    Source: FHIR R4 MeasureReport, type `summary`.
    """
    for number, line in enumerate(figures.packages[ALL]):
        lines = {package: found[number] for package, found in figures.packages.items()}
        yield {
            "resourceType": "MeasureReport",
            "status": "complete" if figures.is_over else "pending",
            "type": "summary",
            "measure": f"{MEASURES}/{line.measure.id}|{figures.version}",
            "reporter": {"identifier": {"system": SOR, "value": figures.clinic}},
            "period": {
                "start": figures.month.isoformat(),
                "end": (month_after(figures.month) - timedelta(days=1)).isoformat(),
            },
            "group": [_group(package, one) for package, one in lines.items()],
        }


def _group(package: str, line: Line) -> Json:
    group: Json = {"code": {"text": package or "all"}, **_scored(line, line.whole)}
    if line.parts:
        group["stratifier"] = [_stratifier(line, by, groups) for by, groups in line.parts.items() if groups]
    return {name: value for name, value in group.items() if value}


def _stratifier(line: Line, by: By, groups: Mapping[str, Figure]) -> Json:
    strata = [{"value": {"text": name}, **_scored(line, figure)} for name, figure in groups.items()]
    return {"code": [{"text": by.value}], "stratum": strata}


def _scored(line: Line, figure: Figure) -> Json:
    """Write what was counted and the score; without one where there is nothing to divide by."""
    counted = {"initial-population": figure.part} if figure.of is None else _of_whole(figure)
    found: Json = {"population": [_population(code, count) for code, count in counted.items()]}
    if figure.value is not None:
        unit = UNITS[line.measure.form]
        score = round(float(figure.value), DECIMALS)
        found["measureScore"] = {"value": score, "system": "http://unitsofmeasure.org", "code": unit}
    return found


def _of_whole(figure: Figure) -> Mapping[str, int]:
    return {"denominator": figure.of or 0, "numerator": figure.part}


def _population(code: str, count: int) -> Json:
    return {"code": {"coding": [{"system": POPULATIONS, "code": code}]}, "count": count}
