"""A form on paper: every question of an occasion in its owner's words, with boxes to cross and a code, as PDF/UA."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import typst

from delivery.letter_text import code_of, cut, day_of
from delivery.paper_file import Paper
from delivery.parties import Clinic, PatientIdentity
from questionnaires.model import Item, ItemType, Questionnaire, Text

BOXES = 11
"""As many boxes as stand beside each other on an A4 page; a longer scale stands below each other."""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """What is printed.

    Args:
        forms: what is asked, in order.
        until: last moment, aware.
        link: opens the same questions on a screen.
        contact: whom to call, for a text that is read at an unknown hour.
        made_at: aware; the same moment gives the same bytes.
        language: `da` or `en`.
    """

    clinic: Clinic
    patient: PatientIdentity
    forms: tuple[Questionnaire, ...]
    until: datetime
    link: str = field(repr=False)
    contact: Text
    made_at: datetime
    language: str = "da"


def paper_pdf(paper: Paper, form: PaperForm) -> bytes:
    """Set the form."""
    told = paper_words(paper, form)
    pdf: bytes = typst.compile(
        paper.layout,
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(form.made_at.astimezone(UTC).timestamp()),
    )
    return pdf


def paper_words(paper: Paper, form: PaperForm) -> dict[str, Any]:
    """Return every text of the pages, by its name in the layout; `qr` is a drawing of the link."""
    texts, language = paper.texts[form.language], form.language
    filled = {
        "clinic": cut(form.clinic.name),
        "name": cut(form.patient.name),
        "phone": form.clinic.phone,
        "until": day_of(form.until),
        "contact": form.contact.in_language(language),
    }
    return {
        **{name: text.format(**filled) for name, text in texts.items()},
        "clinic": filled["clinic"],
        "phoneLine": form.clinic.phone,
        "language": language,
        "qr": code_of(form.link),
        "forms": [
            {
                "title": one.title.in_language(language),
                "intro": one.intro.in_language(language),
                "items": list(_items(one, texts, language)),
            }
            for one in form.forms
        ],
    }


def _items(questionnaire: Questionnaire, texts: Any, language: str) -> Iterator[dict[str, Any]]:
    questions = (
        item
        for item in questionnaire.by_link_id.values()
        if item.type not in (ItemType.GROUP, ItemType.DISPLAY) and not item.hidden
    )
    for number, item in enumerate(questions, 1):
        recall = item.recall or questionnaire.recall
        hints = [texts["sometimes"]] if item.enable_when else []
        hints += [texts["many"]] if item.repeats else []
        yield {
            "number": number,
            "text": item.text.in_language(language),
            "recall": recall.in_language(language),
            "hint": " ".join(hints),
            **_answers(item, texts, language),
        }


def _answers(item: Item, texts: Any, language: str) -> dict[str, Any]:
    if item.type is ItemType.BOOLEAN:
        yes, no = (own.in_language(language) if own else "" for own in (item.yes, item.no))
        return {"kind": "options", "options": [yes or texts["yes"], no or texts["no"]]}
    options = [option.display.in_language(language) for option in item.options]
    if item.low and item.high and 0 < len(options) <= BOXES:
        ends = {"low": item.low.in_language(language), "high": item.high.in_language(language)}
        return {"kind": "scale", "options": options, **ends}
    if options:
        return {"kind": "options", "options": options}
    if item.type in (ItemType.INTEGER, ItemType.DECIMAL, ItemType.QUANTITY):
        return {"kind": "number", "options": []}
    return {"kind": "lines" if item.type is ItemType.TEXT else "line", "options": []}
