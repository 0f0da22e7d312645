"""The shape of what is added to an exported Questionnaire: each element as SDC and the national profile write it."""

import json
from dataclasses import replace

import pytest

from scoring.condition import Atom, Condition
from scoring.export import score_link_id, with_calculated_expressions
from scoring.levels import Colour
from scoring.significance import with_answer_significance
from scoring.table_input import InputSource
from tests.unit.questionnaires.forms import choice, integer, item, registry
from tests.unit.scoring.content import CATALOGUE, REGISTRY, load, small_rule, small_score
from tests.unit.scoring.small_scores import TOTAL, decision, percent, vectors

FHIR = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
FUT = "http://ehealth.sundhed.dk"
KOL = CATALOGUE.table("alert/kol")


def of_rule(name):
    return next(rule for rule in CATALOGUE.rules() if rule.version.id == name)


def exported(name):
    rule = of_rule(name)
    return with_calculated_expressions(REGISTRY.get(rule.questionnaire).source, rule)


def test_a_variable_is_named_and_says_its_language():
    told = next(one for one in json.loads(exported("cat"))["extension"] if one["url"] == f"{FHIR}variable")

    assert set(told["valueExpression"]) == {"name", "language", "expression"}
    assert (told["valueExpression"]["name"], told["valueExpression"]["language"]) == ("catTotalGiven", "text/fhirpath")


def test_a_score_is_a_hidden_read_only_item_with_its_name_in_both_languages():
    label = of_rule("cat").scores["catTotal"].label

    found = next(one for one in json.loads(exported("cat"))["item"] if one["linkId"] == "score-catTotal")

    assert found == {
        "linkId": "score-catTotal",
        "extension": [
            {"url": f"{FHIR}questionnaire-hidden", "valueBoolean": True},
            {
                "url": f"{SDC}calculatedExpression",
                "valueExpression": {
                    "language": "text/fhirpath",
                    "expression": "%catTotalNumerator / %catTotalAnswered",
                },
            },
        ],
        **({"code": found["code"]} if "code" in found else {}),
        "text": label.da,
        "_text": {
            "extension": [
                {
                    "url": f"{FHIR}translation",
                    "extension": [
                        {"url": "lang", "valueCode": "en"},
                        {"url": "content", "valueString": label.in_language("en")},
                    ],
                }
            ]
        },
        "type": "decimal",
        "readOnly": True,
    }


def test_a_score_and_its_band_have_linkids_of_their_own():
    assert (score_link_id("pct"), score_link_id("pct", band=True)) == ("score-pct", "score-pct-band")


def test_a_code_stands_on_the_number_and_not_on_its_band():
    rule = of_rule("cat")
    named = replace(rule.scores["catTotal"], code=("http://loinc.org", "x-1", "X"))
    coded = replace(rule, scores={**rule.scores, "catTotal": named})

    items = json.loads(with_calculated_expressions(REGISTRY.get(rule.questionnaire).source, coded))["item"]

    found = {one["linkId"]: one.get("code") for one in items if one["linkId"].startswith("score-")}
    assert found["score-catTotal"] == [{"system": "http://loinc.org", "code": "x-1", "display": "X"}]
    assert found["score-catTotal-band"] is None


def test_without_a_code_none_is_written():
    rule = of_rule("cat")
    bare = replace(rule, scores={**rule.scores, "catTotal": replace(rule.scores["catTotal"], code=None)})

    items = json.loads(with_calculated_expressions(REGISTRY.get(rule.questionnaire).source, bare))["item"]

    assert not any("code" in one for one in items if one["linkId"].startswith("score-"))


def test_a_category_is_the_code_that_its_variable_gives():
    found = next(one for one in json.loads(exported("startback"))["item"] if one["linkId"] == "score-risk")

    assert found["type"] == "string"
    assert found["extension"][1]["valueExpression"] == {"language": "text/fhirpath", "expression": "%riskCode"}


def test_a_profile_is_written_where_every_item_is_answered():
    told = {
        one["valueExpression"]["name"]: one["valueExpression"]["expression"]
        for one in json.loads(exported("eq5d5l-dk"))["extension"]
        if one["url"] == f"{FHIR}variable"
    }
    names = [f"%profileGiven{place}" for place in range(1, 6)]

    assert told["profileCode"] == (
        f"iif({' and '.join(f'{one}.exists()' for one in names)}, {' & '.join(names)}, {{}})"
    )
    assert told["profileGiven1"] == "%resource.item.where(linkId = 'eq5d-mo').answer.value.code"


NAMED = registry(choice("a", 0, 1, 2), choice("b", 0, 1, 2), name="Small")


def test_scores_of_scores_are_written_by_the_names_of_what_they_read(tmp_path):
    scores = [TOTAL, percent(), decision()]
    (rule,) = load(tmp_path, small_rule(*scores, vectors=vectors(*scores)), registry=NAMED).rules()
    (form,) = NAMED.all()

    made = json.loads(with_calculated_expressions(form.source, rule))

    told = {one["valueExpression"]["name"]: one["valueExpression"]["expression"] for one in made["extension"]}
    items = {one["linkId"]: one["extension"][1]["valueExpression"]["expression"] for one in made["item"][2:]}
    assert told["pctNumerator"] == "(100 * %totalNumerator)"
    assert told["groupCode"] == "iif(%totalNumerator.exists(), iif(%totalNumerator >= 3, 'high', 'low'), {})"
    assert items == {
        "score-total": "%totalNumerator",
        "score-pct": "%pctNumerator / 4",
        "score-group": "%groupCode",
    }


def test_danish_letters_are_written_as_themselves():
    rule = of_rule("cat")
    source = REGISTRY.get(rule.questionnaire).source

    for made in (with_calculated_expressions(source, rule), with_answer_significance(source, rule, ())):
        assert "ø".encode() in made
        assert b"\\u00" not in made


SMALL = registry(
    integer("n", 0, 9),
    item("g", "group", item=[choice("c", 0, 1, 2), item("y", "boolean")]),
    name="Small",
)
(FORM,) = SMALL.all()


def significance_of(tmp_path, one, atom, **more):
    """What is said of a small form by a table with one row on one score."""
    (rule,) = load(tmp_path, small_rule(one, **more), registry=SMALL).rules()
    some = next(iter(KOL.inputs.values()))
    source = InputSource("small", one["id"], "current")
    row = replace(KOL.rows[0], when=Condition(((atom,),)), outcome=replace(KOL.rows[0].outcome, colour=Colour.YELLOW))
    table = replace(KOL, rows=(row,), inputs={atom.name: replace(some, name=atom.name, source=source)})
    return json.loads(with_answer_significance(FORM.source, rule, (table,)))


def told(element, operator, answer):
    """The national extension that says which answer gives a yellow alert."""
    return {
        "url": f"{FUT}/fhir/StructureDefinition/ehealth-questionnaire-answerSignificance",
        "extension": [
            {
                "url": f"{FUT}/fhir/StructureDefinition/ehealth-answer-Condition",
                "extension": [{"url": "value", element: answer}, {"url": "operator", "valueCode": operator}],
            },
            {
                "url": "significance",
                "valueCoding": {"system": f"{FUT}/cs/questionnaire-item-significance-indicator", "code": "yellow"},
            },
        ],
    }


@pytest.mark.parametrize(
    ("offset", "limit"), [({}, 5), ({"offset": 1}, 4), ({"offset": -1}, 6)], ids=["none", "added", "taken off"]
)
def test_the_answer_that_decides_is_said_without_what_the_score_adds(tmp_path, offset, limit):
    low, high = 0 + offset.get("offset", 0), 9 + offset.get("offset", 0)
    one = small_score("value", ["n"], [low, high], **offset)

    made = significance_of(tmp_path, one, Atom("x", ">=", 5))

    own = json.loads(FORM.source)["item"]
    assert made["item"][0] == {**own[0], "extension": [*own[0]["extension"], told("valueInteger", ">=", limit)]}
    assert made["item"][1:] == own[1:]


def test_an_item_in_a_group_is_told_there_and_the_others_stay_as_they_are(tmp_path):
    made = significance_of(tmp_path, small_score("value", ["c"], [0, 2]), Atom("x", "==", 2))

    group, own = made["item"][1], json.loads(FORM.source)["item"][1]
    option = own["item"][0]["answerOption"][2]["valueCoding"]
    coding = {"system": option["system"], "code": option["code"]}
    assert group["item"][0] == {**own["item"][0], "extension": [told("valueCoding", "=", coding)]}
    assert group["item"][1] == own["item"][1]
    assert "extension" not in group
