"""Any R4 Questionnaire is read; what cannot be checked is refused at load, by linkId and element."""

import json

import pytest

from kernel.errors import ContentError
from questionnaires.model import Text
from questionnaires.reading import cautions, read_questionnaire
from tests.unit.questionnaires.any_form import (
    FHIR,
    SDC,
    coded,
    ext,
    form,
    q,
    read,
    resource,
    rules,
    unread,
)
from tests.unit.questionnaires.forms import definition, item

B = q("b", "boolean")
EXPRESSION = {"language": "text/fhirpath", "expression": "true"}


def test_one_of_ours_is_read():
    known = read_questionnaire(definition(item("b", "boolean")), "small.json")

    assert list(known.by_link_id) == ["b"]


def test_a_foreign_form_needs_no_name_no_text_and_no_translation():
    bare = read(B)

    assert (bare.canonical, bare.url, bare.version, bare.title, bare.items[0].text) == ("", "", "", Text(""), Text(""))
    assert read(B, url="https://any.example/f").canonical == "https://any.example/f"
    assert read(B, url="https://any.example/f", version="2").canonical == "https://any.example/f|2"
    assert read(B, version="2").canonical == ""
    assert read(B, title="Skema").title == Text("Skema")


def test_a_form_without_items_is_read():
    assert rules(form()) == []


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        ("active", None),
        ("draft", "questionnaireDraft"),
        ("retired", "questionnaireRetired"),
        ("unknown", "questionnaireInactive"),
    ],
)
def test_a_form_that_is_not_in_use_is_read_with_a_warning(status, rule):
    found = cautions(read(B, status=status))

    assert [(one.rule, one.severity) for one in found] == ([] if rule is None else [(rule, "warning")])


def test_extensions_that_change_nothing_are_ignored():
    rendering = [
        ext("questionnaire-itemControl", "CodeableConcept", {"text": "slider"}),
        ext("variable", "Expression", {"name": "x", **EXPRESSION}),
        ext("answerSignificance", "String", "x", "https://elsewhere.example/"),
        {"url": "https://elsewhere.example/complex", "extension": [ext("a", "Code", "x", "")]},
    ]
    computed = {"extension": [ext("cqf-expression", "Expression", EXPRESSION)]}

    shown = read(q("b", "boolean", *rendering, text="x", _text=computed), _title=computed, title="x")

    assert list(shown.by_link_id) == ["b"]


@pytest.mark.parametrize(
    ("told", "made"),
    [
        (
            "b: sdc-questionnaire-enableWhenExpression",
            q("b", "boolean", ext("enableWhenExpression", "Expression", EXPRESSION, SDC)),
        ),
        (
            "b: sdc-questionnaire-answerExpression",
            q("b", "choice", ext("answerExpression", "Expression", EXPRESSION, SDC)),
        ),
        (
            "b: targetConstraint",
            q("b", "boolean", {"url": f"{FHIR}targetConstraint", "extension": [ext("key", "Id", "k", "")]}),
        ),
        (
            "b: questionnaire-constraint",
            q("b", "boolean", {"url": f"{FHIR}questionnaire-constraint", "extension": [ext("key", "Id", "k", "")]}),
        ),
        (
            "b: cqf-expression",
            q(
                "b",
                "boolean",
                required=True,
                _required={"extension": [ext("cqf-expression", "Expression", EXPRESSION)]},
            ),
        ),
        (
            "b: cqf-calculatedValue",
            q(
                "b",
                "date",
                {
                    "url": f"{FHIR}minValue",
                    "_valueDate": {"extension": [ext("cqf-calculatedValue", "Expression", EXPRESSION)]},
                },
            ),
        ),
        (
            "b: questionnaire-signatureRequired",
            q("b", "boolean", ext("questionnaire-signatureRequired", "CodeableConcept", {"text": "x"})),
        ),
        (
            "b: questionnaire-referenceProfile",
            q("b", "reference", ext("questionnaire-referenceProfile", "Canonical", "https://x.example")),
        ),
        ("b: Questionnaire.item[0].disabledDisplay", q("b", "boolean", disabledDisplay="hidden")),
        ("b: Questionnaire.item[0].answerConstraint", q("b", "choice", answerConstraint="optionsOnly")),
        ("b: Questionnaire.item[0].type", q("b", "coding")),
        ("b: Questionnaire.item[0].type", q("b", "question")),
        ("b: Questionnaire.item[0].modifierExtension", q("b", "boolean", modifierExtension=[ext("x", "Code", "y")])),
        ("b: Questionnaire.item[0].required", q("b", "boolean", required="true")),
        ("g: Questionnaire.item[0].item[0].linkId", q("g", "group", item=[{"type": "boolean"}])),
        ("Questionnaire.item[0].linkId", {"linkId": 3, "type": "boolean"}),
        ("Questionnaire.item[0]", 3),
        ("linkId b stands twice", q("g", "group", item=[B, B])),
        ("a group needs items", q("g", "group")),
        ("a display has no items", q("d", "display", item=[B])),
        ("a display has no code", q("d", "display", code=[{"code": "x"}])),
        ("neither required nor repeated", q("d", "display", required=True)),
        ("neither required nor repeated", q("d", "display", repeats=True)),
        ("a display is not read-only", q("d", "display", readOnly=True)),
        ("no initial answer", q("g", "group", initial=[{"valueBoolean": True}], item=[B])),
        ("no initial answer", q("d", "display", initial=[{"valueBoolean": True}])),
        ("several initial answers", q("b", "boolean", initial=[{"valueBoolean": True}, {"valueBoolean": False}])),
        ("is no answer of the item", q("b", "boolean", initial=[{"valueInteger": 1}])),
        ("is no answer of the item", q("c", "integer", ext("minValue", "Integer", 2), initial=[{"valueInteger": 1}])),
        ("is no answer of the item", q("c", "string", initial=[{"valueCoding": {"code": "x"}}])),
        ("value[x] has no value", q("b", "boolean", initial=[{"_valueBoolean": {"id": "x"}}])),
        ("initial[0].value", q("b", "boolean", initial=[{"id": "x"}])),
        ("initial[0]", q("b", "boolean", initial=[{"valueBoolean": True, "valueInteger": 1}])),
        ("exclude each other", q("c", "choice", answerOption=[coded("x")], answerValueSet="#v")),
        ("exclude each other", q("c", "choice", answerOption=[coded("x")], initial=[coded("x")])),
        ("without a code", q("c", "choice", answerOption=[{"valueCoding": {"display": "x"}}])),
        ("an option stands twice", q("c", "choice", answerOption=[coded("x"), coded("x", display="y")])),
        ("an option stands twice", q("c", "integer", answerOption=[{"valueInteger": 1}, {"valueInteger": 1}])),
        ("options belong to a choice", q("b", "boolean", answerOption=[coded("x")])),
        ("options belong to a choice", q("b", "decimal", answerOption=[{"valueInteger": 1}])),
        ("options belong to a choice", q("b", "integer", answerOption=[{"valueString": "x"}])),
        ("options belong to a choice", q("b", "string", answerOption=[coded("x")])),
        ("maxLength belongs", q("d", "date", maxLength=3)),
        ("at least 1", q("s", "string", maxLength=0)),
        ("minLength is above", q("s", "string", ext("minLength", "Integer", 4), maxLength=3)),
        ("minLength stands twice", q("s", "string", *[ext("minLength", "Integer", 1)] * 2)),
        ("minLength is negative", q("s", "string", ext("minLength", "Integer", -1))),
        ("minLength does not belong", q("c", "choice", ext("minLength", "Integer", 1))),
        ("minValue does not belong", q("s", "string", ext("minValue", "Integer", 1))),
        ("minValue has a value of another kind", q("i", "integer", ext("minValue", "Decimal", 1.5))),
        ("maxValue has no Quantity", q("i", "quantity", ext("maxValue", "Quantity", {"unit": "kg"}))),
        ("minValue stands twice", q("i", "integer", ext("minValue", "Integer", 1), ext("minValue", "Integer", 2))),
        ("minValue is above", q("i", "decimal", ext("minValue", "Decimal", 2), ext("maxValue", "Decimal", 1))),
        ("minValue is above", q("i", "date", ext("minValue", "Date", "2026-02"), ext("maxValue", "Date", "2026-01"))),
        (
            "minValue is above",
            q(
                "i",
                "quantity",
                ext("minQuantity", "Quantity", {"value": 1, "unit": "a"}, SDC),
                ext("maxQuantity", "Quantity", {"value": 2, "unit": "b"}, SDC),
            ),
        ),
        (
            "minValue is no exact quantity",
            q("i", "quantity", ext("minValue", "Quantity", {"value": 1, "comparator": "<"})),
        ),
        ("needs exactly one unit", q("i", "quantity", ext("minValue", "Decimal", 1))),
        ("regex does not belong", q("b", "boolean", ext("regex", "String", "x"))),
        ("regex is not supported: invalid perl operator", q("s", "string", ext("regex", "String", "(?=x)"))),
        ("contradict", q("s", "string", ext("questionnaire-minOccurs", "Integer", 2))),
        ("contradict", q("s", "string", ext("questionnaire-maxOccurs", "Integer", 2))),
        (
            "contradict",
            q(
                "s",
                "string",
                ext("questionnaire-minOccurs", "Integer", 3),
                ext("questionnaire-maxOccurs", "Integer", 2),
                repeats=True,
            ),
        ),
        ("needs an initial answer", q("s", "string", required=True, readOnly=True)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_be_checked_is_named_at_load(told, made):
    reason = unread(made)

    assert reason.startswith("any.json: ")
    assert told in reason


@pytest.mark.parametrize(
    ("told", "more"),
    [
        ("resourceType: Questionnaire", {"resourceType": "Patient"}),
        ("Questionnaire.status", {"status": None}),
        ("Questionnaire.status", {"status": "final"}),
        ("Questionnaire.implicitRules", {"implicitRules": "https://x.example"}),
        ("Questionnaire.modifierExtension", {"modifierExtension": [ext("x", "Code", "y")]}),
        ("Questionnaire.versionAlgorithmString", {"versionAlgorithmString": "semver"}),
        (
            "targetConstraint",
            {"extension": [{"url": f"{FHIR}targetConstraint", "extension": [ext("key", "Id", "k", "")]}]},
        ),
        ("questionnaireAdaptive", {"extension": [ext("questionnaireAdaptive", "Boolean", value=True, base=SDC)]}),
        ("contained: a list", {"contained": 3}),
    ],
    ids=str,
)
def test_what_is_said_of_the_whole_form_is_looked_at_too(told, more):
    assert told in unread(B, **more)


def test_a_form_that_is_no_json_is_refused():
    with pytest.raises(ContentError, match=r"any\.json: The body is not JSON"):
        read_questionnaire(b"{", "any.json")


def test_a_large_form_is_read_up_to_two_mebibytes():
    long = q("b", "boolean", text="x" * 300_000)

    assert list(read(long).by_link_id) == ["b"]
    with pytest.raises(ContentError, match="larger than 2048 KiB"):
        read_questionnaire(resource(q("b", "boolean", text="x" * 2_100_000)), "any.json")


def test_the_source_is_kept_byte_by_byte():
    raw = json.dumps({"resourceType": "Questionnaire", "status": "draft", "item": [B]}, indent=3).encode()

    assert read_questionnaire(raw, "any.json").source == raw
