"""FHIR R4 itself: elements, types, emptiness; seen through the gate."""

from datetime import UTC, datetime
from typing import Any

import pytest

from questionnaires.primitives import PRIMITIVES, moment_of
from tests.unit.questionnaires.forms import answered, faults, item, registry, rules

FORM = registry(item("b", "boolean"))
YES = answered("b", {"valueBoolean": True})
EXTENSION = {"url": "https://x.example/e", "valueString": "x"}


@pytest.mark.parametrize(
    "more",
    [
        {"id": "a-1.b"},
        {"meta": {"versionId": "1", "lastUpdated": "2026-11-20T12:00:00Z", "profile": ["https://x.example"]}},
        {"meta": {"security": [{"system": "https://x.example", "code": "R"}], "tag": [{"code": "a b"}], "source": "x"}},
        {"language": "da", "_language": {"extension": [EXTENSION]}},
        {"text": {"status": "generated", "div": "<div>Svar</div>"}},
        {"extension": [EXTENSION]},
        {"extension": [{"url": "a", "extension": [{"url": "b", "valueBoolean": False}]}]},
        {"extension": [{"url": "a", "_valueString": {"extension": [EXTENSION]}}]},
        {"extension": [{"url": "a", "valueTiming": {"anything": 1}}]},
        {"extension": [{"url": "a", "valueAge": {"value": 7, "unit": "år"}}]},
        {"extension": [{"url": "a", "valueDecimal": 2.5}, {"url": "a", "valueDecimal": 2}]},
        {"extension": [{"url": "a", "valueHumanName": {"given": ["Nancy", "Ann"], "_given": [None, {"id": "x"}]}}]},
        {
            "identifier": {
                "use": "official",
                "type": {"text": "x"},
                "system": "urn:x",
                "value": "1",
                "period": {"start": "2026"},
            }
        },
        {"partOf": [{"reference": "Observation/1", "type": "Observation", "display": "x"}]},
        {
            "encounter": {"reference": "Encounter/1"},
            "author": {"display": "x"},
            "source": {"identifier": {"value": "1"}},
        },
        {"authored": "2026-11-20"},
        {"authored": "2026-11"},
        {"authored": "2026", "_authored": {"id": "x"}},
        {"_status": {"id": "x"}},
    ],
    ids=",".join,
)
def test_what_fhir_allows_passes(more):
    assert faults(FORM, YES, **more) == []


@pytest.mark.parametrize(
    ("more", "rule", "expression"),
    [
        ({"id": "a_b"}, "wrong-type", "id"),
        ({"id": "x" * 65}, "wrong-type", "id"),
        ({"answers": []}, "unknown-element", "answers"),
        ({"_answers": {}}, "unknown-element", "_answers"),
        ({"_meta": {"id": "x"}}, "unknown-element", "_meta"),
        ({"_language": {}}, "empty", "_language"),
        ({"_language": {"value": 1}}, "unknown-element", "_language.value"),
        ({"meta": []}, "not-an-object", "meta"),
        ({"meta": {}}, "empty", "meta"),
        ({"meta": {"profile": []}}, "empty", "meta.profile"),
        ({"meta": {"profile": "x"}}, "not-a-list", "meta.profile"),
        ({"meta": {"profile": ["a b"]}}, "wrong-type", "meta.profile[0]"),
        ({"meta": {"_profile": {}}}, "not-a-list", "meta._profile"),
        ({"meta": {"lastUpdated": "2026-11-20"}}, "wrong-type", "meta.lastUpdated"),
        ({"text": {"status": "generated"}}, "missing-element", "text.div"),
        ({"text": {"status": "generated", "div": "Svar"}}, "wrong-type", "text.div"),
        ({"extension": [{"valueString": "x"}]}, "missing-element", "extension[0].url"),
        ({"extension": [{"url": "a"}]}, "extension-value", "extension[0]"),
        ({"extension": [{**EXTENSION, "valueCode": "x"}]}, "extension-value", "extension[0]"),
        ({"extension": [{**EXTENSION, "extension": [EXTENSION]}]}, "extension-value", "extension[0]"),
        ({"extension": [{"url": "a", "valueBool": True}]}, "unknown-element", "extension[0].valueBool"),
        ({"extension": [{"url": "a", "valueTiming": 3}]}, "not-an-object", "extension[0].valueTiming"),
        (
            {"extension": [{"url": "a", "valueQuantity": {"value": "7"}}]},
            "wrong-type",
            "extension[0].valueQuantity.value",
        ),
        ({"extension": [{"url": "a", "valueString": None}]}, "wrong-type", "extension[0].valueString"),
        ({"subject": {"reference": "#p"}}, "wrong-type", "subject.reference"),
        ({"subject": {"reference": ["x"]}}, "wrong-type", "subject.reference"),
        ({"contained": [{"resourceType": "Patient"}]}, "contained-id", "contained[0].id"),
        ({"contained": [{"resourceType": "Observation", "id": "o"}]}, "contained-type", "contained[0].resourceType"),
        ({"implicitRules": "https://x.example"}, "not-supported", "implicitRules"),
        ({"modifierExtension": [EXTENSION]}, "not-supported", "modifierExtension"),
        ({"authored": "2026-11-20T12:00:00"}, "wrong-type", "authored"),
        ({"authored": "2026-11-20T12:00Z"}, "wrong-type", "authored"),
        ({"authored": "2026-02-30"}, "wrong-type", "authored"),
        ({"authored": "0000"}, "wrong-type", "authored"),
        ({"authored": 2026}, "wrong-type", "authored"),
        (
            {"questionnaire": "https://svarbro.example/fhir/Questionnaire/small|1.0.0", "language": " da"},
            "wrong-type",
            "language",
        ),
    ],
    ids=str,
)
def test_what_fhir_does_not_allow_is_named(more, rule, expression):
    found = [(found_rule, place) for found_rule, place, _ in faults(FORM, YES, **more)]

    assert (rule, f"QuestionnaireResponse.{expression}") in found


def test_an_extension_of_an_item_may_be_unknown_but_must_be_whole():
    assert rules(FORM, {**YES, "extension": [EXTENSION], "definition": "https://x.example", "id": "i"}) == []
    assert rules(FORM, {**YES, "extension": [{"url": ""}]}) == ["wrong-type", "extension-value"]


GOOD: dict[str, list[Any]] = {
    "boolean": [True, False],
    "integer": [0, -(2**31), 2**31 - 1],
    "unsignedInt": [0],
    "positiveInt": [1],
    "decimal": [1],
    "string": ["a", " ", "linje\n\ttab\r", "æøå", "a\xa0b"],
    "markdown": ["# a"],
    "xhtml": ['<div xmlns="http://www.w3.org/1999/xhtml">a</div>', "\n<div/>"],
    "code": ["a", "a b"],
    "uri": ["urn:oid:1.2"],
    "url": ["https://x.example"],
    "canonical": ["https://x.example|1"],
    "reference": ["Patient/1"],
    "id": ["a", "x" * 64],
    "oid": ["urn:oid:1.2.208"],
    "uuid": ["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"],
    "base64Binary": ["YQ==", "YWJj", "YWJj\nYWJj"],
    "date": ["2026", "2026-12", "2024-02-29"],
    "dateTime": ["2026", "2026-11-20T23:59:60+14:00", "2026-11-20T00:00:00.123456789Z"],
    "instant": ["2026-11-20T12:00:00.1-01:00"],
    "time": ["23:59:60", "00:00:00.5"],
}
BAD: dict[str, list[Any]] = {
    "boolean": ["true", 1, 0, None],
    "integer": ["3", True, 2**31, -(2**31) - 1, 3.0, None],
    "unsignedInt": [-1, False],
    "positiveInt": [0, True],
    "decimal": ["1", True, None],
    "string": ["", "a\x00", "a\x1f", 3, None],
    "markdown": [""],
    "xhtml": ["a", ""],
    "code": ["", " a", "a ", "a  b", 3],
    "uri": ["", "a b", "a\n"],
    "url": ["a b"],
    "canonical": [""],
    "reference": ["", 3],
    "id": ["", "x" * 65, "a_b", "a\n", "æ"],
    "oid": ["1.2", "urn:oid:3.1", "urn:oid:1.02"],
    "uuid": ["c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:C757873D-EC9A-4326-A141-556F43239520"],
    "base64Binary": ["", "YQ=", "Y=Q=", "Æ===", 3],
    "date": ["2026-13", "2026-00", "2026-02-29", "2026-1-1", "26", "", "0000-01-01", "٢٠٢٦", 2026],
    "dateTime": ["2026-11-20T24:00:00Z", "2026-11-20T12:00:00+14:01", "2026-02-30T12:00:00Z", "2026-11-20T12:00:00"],
    "instant": ["2026-11-20", "2026-11-20 12:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00", 1],
    "time": ["24:00:00", "12:00", "12:60:00", 12],
}


def test_every_primitive_type_has_its_examples():
    assert set(GOOD) == set(BAD) == set(PRIMITIVES)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in GOOD.items() for value in values])
def test_a_value_of_the_type_is_one(kind, value):
    assert PRIMITIVES[kind](value)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in BAD.items() for value in values])
def test_a_value_of_another_type_is_none(kind, value):
    assert not PRIMITIVES[kind](value)


def test_a_leap_second_is_the_second_before_it_and_digits_beyond_microseconds_are_cut():
    assert moment_of("2026-12-31T23:59:60Z") == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert moment_of("2026-12-31T23:59:59.123456999+01:00") == datetime(2026, 12, 31, 22, 59, 59, 123456, UTC)
    assert moment_of("2026") is None
