"""What a suggestion rests on is told in words: no code and no note of ours stands on the page."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask

from web.clinic.grounds import input_in_words, source_in_words, source_key
from web.pages import texts

ROOT = Path(__file__).parents[3]
TABLES = tuple(json.loads(path.read_bytes()) for path in sorted((ROOT / "scoring/tables").glob("*.json")))
NO_SOURCE = "-"


@pytest.fixture(autouse=True)
def on_a_page_of_the_clinic():
    with Flask(__name__).test_request_context("/clinic/enrolments/1"):
        yield


def rows_of(content):
    """Find every row of a table, wherever it stands."""
    if isinstance(content, dict):
        if isinstance(content.get("source"), str):
            yield content
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from rows_of(part)


def test_every_source_of_a_shipped_table_has_words_of_its_own():
    sources = {row["source"] for row in rows_of(list(TABLES))} - {NO_SOURCE}

    assert len(sources) > 20
    assert {one for one in sources if source_key(one) not in texts("da")} == set()
    assert len({source_key(one) for one in sources}) == len(sources)


def test_every_code_that_an_input_of_a_shipped_table_can_have_has_words():
    codes = {code for table in TABLES for one in table["inputs"] if one["type"] == "code" for code in one["domain"]}

    assert {"yes", "no", "small"} <= codes
    assert {code for code in codes if f"clinic.input-value.{code}" not in texts("da")} == set()


def test_the_note_about_where_our_own_rows_come_from_is_plain_danish():
    assert source_in_words("seed documents") == "oplægget til projektet"


def test_what_a_clinic_brings_itself_and_has_no_words_stands_as_it_is():
    assert source_in_words("Vores vejledning 2027") == "Vores vejledning 2027"
    assert input_in_words("grade-7") == "grade-7"


@pytest.mark.parametrize(
    ("value", "told"), [("no", "Nej"), ("yes", "Ja"), (24, "24"), (Fraction(160, 7), "22,9 (160/7)")]
)
def test_an_input_is_told_in_words_and_exactly(value, told):
    assert input_in_words(value) == told
