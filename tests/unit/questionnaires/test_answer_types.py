"""Every R4 item type takes its own kind of value, and its limits hold on both sides."""

from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from questionnaires.dated import dated_of
from questionnaires.model import Attachment, Coded, Quantity, Reference
from tests.unit.questionnaires.any_form import FHIR, SDC, SYSTEM, UCUM, a, check, coded, ext, faults, form, q, rules

KG = {"value": 5, "unit": "kg", "system": UCUM, "code": "kg"}
ABC = {"contentType": "text/plain", "data": "YWJj"}
KINDS: dict[str, tuple[str, Any]] = {
    "boolean": ("Boolean", False),
    "decimal": ("Decimal", 2.5),
    "integer": ("Integer", 3),
    "date": ("Date", "2026-02-03"),
    "dateTime": ("DateTime", "2026-02-03T04:05:06Z"),
    "time": ("Time", "04:05:06"),
    "string": ("String", "a b"),
    "text": ("String", "a\nb"),
    "url": ("Uri", "https://svarbro.example"),
    "choice": ("Coding", {"system": SYSTEM, "code": "x"}),
    "open-choice": ("Coding", {"system": SYSTEM, "code": "x"}),
    "attachment": ("Attachment", ABC),
    "reference": ("Reference", {"reference": "Patient/1"}),
    "quantity": ("Quantity", KG),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_takes_its_own_kind_of_value(kind):
    assert rules(form(q("i", kind)), a("i", KINDS[kind])) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_takes_no_other_kind_of_value(kind):
    others = {value[0]: value for value in KINDS.values() if value[0] != KINDS[kind][0]}
    if kind == "open-choice":
        del others["String"]

    for other in others.values():
        ((rule, place, link_id),) = faults(form(q("i", kind)), a("i", other))
        assert rule in ("not-a-boolean", "not-a-number", "not-on-step", "not-an-option", "invalidAnswerType")
        assert (place, link_id) == (f"item[0].answer[0].value{other[0]}", "i")


def test_answers_come_out_as_exact_as_they_were_written():
    items = [q(kind, kind) for kind in KINDS]

    found = check(form(*items), *(a(kind, value) for kind, value in KINDS.items())).answers

    assert found["decimal"] == (Decimal("2.5"),)
    assert str(check(form(q("i", "decimal")), a("i", ("Decimal", 2))).answers["i"][0]) == "2"
    assert found["date"] == (dated_of("2026-02-03"),)
    assert found["time"] == (time(4, 5, 6),)
    assert found["choice"] == (Coded(SYSTEM, "x"),)
    assert found["quantity"] == (Quantity(Decimal(5), UCUM, "kg", "kg"),)
    assert found["reference"] == (Reference("Patient/1", "Patient"),)
    attached = found["attachment"][0]
    assert isinstance(attached, Attachment)
    assert (attached.content_type, attached.size, len(attached.sha256)) == ("text/plain", 3, 64)


PLACES = ext("maxDecimalPlaces", "Integer", 2)
LIMITED = [
    ("decimal", [ext("minValue", "Decimal", 1.5)], ("Decimal", 1.5), ("Decimal", 1.49), "minValue"),
    ("decimal", [ext("maxValue", "Integer", 3)], ("Decimal", 3), ("Decimal", 3.01), "maxValue"),
    ("decimal", [PLACES], ("Decimal", 1.25), ("Decimal", 1.125), "maxDecimalPlaces"),
    ("integer", [ext("minValue", "Integer", 1)], ("Integer", 1), ("Integer", 0), "out-of-range"),
    ("date", [ext("minValue", "Date", "2026-02-03")], ("Date", "2026-02-03"), ("Date", "2026-02-02"), "minValue"),
    ("date", [ext("minValue", "Date", "2026-02")], ("Date", "2026-02"), ("Date", "2026"), "minValue"),
    ("date", [ext("maxValue", "Date", "2026-02")], ("Date", "2026-02-28"), ("Date", "2026-03-01"), "maxValue"),
    (
        "dateTime",
        [ext("maxValue", "DateTime", "2026-02-03T12:00:00+01:00")],
        ("DateTime", "2026-02-03T11:00:00Z"),
        ("DateTime", "2026-02-03T11:00:00.001Z"),
        "maxValue",
    ),
    (
        "dateTime",
        [ext("minValue", "Date", "2026-02-03")],
        ("DateTime", "2026-02-03T00:00:00+14:00"),
        ("DateTime", "2026-02-02T23:59:59-12:00"),
        "minValue",
    ),
    ("time", [ext("minValue", "Time", "08:00:00")], ("Time", "08:00:00.000"), ("Time", "07:59:59.9"), "minValue"),
    ("time", [ext("maxValue", "Time", "08:00:00")], ("Time", "08:00:00"), ("Time", "08:00:00.1"), "maxValue"),
    ("string", [ext("minLength", "Integer", 2)], ("String", "øl"), ("String", "ø"), "minLength"),
    ("string", [ext("regex", "String", "[0-9]{3}")], ("String", "123"), ("String", "1234"), "regex"),
    ("integer", [ext("regex", "String", "-?[0-9]{2}")], ("Integer", -12), ("Integer", 123), "regex"),
    ("date", [ext("regex", "String", r"\d{4}-\d{2}-\d{2}")], ("Date", "2026-02-03"), ("Date", "2026-02"), "regex"),
    ("string", [], ("String", "a\tb"), ("String", "a\nb"), "invalidNewLine"),
    ("string", [], ("String", "a"), ("String", "a\rb"), "invalidNewLine"),
    ("open-choice", [], ("String", "a"), ("String", "a\nb"), "invalidNewLine"),
    ("url", [], ("Uri", "mailto:a@b.example"), ("Uri", "www.svarbro.example"), "invalidUrlValue"),
    (
        "reference",
        [
            ext("questionnaire-referenceResource", "Code", "Patient"),
            ext("questionnaire-referenceResource", "Code", "X"),
        ],
        ("Reference", {"reference": "https://a.example/fhir/Patient/1/_history/2"}),
        ("Reference", {"reference": "Group/1"}),
        "invalidRefResourceType",
    ),
    (
        "reference",
        [ext("questionnaire-referenceResource", "Code", "Patient")],
        ("Reference", {"type": "Patient", "identifier": {"value": "1"}}),
        ("Reference", {"identifier": {"value": "1"}}),
        "invalidRefResourceType",
    ),
    (
        "attachment",
        [ext("maxSize", "Decimal", 0.000003)],
        ("Attachment", ABC),
        ("Attachment", {"contentType": "text/plain", "data": "YWJjZA=="}),
        "maxAttachmentSize",
    ),
    (
        "attachment",
        [ext("maxSize", "Decimal", 0.000003)],
        ("Attachment", {"url": "https://a.example/1", "size": 3}),
        ("Attachment", {"url": "https://a.example/1"}),
        "maxAttachmentSize",
    ),
    (
        "attachment",
        [ext("mimeType", "Code", "image/*"), ext("mimeType", "Code", "text/plain")],
        ("Attachment", {**ABC, "contentType": "text/Plain; charset=utf-8"}),
        ("Attachment", {**ABC, "contentType": "text/html"}),
        "mimeType",
    ),
    (
        "attachment",
        [ext("mimeType", "Code", "image/*")],
        ("Attachment", {**ABC, "contentType": "image/png"}),
        ("Attachment", {"url": "https://a.example/1"}),
        "mimeType",
    ),
    (
        "quantity",
        [ext("minQuantity", "Quantity", KG, SDC)],
        ("Quantity", KG),
        ("Quantity", {**KG, "value": 4.99}),
        "minValue",
    ),
    (
        "quantity",
        [ext("maxValue", "Quantity", KG)],
        ("Quantity", KG),
        ("Quantity", {**KG, "code": "g"}),
        "maxValueIncompatUnits",
    ),
    (
        "quantity",
        [ext("maxQuantity", "Quantity", KG, SDC)],
        ("Quantity", {**KG, "value": 0}),
        ("Quantity", {**KG, "value": 0, "comparator": ">"}),
        "maxValue",
    ),
    (
        "quantity",
        [ext("maxValue", "Decimal", 5), ext("questionnaire-unit", "Coding", {"system": UCUM, "code": "kg"})],
        ("Quantity", KG),
        ("Quantity", {**KG, "value": 6}),
        "maxValue",
    ),
    (
        "quantity",
        [ext("questionnaire-unitOption", "Coding", {"system": UCUM, "code": code}) for code in ("kg", "g")],
        ("Quantity", {**KG, "code": "g"}),
        ("Quantity", {"value": 5, "unit": "kg"}),
        "invalidUnit",
    ),
    ("quantity", [PLACES], ("Quantity", {"value": 1.25}), ("Quantity", {"value": 1.125}), "maxDecimalPlaces"),
]


# Named by number, so that mutmut can ask for each by its name.
@pytest.mark.parametrize(
    ("kind", "extensions", "fits", "breaks", "rule"),
    LIMITED,
    ids=[f"{one[0]}-{one[-1]}-{place}" for place, one in enumerate(LIMITED)],
)
def test_a_limit_holds_on_both_sides(kind, extensions, fits, breaks, rule):
    limited = form(q("i", kind, *extensions))

    assert rules(limited, a("i", fits)) == []
    assert faults(limited, a("i", breaks)) == [(rule, f"item[0].answer[0].value{breaks[0]}", "i")]


@pytest.mark.parametrize(
    ("kind", "value", "rule"),
    [
        ("decimal", ("Decimal", "2.5"), "invalidAnswerType"),
        ("decimal", ("Decimal", True), "invalidAnswerType"),
        ("date", ("Date", "2026-02-30"), "invalidAnswerType"),
        ("date", ("Date", "2026-02-03T04:05:06Z"), "invalidAnswerType"),
        ("dateTime", ("DateTime", "2026-02-03T04:05:06"), "invalidAnswerType"),
        ("dateTime", ("DateTime", 2026), "invalidAnswerType"),
        ("time", ("Time", "24:00:00"), "invalidAnswerType"),
        ("time", ("Time", 8), "invalidAnswerType"),
        ("url", ("Uri", "https://a b"), "invalidAnswerType"),
        ("quantity", ("Quantity", {"unit": "kg"}), "invalidAnswerType"),
        ("quantity", ("Quantity", "5 kg"), "not-an-object"),
        ("quantity", ("Quantity", {"value": "5"}), "wrong-type"),
        ("quantity", ("Quantity", {"value": 5, "code": "kg"}), "invariant"),
        ("quantity", ("Quantity", {"value": 5, "comparator": "~"}), "unknown-code"),
        ("attachment", ("Attachment", {"contentType": "text/plain"}), "invalidAnswerType"),
        ("attachment", ("Attachment", {"contentType": "text/plain", "data": "YWJj", "size": 4}), "invalidAnswerType"),
        ("attachment", ("Attachment", {"data": "YWJj"}), "invariant"),
        ("reference", ("Reference", {"reference": "Patient/1", "type": "Group"}), "invalidAnswerType"),
        ("reference", ("Reference", {"reference": "#p"}), "wrong-type"),
    ],
    ids=str,
)
def test_a_value_must_be_one_of_its_type(kind, value, rule):
    assert rules(form(q("i", kind)), a("i", value)) == [rule]


def test_a_reference_to_another_version_of_itself_keeps_its_type():
    found = check(form(q("i", "reference")), a("i", ("Reference", {"reference": "urn:uuid:1", "type": "Patient"})))

    assert found.answers["i"] == (Reference("urn:uuid:1", "Patient"),)


def test_max_length_counts_the_characters_of_a_number_and_of_free_text():
    assert rules(form(q("i", "decimal", maxLength=4)), a("i", ("Decimal", 1.25))) == []
    assert rules(form(q("i", "decimal", maxLength=3)), a("i", ("Decimal", 1.25))) == ["maxLength"]
    assert rules(form(q("i", "boolean", maxLength=4)), a("i", ("Boolean", False))) == ["maxLength"]
    assert rules(form(q("i", "open-choice", maxLength=1)), a("i", ("String", "ab"))) == ["maxLength"]
    assert rules(form(q("i", "open-choice", ext("minLength", "Integer", 3))), a("i", coded("x"))) == []


def test_a_whole_number_too_large_for_fhir_is_out_of_range():
    assert rules(form(q("i", "integer")), a("i", ("Integer", 2**31))) == ["out-of-range"]


def test_what_an_extension_is_called_elsewhere_limits_nothing():
    stranger = form(q("i", "string", {"url": f"{FHIR}other-minLength", "valueInteger": 9}))

    assert rules(stranger, a("i", ("String", "a"))) == []
