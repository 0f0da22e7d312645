"""The form on paper: every question in its owner's words, whom to call, and a code that opens the same questions."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from delivery.contact_advice import load_contact_advice
from delivery.paper_file import HERE, load_paper, parse_paper
from delivery.paper_form import PaperForm, paper_pdf, paper_words
from kernel.errors import ContentError
from questionnaires.model import ItemType
from tests.pdf_text import text_of_pdf
from tests.unit.delivery.test_letter import CLINIC, LETTER, LINK
from tests.way import CONTENT

PAPER = load_paper()
NAME = "paper-1.0.0.json"
SOUND = json.loads((HERE / NAME).read_text(encoding="utf-8"))
NAMES = ("kol-status", "cat", "mmrc", "shk-draft", "lrs-flags")
FORM = PaperForm(
    clinic=CLINIC,
    patient=LETTER.patient,
    forms=tuple(CONTENT.questionnaires.newest(name) for name in NAMES),
    until=datetime(2026, 12, 11, 9, tzinfo=UTC),
    link=LINK,
    contact=load_contact_advice().static,
    made_at=datetime(2026, 11, 21, tzinfo=UTC),
)


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_question_stands_in_the_owner_s_words_with_all_its_options(language):
    told = paper_words(PAPER, replace(FORM, language=language))

    for form, questionnaire in zip(told["forms"], FORM.forms, strict=True):
        questions = [
            one
            for one in questionnaire.by_link_id.values()
            if one.type not in (ItemType.GROUP, ItemType.DISPLAY) and not one.hidden
        ]
        assert [one["text"] for one in form["items"]] == [one.text.in_language(language) for one in questions]
        for printed, item in zip(form["items"], questions, strict=True):
            if item.options:
                assert printed["options"] == [option.display.in_language(language) for option in item.options]


def test_cat_is_a_row_of_six_boxes_between_its_two_sentences():
    (cat,) = [form for form, name in zip(paper_words(PAPER, FORM)["forms"], NAMES, strict=True) if name == "cat"]
    first, own = cat["items"][0], CONTENT.questionnaires.newest("cat").by_link_id["cat-1"]

    assert (first["kind"], first["options"]) == ("scale", ["0", "1", "2", "3", "4", "5"])
    assert own.low
    assert own.high
    assert (first["low"], first["high"]) == (own.low.da, own.high.da)


def test_it_says_whom_to_call_until_when_and_that_nobody_reads_at_once():
    text = " ".join(text_of_pdf(paper_pdf(PAPER, FORM)).split())

    assert "112" in text
    assert "11.12.2026" in text
    assert "86 12 34 56" in text
    assert "Ingen læser skemaet" in text
    assert "Nancy Berggren" in text


def test_it_is_a_tagged_document_in_its_language_and_the_same_every_time():
    pdf = paper_pdf(PAPER, FORM)

    assert b"/StructTreeRoot" in pdf
    assert b"/Lang" in pdf
    assert pdf == paper_pdf(PAPER, FORM)


def test_what_a_person_is_called_is_never_a_command():
    named = replace(FORM, patient=replace(FORM.patient, name='#panic("x") "quote" \\'), forms=FORM.forms[2:3])

    assert '#panic("x")' in " ".join(text_of_pdf(paper_pdf(PAPER, named)).split())


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"urgent": "Ring."}, "urgent"),
        ({"help": "Ring."}, "help"),
        ({"back": "Send."}, "back"),
        ({"title": "{cpr}"}, "title"),
        ({"title": "{"}, "title"),
        ({"more": "x"}, "more"),
    ],
)
def test_texts_that_leave_the_reader_alone_are_refused(changed, named):
    raw = json.dumps({**SOUND, "da": {**SOUND["da"], **changed}}).encode()

    with pytest.raises(ContentError, match=named):
        parse_paper(raw, NAME)


def test_a_layout_elsewhere_is_refused():
    with pytest.raises(ContentError, match="layout"):
        parse_paper(json.dumps({**SOUND, "layout": "../letter-1.0.0.typ"}).encode(), NAME)
