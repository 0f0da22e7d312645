"""Shows the page of one item: what is the same for everybody, and what this patient has entered."""

from typing import Any

from flask import render_template, request, url_for

from flow.overview import Overview, Page
from questionnaires.model import Item, ItemType
from web.pages import language, text
from web.patient.entry import FIELD, Posted, Upload
from web.patient.fields import Fields, fields_of, posted_fields
from web.patient.sheet import Sheets
from web.patient.words import answer_in_words, bound_in_words

LONGEST_NAME = 200
"""Characters of a file's name that are kept."""


def posted() -> Posted:
    """Return what the browser posted for the item on the page."""
    uploads = (
        Upload((one.filename or "")[-LONGEST_NAME:], one.content_type or "", one.read())
        for one in request.files.getlist(FIELD)
    )
    return Posted({name: request.form.getlist(name) for name in request.form}, tuple(uploads))


def address(page: Page, **more: str) -> str:
    """Return the address of the page of an item.

    Args:
        more: `back` or `confirm`; an empty one is left out.
    """
    named: dict[str, Any] = {name: value for name, value in {"turn": page.turn, **more}.items() if value}
    return url_for("patient.question", number=page.number, **named)


def shown(sheets: Sheets, overview: Overview, page: Page, fault: str | None = None) -> str:
    """Render the page of an item.

    Args:
        fault: key of what is wrong with what was posted; then it is shown as it was posted.
    """
    pages = overview.pages
    questions = [other for other in pages if other.is_question]
    before = [other for other in pages if other.order < page.order]
    fields = posted_fields(request.form.to_dict(flat=False)) if fault else fields_of(page.item, page.answers)
    back_to = "review" if request.values.get("back") == "review" else ""
    place = len([other for other in before if other.is_question]) + 1
    return render_template(
        _template(page),
        overview=overview,
        page=page,
        sheet=sheets.of(page.form.questionnaire, page.item.link_id, language()),
        place=place,
        total=max(len(questions), place),
        fields=fields,
        rows=_rows(page.item, fields),
        fault=fault,
        ends=_ends(page.item),
        field=FIELD,
        here=address(page),
        back_to=back_to,
        previous=address(before[-1], back=back_to) if before else None,
        in_words=answer_in_words,
        may_add=page.offers_more and overview.one_more(page) is not None,
    )


def in_words(page: Page) -> str:
    """Write the answer of a page as the patient reads it on the review page."""
    if page.is_skipped:
        return text("review.skipped")
    if page.is_open:
        return text("review.open")
    return ", ".join(answer_in_words(page.item, answer) for answer in page.answers)


def _template(page: Page) -> str:
    if page.offers_more:
        return "patient/more.html"
    return "patient/notice.html" if page.is_notice else "patient/question.html"


def _rows(item: Item, fields: Fields) -> int:
    """Count the lines of what is written: those that hold something, and an empty one where more is allowed."""
    filled = max((place for values in fields.values() for place, value in enumerate(values, 1) if value), default=0)
    most = item.limits.max_occurs
    if not item.repeats or (most is not None and filled >= most):
        return max(filled, 1)
    return filled + 1


def _ends(item: Item) -> dict[str, object]:
    """Return the limits of an item as its hints and faults name them; None where there is none."""
    limits = item.limits
    whole = item.type is ItemType.INTEGER
    low, high = (item.min_value, item.max_value) if whole else (limits.least, limits.most)
    return {
        "low": None if low is None else bound_in_words(low),
        "high": None if high is None else bound_in_words(high),
        "length": item.max_length,
        "shortest": limits.min_length,
        "decimals": limits.max_decimal_places,
        "few": limits.min_occurs,
        "many": limits.max_occurs,
        "kilobytes": None if limits.max_size is None else limits.max_size // 1000,
        "types": ", ".join(limits.mime_types),
    }
