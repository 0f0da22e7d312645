"""Values from outside come out as exact as they were written, and what was not written stays empty."""

from datetime import UTC, datetime, time
from decimal import Decimal
from hashlib import sha256

import pytest

from questionnaires.dated import dated_of
from questionnaires.findings import Findings
from questionnaires.kinds import Attachment, Coded, Quantity, Reference
from questionnaires.primitives import PRIMITIVES, moment_of, time_of
from questionnaires.structure import check_object
from questionnaires.values import NoValueError, read_value
from tests.unit.questionnaires.any_form import UCUM


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12:34:56", time(12, 34, 56)),
        ("12:34:56.25", time(12, 34, 56, 250_000)),
        ("00:00:00.5", time(0, 0, 0, 500_000)),
        ("23:59:59.123456", time(23, 59, 59, 123_456)),
        ("23:59:59.1234569", time(23, 59, 59, 123_456)),
        ("23:59:60", time(23, 59, 59)),
        ("9:00:00", None),
        ("12:34", None),
    ],
)
def test_a_time_keeps_every_digit_down_to_microseconds(text, found):
    assert time_of(text) == found


def test_a_moment_is_told_in_utc_whatever_the_zone_of_the_computer():
    found = moment_of("2026-11-20T12:00:00+01:00")

    assert found == datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01T00:00:00", "2026-12-31T23:59:59.999999"),
        ("2024-02", "2024-02-01T00:00:00", "2024-02-29T23:59:59.999999"),
        ("2026-02", "2026-02-01T00:00:00", "2026-02-28T23:59:59.999999"),
        ("2026-02-03", "2026-02-03T00:00:00", "2026-02-03T23:59:59.999999"),
    ],
)
def test_a_date_is_the_whole_span_that_it_names(text, first, last):
    found = dated_of(text)

    assert found is not None
    assert (found.text, found.offset) == (text, None)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


def test_a_moment_is_its_own_span_on_the_clock_where_it_was_written():
    found = dated_of("2026-02-03T04:05:06+01:00")

    assert found is not None
    assert found.text == "2026-02-03T04:05:06+01:00"
    assert found.first.isoformat() == found.last.isoformat() == "2026-02-03T04:05:06"
    assert found.offset is not None
    assert found.offset.total_seconds() == 3600


def test_whole_numbers_of_fhir_end_at_32_bits():
    integer, unsigned, positive = (PRIMITIVES[kind] for kind in ("integer", "unsignedInt", "positiveInt"))

    assert [integer(number) for number in (-(2**31) - 1, -(2**31), 2**31 - 1, 2**31)] == [False, True, True, False]
    assert [unsigned(number) for number in (-1, 0, 2**31 - 1, 2**31)] == [False, True, True, False]
    assert [positive(number) for number in (0, 1, 2**31 - 1, 2**31)] == [False, True, True, False]
    assert [integer(value) for value in (True, 1.0, "1", None)] == [False] * 4


def test_a_pattern_is_asked_of_texts_only_and_of_all_of_them():
    assert [PRIMITIVES["uri"](value) for value in ("urn:x", "a b", "", 3, None)] == [True, False, False, False, False]


def test_parts_of_a_coding_that_were_not_sent_are_empty():
    assert read_value("Coding", {"code": "x"}) == Coded("", "x")
    assert read_value("Coding", {"system": "s"}) == Coded("s", "")
    assert read_value("Coding", {"system": "s", "code": "x", "display": "X"}) == Coded("s", "x")


def test_parts_of_a_quantity_that_were_not_sent_are_empty():
    assert read_value("Quantity", {"value": 5}) == Quantity(Decimal(5), "", "", "", "")
    assert read_value("Quantity", {"value": 5, "system": UCUM, "code": "kg", "unit": "kilo", "comparator": "<"}) == (
        Quantity(Decimal(5), UCUM, "kg", "kilo", "<")
    )


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"data": "YWJj"}, Attachment("", 3, "", sha256(b"abc").hexdigest())),
        ({"data": "YW\n Jj\n"}, Attachment("", 3, "", sha256(b"abc").hexdigest())),
        ({"data": "YWJj", "size": 3}, Attachment("", 3, "", sha256(b"abc").hexdigest())),
        (
            {"contentType": "Text/Plain; charset=utf-8", "data": "YWJj", "url": "a:b"},
            Attachment("text/plain", 3, "a:b", sha256(b"abc").hexdigest()),
        ),
        ({"contentType": "image/png", "url": "a:b"}, Attachment("image/png", None, "a:b", "")),
        ({"url": "a:b", "size": 7}, Attachment("", 7, "a:b", "")),
    ],
    ids=str,
)
def test_an_attachment_is_known_by_its_bytes_or_its_address(sent, found):
    read_one = read_value("Attachment", sent)

    assert isinstance(read_one, Attachment)
    assert (read_one.content_type, read_one.size, read_one.url, read_one.sha256) == (
        found.content_type, found.size, found.url, found.sha256
    )  # fmt: skip


@pytest.mark.parametrize("sent", [{}, {"size": 3}, {"url": ""}, {"data": "YWJj", "size": 4}], ids=str)
def test_an_attachment_without_bytes_or_address_or_of_another_size_is_none(sent):
    with pytest.raises(NoValueError, match="Attachment"):
        read_value("Attachment", sent)


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"reference": "Patient/1"}, Reference("Patient/1", "Patient", ("", ""))),
        ({"reference": "https://a.example/fhir/Patient/1"}, Reference("https://a.example/fhir/Patient/1", "Patient")),
        (
            {"type": "http://hl7.org/fhir/StructureDefinition/Patient", "identifier": {"system": "s:s", "value": "1"}},
            Reference("", "Patient", ("s:s", "1")),
        ),
        ({"type": "Patient", "identifier": {"value": "1"}}, Reference("", "Patient", ("", "1"))),
        ({"type": "Patient", "identifier": {"system": "s:s"}}, Reference("", "Patient", ("s:s", ""))),
        ({"display": "x"}, Reference("", "", ("", ""))),
    ],
    ids=str,
)
def test_a_reference_keeps_its_address_its_type_and_its_identifier(sent, found):
    assert read_value("Reference", sent) == found


def test_the_year_nought_is_no_date():
    assert [PRIMITIVES["date"](text) for text in ("0000", "0000-01", "0000-01-01", "0001")] == [
        False,
        False,
        False,
        True,
    ]


def faults_of(kind, value):
    findings = Findings()
    check_object(value, kind, (None, kind, -1), findings)
    return [(one.rule, one.expression) for one in findings.issues]


@pytest.mark.parametrize(
    ("start", "end", "is_told"),
    [
        ("2026-02-03", "2026-02-02", True),
        ("2026-02-03", "2026-02-03", False),
        ("2026-02-03", "2026-02-04", False),
        ("2026-02", "2026-01", True),
        ("2026", "2026-01", False),
        ("2026-03", "2026", False),
        ("2026-02-03T12:00:00+01:00", "2026-02-03T10:59:59Z", True),
        ("2026-02-03T12:00:00+01:00", "2026-02-03T11:00:00Z", False),
    ],
)
def test_a_period_must_not_end_before_it_starts(start, end, is_told):
    """FHIR R4 Period, invariant per-1."""
    assert faults_of("Period", {"start": start, "end": end}) == ([("invariant", "Period")] if is_told else [])


@pytest.mark.parametrize("name", ["start", "end"])
def test_a_period_with_one_end_or_an_end_that_is_no_date_breaks_no_order(name):
    assert faults_of("Period", {name: "2026"}) == []
    other = "end" if name == "start" else "start"
    assert faults_of("Period", {name: "2026-13", other: "2025"}) == [("wrong-type", f"Period.{name}")]
    assert faults_of("Period", {name: 2026, other: "2025"}) == [("wrong-type", f"Period.{name}")]


def test_beside_a_list_of_primitives_stands_a_list_of_what_they_carry():
    given = {"given": ["Nancy", "Ann"]}

    assert faults_of("HumanName", {**given, "_given": [None, {"id": "x"}]}) == []
    assert faults_of("HumanName", {**given, "_given": [None, {"value": 1}]}) == [
        ("unknown-element", "HumanName._given[1].value")
    ]
    assert faults_of("HumanName", {**given, "_given": [{}, "x"]}) == [
        ("empty", "HumanName._given[0]"),
        ("not-an-object", "HumanName._given[1]"),
    ]
    assert faults_of("HumanName", {**given, "_given": {"id": "x"}}) == [("not-a-list", "HumanName._given")]


@pytest.mark.parametrize(
    ("kind", "value", "missing"),
    [
        ("EnableWhen", {"question": "a", "operator": "="}, "EnableWhen.answer"),
        ("AnswerOption", {"initialSelected": True}, "AnswerOption.value"),
        ("Initial", {"id": "x"}, "Initial.value"),
    ],
)
def test_an_element_that_needs_one_value_names_it_where_it_is_missing(kind, value, missing):
    assert faults_of(kind, value) == [("missing-element", missing)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("EnableWhen", {"question": "a", "operator": "=", "answerBoolean": True, "answerInteger": 1}),
        ("AnswerOption", {"valueString": "x", "valueInteger": 1}),
        ("Initial", {"valueString": "x", "_valueInteger": {"id": "x"}}),
        ("Answer", {"valueString": "x", "valueInteger": 1}),
    ],
)
def test_an_element_with_two_values_is_told_as_one_fault(kind, value):
    assert faults_of(kind, value) == [("many-values", kind)]
