"""The result on paper: tagged for those who do not see it, light, and of words and a layout that content holds."""

import json
import re
from copy import deepcopy
from dataclasses import replace

import pytest

from delivery.result_sheet import FONT, SheetCourse, SheetResult, result_pdf, sheet_words
from delivery.result_sheet_file import HERE, load_result_sheet, parse_result_sheet
from delivery.trend_svg import trend_svg
from kernel.errors import ContentError
from tests.builders import NOW
from tests.pdf_text import text_of_pdf
from tests.unit.delivery.test_trend_svg import WORDS
from tests.unit.scoring.test_trend import followed

NAME = "result_sheet-1.0.0.json"
SHIPPED = json.loads((HERE / NAME).read_bytes())
SHEET = load_result_sheet()
PICTURE = trend_svg(followed("cat", "catTotal", *range(10, 34, 2)), WORDS, font=FONT)
ROW = ("11.01.2027", "22,9 (anslået, 1 ubesvaret)", "Høj sygdomsbyrde (over 20-30)", "+2, tydeligt værre")
COURSE = SheetCourse("CAT i alt", "Skala fra 0 til 40.", PICTURE, "Mål over tid: 10, 12, 14.", (ROW,) * 12)
RESULT = SheetResult(
    clinic="Lægerne Testgade",
    name="Nancy #Berggren[*]",
    identifier="251248-xxxx",
    package="KOL",
    made_at=NOW,
    headline="CAT i alt 32, +2 siden 11.12.2026: forslag rød.",
    preliminary=True,
    suggestion=("Rød. Kontakt i dag.",),
    needs=("Niveau 2",),
    decision=(),
    rules="alert/kol 2.0.0",
    results=(ROW,) * 10,
    courses=(COURSE,) * 3,
)


def text_of(result):
    """Return what stands there, whatever the lines are broken at."""
    return " ".join(text_of_pdf(result_pdf(SHEET, result)).split())


def test_it_is_tagged_titled_in_danish_and_light_with_three_full_courses():
    pdf = result_pdf(SHEET, RESULT)

    assert len(pdf) <= 100_000
    for mark in (b"/StructTreeRoot", b"/Lang", b"pdfuaid", b"/MarkInfo", b"/Title", b"/TH", b"/Figure", b"/Alt"):
        assert mark in pdf, mark
    assert re.search(rb"/Lang ?\(da", pdf)


def test_it_says_what_is_told_and_a_name_is_no_command():
    text = text_of(RESULT)

    for said in ("Nancy #Berggren[*]", "251248-xxxx", "Foreløbigt", "alert/kol 2.0.0", ROW[1], ROW[3]):
        assert said in text, said
    assert "Mål over tid: 10, 12, 14." in text


def test_after_a_decision_it_is_not_preliminary_any_more():
    text = text_of(replace(RESULT, preliminary=False, decision=("Grøn. Niveau 1.",)))

    assert "Foreløbigt" not in text
    assert "Grøn. Niveau 1." in text


def test_without_answers_it_says_so():
    empty = replace(RESULT, headline="", suggestion=(), needs=(), rules="", results=(), courses=())

    assert "Der er ingen svar at vise." in text_of(empty)
    assert sheet_words(SHEET, empty)["rules"] == ""


def test_the_same_moment_gives_the_same_bytes():
    assert result_pdf(SHEET, RESULT) == result_pdf(SHEET, RESULT)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one["texts"].update(about="{name}"), r"\.texts\.about: a text with these places: clinic, date"),
        (lambda one: one["texts"].update(title="{name}"), r"\.texts\.title: a text with these places: none"),
        (lambda one: one["texts"].update(title="{"), r"\.texts\.title: a text whose braces hold places"),
        (lambda one: one["texts"].update(colour="x"), r"\.texts: unknown field colour"),
        (lambda one: one.update(layout="letter-1.0.0.typ"), r"\.layout: a file result_sheet-<version>\.typ"),
        (lambda one: one.update(layout="result_sheet-9.0.0.typ"), r"\.layout: a file result_sheet-<version>\.typ"),
    ],
    ids=["place missing", "place too much", "brace", "unknown", "another layout", "no layout"],
)
def test_what_could_not_be_printed_stops_the_start(change, told):
    content = deepcopy(SHIPPED)
    change(content)

    with pytest.raises(ContentError, match=told):
        parse_result_sheet(json.dumps(content).encode(), NAME)


def test_a_directory_without_a_sheet_stops_the_start(tmp_path):
    with pytest.raises(ContentError, match="there is no result sheet"):
        load_result_sheet(tmp_path)
