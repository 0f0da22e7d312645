"""Answers of every type are written so that the gate reads the same answer."""

import hashlib
import json
from base64 import b64encode
from datetime import UTC, datetime, time
from decimal import Decimal

import pytest

from questionnaires.build import ResponseAbout, build_response
from questionnaires.dated import dated_of
from questionnaires.gate import check_response
from questionnaires.model import Attachment, Coded, Quantity
from tests.unit.questionnaires.forms import SYSTEM, item, option, registry

ABOUT = ResponseAbout("completed", datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
UCUM = "http://unitsofmeasure.org"
CONTENT = b"%PDF-"
WORDS = [{"valueString": "rask"}, {"valueString": "syg"}]
ANSWERS = {
    "decimal": (item("x", "decimal"), Decimal("36.7"), ("valueDecimal", 36.7)),
    "whole decimal": (item("x", "decimal"), Decimal("40"), ("valueDecimal", 40)),
    "fifteen digits": (item("x", "decimal"), Decimal("123456789.123456"), ("valueDecimal", 123456789.123456)),
    "small": (item("x", "decimal"), Decimal("0.000001"), ("valueDecimal", 0.000001)),
    "date": (item("x", "date"), dated_of("2026-02-28"), ("valueDate", "2026-02-28")),
    "moment": (
        item("x", "dateTime"),
        dated_of("2026-07-01T08:30:00+02:00"),
        ("valueDateTime", "2026-07-01T08:30:00+02:00"),
    ),
    "time": (item("x", "time"), time(8, 5), ("valueTime", "08:05:00")),
    "url": (item("x", "url"), "https://a.example/b", ("valueUri", "https://a.example/b")),
    "open choice, chosen": (
        item("x", "open-choice", answerOption=[option("a", None)]),
        Coded(SYSTEM, "a"),
        ("valueCoding", {"system": SYSTEM, "code": "a", "display": "Svar a"}),
    ),
    "open choice, written": (
        item("x", "open-choice", answerOption=[option("a", None)]),
        "noget andet",
        ("valueString", "noget andet"),
    ),
    "choice of words": (item("x", "choice", answerOption=WORDS), "syg", ("valueString", "syg")),
    "quantity": (
        item("x", "quantity"),
        Quantity(Decimal("72.5"), UCUM, "kg", "kg"),
        ("valueQuantity", {"value": 72.5, "unit": "kg", "system": UCUM, "code": "kg"}),
    ),
    "bare quantity": (item("x", "quantity"), Quantity(Decimal(3)), ("valueQuantity", {"value": 3})),
    "attachment": (
        item("x", "attachment"),
        Attachment("application/pdf", 5, "", hashlib.sha256(CONTENT).hexdigest(), b64encode(CONTENT).decode(), "a.pdf"),
        (
            "valueAttachment",
            {"contentType": "application/pdf", "data": b64encode(CONTENT).decode(), "title": "a.pdf"},
        ),
    ),
}


@pytest.mark.parametrize(("asked", "answer", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_what_is_written_is_fhir_and_is_read_as_the_same_answer(asked, answer, expected):
    known = registry(asked)
    (form,) = known.all()

    raw = build_response(form, {"x": (answer,)}, about=ABOUT)

    assert json.loads(raw)["item"][0]["answer"] == [{expected[0]: expected[1]}]
    (read,) = check_response(raw, known).answers["x"]
    assert read == answer
    if isinstance(answer, Attachment):
        assert isinstance(read, Attachment)
        assert (read.data, read.title) == (answer.data, answer.title)
