"""What a browser posts for an item of each further type: read, shown again, or refused with one plain fault."""

from datetime import time
from decimal import Decimal

import pytest

from questionnaires.dated import dated_of
from questionnaires.model import Attachment, Coded, Quantity
from tests.every_type import QUESTIONNAIRE, UCUM
from tests.unit.questionnaires.forms import SYSTEM
from web.patient.entry import FIELD, Entry, Posted, Upload, read_entry
from web.patient.fields import fields_of

ITEMS = QUESTIONNAIRE.by_link_id
DAY = {"day": ["5"], "month": ["3"], "year": ["2026"]}
NOON = {"day": ["1"], "month": ["7"], "year": ["2026"], "hour": ["12.05"]}
PNG = Upload("ryg.png", "image/png", b"\x89PNG")


def posted(fields, *uploads):
    values = {part: [value] if isinstance(value, str) else value for part, value in fields.items()}
    return Posted({f"{FIELD}-{part}" if part else FIELD: value for part, value in values.items()}, uploads)


READ = [
    ("decimal", {"": "36,7"}, Decimal("36.7")),
    ("decimal", {"": "30"}, Decimal(30)),
    ("decimal", {"": "45.5"}, Decimal("45.5")),
    ("date", DAY, dated_of("2026-03-05")),
    ("date", {"day": "01", "month": "1", "year": "2020"}, dated_of("2020-01-01")),
    ("moment", NOON, dated_of("2026-07-01T12:05:00+02:00")),
    ("moment", {**NOON, "month": "1"}, dated_of("2026-01-01T12:05:00+01:00")),
    ("moment", {**NOON, "hour": ""}, dated_of("2026-07-01")),
    ("time", {"": "8.30"}, time(8, 30)),
    ("time", {"": "08:05"}, time(8, 5)),
    ("time", {"": "23"}, time(23, 0)),
    ("url", {"": "www.sundhed.dk"}, "https://www.sundhed.dk"),
    ("url", {"": "http://a.example/?b=1"}, "http://a.example/?b=1"),
    ("text", {"": "en\r\nto"}, "en\nto"),
    ("words", {"": "syg"}, "syg"),
    ("open", {"": "b"}, Coded(SYSTEM, "b")),
    ("open", {"": "-other-", "other": "noget andet"}, "noget andet"),
    ("open", {"other": "noget andet"}, "noget andet"),
    ("weight", {"": "72,5"}, Quantity(Decimal("72.5"), UCUM, "kg", "kg")),
    ("dose", {"": "1.500,5", "unit": "mg"}, Quantity(Decimal("1500.5"), UCUM, "mg", "mg")),
]
REFUSED = [
    ("decimal", {"": "varm"}, "decimal"),
    ("decimal", {"": "1,2,3"}, "decimal"),
    ("decimal", {"": "29,9"}, "between"),
    ("decimal", {"": "45,6"}, "between"),
    ("decimal", {"": ""}, "write"),
    ("date", {"day": "31", "month": "2", "year": "2026"}, "date"),
    ("date", {"day": "31", "month": "12", "year": "2019"}, "earliest"),
    ("date", {**DAY, "year": "26"}, "date"),
    ("date", {**DAY, "month": ""}, "date"),
    ("date", {"day": "", "month": "", "year": ""}, "write"),
    ("moment", {**NOON, "hour": "25"}, "time"),
    ("moment", {**NOON, "day": "32"}, "date"),
    ("moment", {"hour": "12"}, "date"),
    ("time", {"": "24.00"}, "time"),
    ("time", {"": "8.60"}, "time"),
    ("time", {"": "snart"}, "time"),
    ("url", {"": "to ord"}, "url"),
    ("string", {"": "\x07"}, "invalid"),
    ("string", {"": "x" * 21}, "too-long"),
    ("words", {"": "andet"}, "invalid"),
    ("words", {}, "choose"),
    ("several", {"": ["a", "b"]}, "alone"),
    ("open", {"": "-other-", "other": " "}, "other"),
    ("open", {"": "c"}, "invalid"),
    ("weight", {"": "tung"}, "decimal"),
    ("dose", {"": "5", "unit": ""}, "unit"),
    ("dose", {"": "", "unit": "mg"}, "write"),
]


@pytest.mark.parametrize(("link_id", "fields", "answer"), READ)
def test_what_was_entered_is_read_and_shown_again_as_it_can_be_posted(link_id, fields, answer):
    entry = read_entry(ITEMS[link_id], posted(fields))

    assert entry == Entry((answer,))
    assert read_entry(ITEMS[link_id], posted(fields_of(ITEMS[link_id], entry.answers))) == entry


@pytest.mark.parametrize(("link_id", "fields", "fault"), REFUSED)
def test_what_cannot_be_used_is_named(link_id, fields, fault):
    assert read_entry(ITEMS[link_id], posted(fields)) == Entry(fault=fault)


def test_several_lines_are_several_answers_and_empty_ones_are_none():
    lines = read_entry(ITEMS["lines"], posted({"": ["en", "", "to"]}))
    days = read_entry(
        ITEMS["days"], posted({"day": ["5", "", "6"], "month": ["3", "", "3"], "year": ["2026", "", "2026"]})
    )

    assert lines.answers == ("en", "to")
    assert days.answers == (dated_of("2026-03-05"), dated_of("2026-03-06"))
    assert fields_of(ITEMS["days"], days.answers)["day"] == ["5", "6"]


def test_a_file_is_read_with_its_kind_and_name_and_stays_when_it_is_not_sent_again():
    (answer,) = read_entry(ITEMS["file"], posted({}, PNG)).answers

    assert isinstance(answer, Attachment)
    assert (answer.content_type, answer.size, answer.title) == ("image/png", 4, "ryg.png")
    assert read_entry(ITEMS["file"], posted({}), (answer,)) == Entry((answer,))
    assert read_entry(ITEMS["file"], posted({"drop": answer.sha256}), (answer,)) == Entry(fault="file")


@pytest.mark.parametrize(
    ("uploads", "fault"),
    [
        ([], "file"),
        ([Upload("", "", b"")], "file"),
        ([Upload("a.html", "text/html", b"<p>")], "file-type"),
        ([Upload("a.png", "nonsense", b"x")], "file-type"),
        ([Upload("a.png", "image/png", b"x" * 1000)], None),
        ([Upload("a.png", "image/png", b"x" * 1001)], "file-size"),
        ([PNG, Upload("b.png", "image/png", b"b")], "one-file"),
    ],
)
def test_a_file_of_another_kind_or_too_large_is_refused(uploads, fault):
    assert read_entry(ITEMS["file"], posted({}, *uploads)).fault == fault
