"""A Questionnaire is derived that says which single answers decide an alert."""

import json
from dataclasses import replace

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as R4Questionnaire

from scoring.condition import Atom, Condition
from scoring.levels import Colour
from scoring.significance import CONDITION, INDICATOR, SIGNIFICANCE, rows_said, with_answer_significance
from tests.unit.scoring.content import CATALOGUE, REGISTRY

RULES = {rule.version.id: rule for rule in CATALOGUE.rules()}
KOL = CATALOGUE.table("alert/kol")


def exported(name, tables):
    rule = RULES[name]
    return json.loads(with_answer_significance(REGISTRY.get(rule.questionnaire).source, rule, tables))


def significances(questionnaire):
    """Give (linkId, operator, answer, colour) of every item."""
    found = []
    for item in questionnaire["item"]:
        for one in item.get("extension", ()):
            if one["url"] == SIGNIFICANCE:
                condition, significance = one["extension"]
                assert condition["url"] == CONDITION
                assert significance["valueCoding"]["system"] == INDICATOR
                value, operator = condition["extension"]
                answer = value.get("valueBoolean", value.get("valueInteger", value.get("valueCoding")))
                found.append((item["linkId"], operator["valueCode"], answer, significance["valueCoding"]["code"]))
    return found


def table_with(when, colour=Colour.YELLOW, **source):
    """Give the COPD table with one row, and one input read in another way."""
    row = replace(KOL.rows[0], when=when, outcome=replace(KOL.rows[0].outcome, id="X1", colour=colour))
    inputs = dict(KOL.inputs)
    for name, changes in source.items():
        inputs[name] = replace(inputs[name], source=replace(inputs[name].source, **changes))
    return replace(KOL, rows=(row,), inputs=inputs)


def alone(name, op, value):
    return Condition(((Atom(name, op, value),),))


def test_each_danger_sign_is_red_and_nothing_else_of_the_form_is_anything():
    assert significances(exported("kol-status", CATALOGUE.tables())) == [
        ("kol-status-1", "=", True, "red"),
        ("kol-status-2", "=", True, "red"),
        ("kol-status-3", "=", True, "red"),
    ]


def test_cauda_and_strong_flags_are_red_and_weak_ones_need_each_other():
    told = significances(exported("lrs-flags", CATALOGUE.tables()))

    assert [one[0] for one in told] == [f"lrs-flags-0{place}" for place in range(1, 8)]
    assert {one[3] for one in told} == {"red"}


def test_the_rows_that_were_said_are_listed():
    assert rows_said(RULES["kol-status"], CATALOGUE.tables()) == (("alert/kol", "K01"), ("alert/kol-free", "K01"))
    assert rows_said(RULES["lrs-flags"], CATALOGUE.tables()) == (("alert/lrs", "L01"), ("alert/lrs", "L02"))
    assert rows_said(RULES["cat"], CATALOGUE.tables()) == ()


@pytest.mark.parametrize(("op", "told"), [(">=", ">="), ("==", "="), ("<", "<"), ("!=", "!=")])
def test_a_count_is_compared_as_the_row_does(op, told):
    found = significances(exported("kol-status", [table_with(alone("adm12", op, 2))]))

    assert found == [("kol-status-9", told, 2, "yellow")]


def test_of_a_graded_item_each_option_that_holds_is_named():
    system = "https://svarbro.example/fhir/CodeSystem/mmrc"

    found = significances(exported("mmrc", [table_with(alone("mrc", ">=", 4), Colour.RED)]))

    assert found == [("mrc-1", "=", {"system": system, "code": code}, "red") for code in ("4", "5")]


def test_an_offset_is_taken_off():
    by_grade = table_with(alone("mrc", ">=", 4), mrc={"score": "mmrc"})

    assert [one[2]["code"] for one in significances(exported("mmrc", [by_grade]))] == ["5"]


@pytest.mark.parametrize(
    "table",
    [
        table_with(Condition(((Atom("adm12", ">=", 2), Atom("assessed", "==", "no")),))),
        table_with(alone("adm12", ">=", 2), Colour.GREEN),
        table_with(alone("adm12", "is-null", None)),
        table_with(alone("adm12New", ">=", 2)),
        table_with(alone("exacNow", ">=", 1)),
        table_with(alone("danger", "==", "no")),
        table_with(alone("mrc", ">=", 2)),
    ],
    ids=["with another input", "green", "no answer", "a change", "a count of several", "a no", "another form"],
)
def test_what_no_answer_alone_decides_is_not_said(table):
    assert significances(exported("kol-status", [table])) == []
    assert rows_said(RULES["kol-status"], [table]) == ()


def test_either_of_two_conditions_is_said_and_nothing_twice():
    either = Condition(((Atom("adm12", ">=", 2),), (Atom("danger", "==", "yes"),)))

    found = significances(exported("kol-status", [table_with(either), table_with(either)]))

    assert [one[0] for one in found] == ["kol-status-1", "kol-status-2", "kol-status-3", "kol-status-9"]


def test_nested_items_carry_it_too():
    source = json.loads(REGISTRY.newest("kol-status").source)
    source["item"] = [{"linkId": "group", "type": "group", "item": source["item"]}]

    made = json.loads(with_answer_significance(json.dumps(source).encode(), RULES["kol-status"], [KOL]))

    assert len(significances(made["item"][0])) == 3


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_copy_is_valid_fhir_with_an_address_of_its_own(name):
    source = json.loads(REGISTRY.get(RULES[name].questionnaire).source)

    made = exported(name, CATALOGUE.tables())

    R4Questionnaire.model_validate(made)
    assert made["url"] == source["url"] + "-significance"
    assert made["derivedFrom"] == [f"{source['url']}|{source['version']}"]
