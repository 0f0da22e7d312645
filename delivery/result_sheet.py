"""The result of one patient on paper, with every trend as a picture and as a table, as tagged PDF/UA."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import typst

from delivery.letter_text import cut, day_of
from delivery.result_sheet_file import ResultSheet

FONT = "Libertinus Serif"
"""The one that typst brings along; no font of the machine is asked for."""


@dataclass(frozen=True, slots=True)
class SheetCourse:
    """One score over time.

    Args:
        about: direction, scale and what counts as a change.
        picture: SVG in `FONT`; empty where nothing can be drawn.
        alt: what the picture shows, for who does not see it.
        rows: date, result, band, change; newest first.
    """

    title: str
    about: str
    picture: str
    alt: str
    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SheetResult:
    """What is printed, in words.

    Args:
        identifier: masked.
        made_at: aware; the same moment gives the same bytes.
        preliminary: nobody has decided on the newest answers.
        suggestion, needs, decision: a line each.
        rules: the exact tables; empty without a suggestion.
        results: score, result, band, change.
    """

    clinic: str
    name: str = field(repr=False)
    identifier: str = field(repr=False)
    package: str
    made_at: datetime
    headline: str
    preliminary: bool
    suggestion: tuple[str, ...]
    needs: tuple[str, ...]
    decision: tuple[str, ...]
    rules: str
    results: tuple[tuple[str, str, str, str], ...]
    courses: tuple[SheetCourse, ...]


def result_pdf(sheet: ResultSheet, result: SheetResult) -> bytes:
    """Set the sheet."""
    pdf: bytes = typst.compile(
        sheet.layout,
        sys_inputs={"told": json.dumps(sheet_words(sheet, result), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(result.made_at.astimezone(UTC).timestamp()),
    )
    return pdf


def sheet_words(sheet: ResultSheet, result: SheetResult) -> dict[str, Any]:
    """Return every text of the pages, by its name in the layout."""
    filled = {
        "clinic": cut(result.clinic),
        "name": cut(result.name),
        "identifier": result.identifier,
        "package": result.package,
        "date": day_of(result.made_at),
    }
    texts = {**sheet.texts, "about": sheet.texts["about"].format(**filled)}
    return {
        "texts": texts,
        "clinic": filled["clinic"],
        "headline": result.headline,
        "preliminary": result.preliminary,
        "suggestion": result.suggestion,
        "needs": result.needs,
        "decision": result.decision,
        "rules": sheet.texts["rules"].format(rules=result.rules) if result.rules else "",
        "results": result.results,
        "courses": [
            {"title": one.title, "about": one.about, "picture": one.picture, "alt": one.alt, "rows": one.rows}
            for one in result.courses
        ],
    }
