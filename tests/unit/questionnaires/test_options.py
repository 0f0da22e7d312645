"""Options: of every kind, from value sets, exclusive ones, and what an open choice adds."""

from datetime import time

import pytest

from questionnaires.dated import dated_of
from questionnaires.model import Coded, Reference
from tests.unit.questionnaires.any_form import SYSTEM, a, check, coded, ext, faults, form, q, rules, unread

VALUES = [
    ("Integer", 3, 4, 3),
    ("Date", "2026-02-03", "2026-02-04", dated_of("2026-02-03")),
    ("Time", "08:00:00", "09:00:00", time(8)),
    ("String", "ja", "nej", "ja"),
    ("Reference", {"reference": "Patient/1"}, {"reference": "Patient/2"}, Reference("Patient/1", "Patient")),
    ("Coding", {"system": SYSTEM, "code": "x"}, {"system": SYSTEM, "code": "y"}, Coded(SYSTEM, "x")),
]


@pytest.mark.parametrize(("kind", "listed", "other", "answer"), VALUES, ids=[one[0] for one in VALUES])
def test_an_option_may_be_of_every_kind(kind, listed, other, answer):
    for choice in ("choice", "open-choice"):
        options = form(q("c", choice, answerOption=[{f"value{kind}": listed}]))

        assert check(options, a("c", (kind, listed))).answers["c"] == (answer,)
        is_free = choice == "open-choice" and kind == "String"
        assert rules(options, a("c", (kind, other))) == ([] if is_free else ["not-an-option"])


def test_options_of_several_kinds_stand_beside_each_other():
    mixed = form(q("c", "choice", answerOption=[coded("x"), {"valueString": "andet"}, {"valueInteger": 9}]))

    assert rules(mixed, a("c", coded("x"))) == []
    assert rules(mixed, a("c", ("String", "andet"))) == []
    assert rules(mixed, a("c", ("Integer", 9))) == []
    assert rules(mixed, a("c", ("String", "x"))) == ["not-an-option"]
    assert rules(mixed, a("c", ("Date", "2026-01-01"))) == ["not-an-option"]


@pytest.mark.parametrize(("kind", "one", "other"), [("integer", 1, 2), ("string", "a", "b"), ("text", "a", "b")])
def test_a_question_that_is_no_choice_may_list_its_answers(kind, one, other):
    key = {"integer": "Integer"}.get(kind, "String")
    listed = form(q("i", kind, answerOption=[{f"value{key}": one}]))

    assert rules(listed, a("i", (key, one))) == []
    assert rules(listed, a("i", (key, other))) == ["not-an-option"]


def test_an_open_choice_takes_a_text_and_no_coding_off_the_list():
    listed = form(q("c", "open-choice", answerOption=[coded("x")]))

    assert check(listed, a("c", ("String", "noget andet"))).answers["c"] == ("noget andet",)
    assert rules(listed, a("c", coded("y"))) == ["not-an-option"]


def test_a_choice_without_any_list_takes_any_coding_that_names_something():
    free = form(q("c", "choice"))

    assert check(free, a("c", {"valueCoding": {"code": "x"}})).answers["c"] == (Coded("", "x"),)
    assert rules(free, a("c", {"valueCoding": {"display": "noget"}})) == []
    assert rules(free, a("c", {"valueCoding": {"system": SYSTEM}})) == ["not-an-option"]
    assert rules(free, a("c", {"valueCoding": {"userSelected": True}})) == ["not-an-option"]


def test_an_option_without_system_is_chosen_without_system():
    bare = form(q("c", "choice", answerOption=[{"valueCoding": {"code": "x"}}]))

    assert rules(bare, a("c", {"valueCoding": {"code": "x"}})) == []
    assert rules(bare, a("c", coded("x"))) == ["not-an-option"]


def test_a_version_that_contradicts_that_of_the_option_is_another_code():
    bound = form(q("c", "choice", answerOption=[coded("x", version="2")]))

    assert rules(bound, a("c", coded("x"))) == []
    assert rules(bound, a("c", coded("x", version="2"))) == []
    assert rules(bound, a("c", coded("x", version="1"))) == ["not-an-option"]


def test_an_exclusive_option_stands_alone():
    none = {**coded("none"), "extension": [ext("questionnaire-optionExclusive", "Boolean", value=True)]}
    chosen = form(q("c", "choice", repeats=True, answerOption=[coded("x"), coded("y"), none]))

    assert rules(chosen, a("c", coded("none"))) == []
    assert rules(chosen, a("c", coded("x"), coded("y"))) == []
    assert faults(chosen, a("c", coded("x"), coded("none"))) == [("exclusiveAnswerOption", "item[0].answer[1]", "c")]


def value_set(**more):
    return {"resourceType": "ValueSet", "id": "v", "status": "active", "url": "https://x.example/v", **more}


def listed(*codes, **more):
    return {"include": [{"system": SYSTEM, "concept": [{"code": code} for code in codes]}], **more}


def expansion(*contains, **more):
    return {"timestamp": "2026-01-01T00:00:00Z", "contains": list(contains), **more}


X, Y = ({"system": SYSTEM, "code": code} for code in "xy")
SETS = [
    value_set(compose=listed("x")),
    value_set(compose=listed("x", "y", exclude=[{"system": SYSTEM, "concept": [{"code": "y"}]}])),
    value_set(expansion=expansion(X), compose={"include": [{"system": SYSTEM}]}),
    value_set(expansion=expansion({**Y, "abstract": True, "contains": [X]}, total=1)),
    value_set(expansion=expansion({"display": "heading", "contains": [X]})),
]


@pytest.mark.parametrize("contained", SETS, ids=["compose", "exclude", "expansion", "abstract", "heading"])
@pytest.mark.parametrize("name", ["#v", "https://x.example/v"])
def test_a_value_set_that_writes_its_codes_out_is_a_list_of_options(contained, name):
    known = form(q("c", "choice", answerValueSet=name), contained=[contained, {"resourceType": "Library"}])

    assert check(known, a("c", coded("x"))).answers["c"] == (Coded(SYSTEM, "x"),)
    assert rules(known, a("c", coded("y"))) == ["not-an-option"]
    assert rules(known, a("c", ("String", "x"))) == ["not-an-option"]


def test_a_value_set_is_found_by_its_version_and_by_no_other():
    contained = [value_set(version="2", compose=listed("x"))]

    assert unread(q("c", "choice", answerValueSet="https://x.example/v|2"), contained=contained) == ""
    assert "not contained" in unread(q("c", "choice", answerValueSet="https://x.example/v|1"), contained=contained)


@pytest.mark.parametrize(
    ("told", "contained"),
    [
        ("not contained", []),
        ("not contained", [{"resourceType": "ValueSet", "compose": listed("x")}]),
        ("does not write its codes out", [value_set(compose={"include": [{"system": SYSTEM}]})]),
        ("does not write its codes out", [value_set(compose={"include": [{"valueSet": ["https://y.example"]}]})]),
        ("does not write its codes out", [value_set(compose={"include": [{"system": SYSTEM, "filter": [{}]}]})]),
        ("does not write its codes out", [value_set(compose=listed("x", exclude=[{"system": SYSTEM}]))]),
        ("is not the whole", [value_set(expansion=expansion(X, total=7))]),
        ("is not the whole", [value_set(expansion=expansion(X, offset=1))]),
        ("is empty", [value_set(compose={})]),
        ("compose: an object", [value_set()]),
        ("modifierExtension of the value set", [value_set(modifierExtension=[{"url": "x"}], compose=listed("x"))]),
        ("implicitRules of the value set", [value_set(implicitRules="x", compose=listed("x"))]),
    ],
    ids=str,
)
def test_a_value_set_that_would_have_to_be_looked_up_is_named_at_load(told, contained):
    assert told in unread(q("c", "choice", answerValueSet="#v"), contained=contained)


def test_units_may_come_from_a_value_set():
    units = ext("questionnaire-unitValueSet", "Canonical", "#v")
    weighed = form(q("w", "quantity", units), contained=[value_set(compose=listed("kg"))])

    assert rules(weighed, a("w", ("Quantity", {"value": 1, "system": SYSTEM, "code": "kg"}))) == []
    assert rules(weighed, a("w", ("Quantity", {"value": 1, "system": SYSTEM, "code": "g"}))) == ["invalidUnit"]
