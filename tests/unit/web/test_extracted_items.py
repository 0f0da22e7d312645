"""Which items of a Questionnaire are extracted, and what becomes of their answers."""

import json
from typing import Any

import pytest

from web.fhir.extracted_items import CATEGORY, EXTRACT, UNIT, answers_of, extracted_items

CODE = [{"system": "http://loinc.org", "code": "1"}]


def flag(**value):
    return {"url": EXTRACT, **(value or {"valueBoolean": True})}


def item(link_id, *extension, code=CODE, **other):
    return {"linkId": link_id, "type": "integer", "code": code, "extension": list(extension), **other}


def found(*items, extension=()):
    return extracted_items(json.dumps({"item": items, "extension": list(extension)}).encode())


def test_flagged_items_with_a_code_are_extracted_and_no_others():
    known = found(item("1", flag()), item("2"), item("3", flag(), code=[]), item("4", flag(valueBoolean=False)))

    assert list(known) == ["1"]
    assert known["1"].code == CODE


def test_what_is_around_an_item_speaks_for_it_unless_it_speaks_itself():
    group = {
        "linkId": "g",
        "type": "group",
        "item": [item("1"), item("2", flag(valueBoolean=False)), item("3", item=[item("4")])],
    }

    assert list(found(group, extension=[flag()])) == ["1", "3", "4"]
    assert list(found({**group, "extension": [flag()]}, item("5"))) == ["1", "3", "4"]


def test_a_code_of_extraction_asks_for_it_too():
    assert list(found(item("1", flag(valueCode="independent")))) == ["1"]


def test_the_nearest_category_counts():
    social = {"coding": [{"code": "social-history"}]}
    exam = {"coding": [{"code": "exam"}]}
    around = [flag(), {"url": CATEGORY, "valueCodeableConcept": social}]

    known = found(item("1"), item("2", {"url": CATEGORY, "valueCodeableConcept": exam}), extension=around)

    assert (known["1"].category, known["2"].category) == ([social], [exam])


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"valueBoolean": False}, {"valueBoolean": False}),
        ({"valueInteger": 0}, {"valueInteger": 0}),
        ({"valueDecimal": 1.5}, {"valueQuantity": {"value": 1.5}}),
        ({"valueDate": "2026-02"}, {"valueDateTime": "2026-02"}),
        ({"valueDateTime": "2026-02-01T10:00:00Z"}, {"valueDateTime": "2026-02-01T10:00:00Z"}),
        ({"valueTime": "10:00:00"}, {"valueTime": "10:00:00"}),
        ({"valueString": "x"}, {"valueString": "x"}),
        ({"valueUri": "urn:x"}, {"valueString": "urn:x"}),
        ({"valueCoding": {"code": "3"}}, {"valueCodeableConcept": {"coding": [{"code": "3"}]}}),
        ({"valueQuantity": {"value": 3}}, {"valueQuantity": {"value": 3}}),
        ({"valueAttachment": {"title": "x"}}, {}),
        ({"extension": []}, {}),
    ],
    ids=lambda value: next(iter(value), "nothing"),
)
def test_an_answer_becomes_a_value(answer, value):
    assert found(item("1", flag()))["1"].value(answer) == value


def test_a_number_with_a_unit_is_a_quantity():
    unit = {"system": "http://unitsofmeasure.org", "code": "kg", "display": "kilo"}

    known = found(item("1", flag(), {"url": UNIT, "valueCoding": unit}))["1"]

    quantity = {"value": 70, "unit": "kilo", "system": "http://unitsofmeasure.org", "code": "kg"}
    assert known.value({"valueInteger": 70}) == {"valueQuantity": quantity}


def test_answers_inside_answers_and_groups_are_walked_in_order():
    inner = {"linkId": "2", "answer": [{"valueInteger": 2}]}
    items: list[dict[str, Any]] = [
        {"linkId": "1", "answer": [{"valueInteger": 1, "item": [inner]}, {"valueInteger": 3}]},
        {"linkId": "g", "item": [{"linkId": "4", "answer": [{"valueInteger": 4}]}]},
    ]

    assert [(link_id, answer["valueInteger"]) for link_id, answer in answers_of(items)] == [
        ("1", 1),
        ("2", 2),
        ("1", 3),
        ("4", 4),
    ]
