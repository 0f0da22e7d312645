"""A Questionnaire is derived in which renderers compute the scores by generated expressions."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as R4Questionnaire

from kernel.errors import ContentError
from questionnaires.model import ItemType
from scoring.combination import Choice
from scoring.condition import Atom, Condition
from scoring.export import CALCULATED, HIDDEN, VARIABLE, left_out, score_link_id, with_calculated_expressions
from scoring.export_formula import Comparing, Ratio
from tests.unit.scoring.content import CATALOGUE, REGISTRY

RULES = {rule.version.id: rule for rule in CATALOGUE.rules()}


def exported(name, **params):
    rule = RULES[name]
    return json.loads(with_calculated_expressions(REGISTRY.get(rule.questionnaire).source, rule, params=params))


def variables(questionnaire):
    told = (one["valueExpression"] for one in questionnaire["extension"] if one["url"] == VARIABLE)
    return {one["name"]: one["expression"] for one in told}


def item(questionnaire, link_id):
    return next(one for one in questionnaire["item"] if one["linkId"] == link_id)


def expression(questionnaire, link_id):
    told = next(one for one in item(questionnaire, link_id)["extension"] if one["url"] == CALCULATED)
    assert told["valueExpression"]["language"] == "text/fhirpath"
    return told["valueExpression"]["expression"]


def test_the_copy_has_an_address_of_its_own_and_names_what_it_comes_from():
    source = json.loads(REGISTRY.newest("cat").source)

    made = exported("cat")

    assert made["url"] == source["url"] + "-calculated"
    assert made["id"] == source["id"] + "-calculated"
    assert made["name"] == source["name"] + "Calculated"
    assert made["derivedFrom"] == [f"{source['url']}|{source['version']}"]
    assert made["item"][: len(source["item"])] == source["item"]
    assert made["extension"][: len(source["extension"])] == source["extension"]


def test_a_sum_counts_each_option_and_is_scaled_when_enough_is_answered():
    made = exported("cat")
    told = variables(made)

    assert told["catTotalGiven"].startswith("%resource.item.where(linkId in ('cat-1' | 'cat-2' | ")
    assert told["catTotalGiven"].endswith(" | 'cat-8')).answer.value.code")
    assert told["catTotalAnswered"] == "%catTotalGiven.count()"
    assert told["catTotalPoints"] == (
        "%catTotalGiven.where($this = '1').count() + 2 * %catTotalGiven.where($this = '2').count() + "
        "3 * %catTotalGiven.where($this = '3').count() + 4 * %catTotalGiven.where($this = '4').count() + "
        "5 * %catTotalGiven.where($this = '5').count()"
    )
    assert told["catTotalNumerator"] == "iif((%catTotalAnswered >= 6), (8 * %catTotalPoints), {})"
    assert expression(made, "score-catTotal") == "%catTotalNumerator / %catTotalAnswered"
    assert item(made, "score-catTotal")["type"] == "decimal"


def test_a_parameter_changes_the_expression():
    assert "%catTotalAnswered >= 8" in variables(exported("cat", minAnswered=8))["catTotalNumerator"]
    assert variables(exported("rmdq23", missing="strict-no"))["scoreNumerator"] == (
        "iif((%scoreAnswered >= 1), %scorePoints, {})"
    )


def test_bands_are_compared_in_whole_numbers():
    assert expression(exported("cat"), "score-catTotal-band") == (
        "iif(%catTotalNumerator < (10 * %catTotalAnswered), 'low', "
        "iif(%catTotalNumerator >= (10 * %catTotalAnswered) and "
        "%catTotalNumerator <= (20 * %catTotalAnswered), 'medium', "
        "iif(%catTotalNumerator > (20 * %catTotalAnswered) and "
        "%catTotalNumerator <= (30 * %catTotalAnswered), 'high', "
        "iif(%catTotalNumerator > (30 * %catTotalAnswered), 'very-high', {}))))"
    )


def test_a_band_on_what_is_shown_rounds_half_up_first():
    assert expression(exported("odi"), "score-pct-band").startswith(
        "iif((((2 * %pctNumerator) + (5 * %pctAnswered)) div (2 * (5 * %pctAnswered))) <= 20, 'minimal', "
    )


def test_whole_numbers_are_integers_and_categories_codes():
    made = exported("startback")

    assert item(made, "score-psych")["type"] == "integer"
    assert expression(made, "score-psych") == "%psychNumerator"
    assert item(made, "score-risk")["type"] == "string"
    assert variables(made)["riskCode"] == (
        "iif(%totalNumerator.exists() and %psychNumerator.exists(), "
        "iif(%totalNumerator <= 3, 'low', iif(%psychNumerator >= 4, 'high', 'medium')), {})"
    )
    assert variables(made)["psychGiven2"] == "%resource.item.where(linkId = 'startback-9').answer.value.code"
    assert variables(made)["psychPoints"] == (
        "%psychGiven.where($this = true).count() + %psychGiven2.where($this in ('3' | '4')).count()"
    )


def test_a_gate_closes_a_count_and_a_yes_is_known_early():
    told = variables(exported("lrs-flags"))

    assert told["redWeakNumerator"] == (
        "iif(%resource.item.where(linkId = 'lrs-flags-08').answer.value = false, 0, "
        "iif(%resource.item.where(linkId = 'lrs-flags-08').answer.value = true, "
        "iif((%redWeakAnswered = 4 or %redWeakPoints >= 2), %redWeakPoints, {}), {}))"
    )
    assert told["caudaCode"] == "iif(%caudaPoints > 0, 'yes', iif(%caudaAnswered = 3, 'no', {}))"


def test_every_other_kind_of_score_has_its_form():
    eq5d, hls, shk = (
        variables(exported("eq5d5l-dk")),
        variables(exported("hls19-q12")),
        variables(exported("shk-draft")),
    )

    assert eq5d["indexNumerator"] == "iif((%indexAnswered = 5), (1000 - %indexPoints), {})"
    assert eq5d["vasPoints"] == "iif(%vasGiven.exists(), %vasGiven, 0)"
    assert eq5d["profileCode"].endswith(
        ", %profileGiven1 & %profileGiven2 & %profileGiven3 & %profileGiven4 & %profileGiven5, {})"
    )
    assert "(12 * %shareDifficultNumerator) <= %shareDifficultAnswered, 'excellent'" in hls["levelCode"]
    assert "(3 * %scoreNumerator) >= (250 * %scoreAnswered)" in hls["levelCode"]
    assert hls["scoreAnswered"] == "%scoreGiven.where($this in ('1' | '2' | '3' | '4')).count()"
    assert "(%impactSumNumerator.empty()) or (%supportSumNumerator.empty()), {}, 'green'" in shk["colourCode"]
    assert variables(exported("mmrc"))["mmrcNumerator"] == "iif((%mmrcAnswered = 1), (%mmrcPoints - 1), {})"
    assert variables(exported("ccq"))["totalNumerator"] == (
        "iif((%totalAnswered >= 8) and %symptomNumerator.exists() and %functionalNumerator.exists() "
        "and %mentalNumerator.exists(), %totalPoints, {})"
    )
    assert "iif(true, {}, " in variables(exported("psfs", direction="higher-is-worse"))["limitationCode"]
    assert "iif(false, {}, " in variables(exported("psfs"))["limitationCode"]
    assert expression(exported("rmdq23"), "score-pct") == "%pctNumerator / (23 * %scoreAnswered)"


def test_steps_to_other_scores_are_variables_only():
    made = exported("hls19-q12")

    assert "shareVeryEasyNumerator" in variables(made)
    assert all("shareVeryEasy" not in one["linkId"] for one in made["item"])


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_result_is_hidden_read_only_named_and_valid_fhir(name):
    made = exported(name)
    known = len(json.loads(REGISTRY.get(RULES[name].questionnaire).source)["item"])

    R4Questionnaire.model_validate(made)
    assert len(made["item"]) > known
    for one in made["item"][known:]:
        assert one["readOnly"] is True
        assert {"url": HIDDEN, "valueBoolean": True} in one["extension"]
        assert one["text"]


def test_verified_codes_go_with_the_score_and_not_with_its_band():
    made, code = exported("cat"), RULES["cat"].scores["catTotal"].code

    assert code is not None
    assert [one["code"] for one in item(made, "score-catTotal")["code"]] == [code[1]]
    assert "code" not in item(made, "score-catTotal-band")


def test_what_cannot_be_written_is_listed_with_its_reason():
    told = {name: left_out(REGISTRY.get(rule.questionnaire).source, rule) for name, rule in RULES.items()}

    assert {name: scores for name, scores in told.items() if scores} == {
        "bhls": {"flags": "a vector is no single answer"},
        "promis-pi-4a": {"tScore": "it is looked up in a table that is not ours to publish"},
        "startback": {"boundsRisk": "it walks every completion of the missing answers"},
    }


def test_a_linkid_that_is_taken_stops_the_export():
    source = json.loads(REGISTRY.newest("mmrc").source)
    source["item"].append({"linkId": score_link_id("mrc"), "type": "display", "text": "Taken"})

    with pytest.raises(ContentError, match="score-mrc is the linkId of an item already"):
        with_calculated_expressions(json.dumps(source).encode(), RULES["mmrc"])


def changed(name, score_id, **changes):
    """Give a rule of which one score is another."""
    rule = RULES[name]
    scores = {**rule.scores, score_id: replace(rule.scores[score_id], **changes)}
    return left_out(REGISTRY.get(rule.questionnaire).source, replace(rule, scores=scores))


def test_an_operation_without_a_formula_is_left_out():
    definition = RULES["kol-status"].scores["danger"]

    assert changed("cat", "catTotal", op="cubes") == {"catTotal": "cubes has no formula"}
    assert changed("kol-status", "danger", op="cubes") == {"danger": "cubes has no formula"}
    assert changed("mmrc", "mrc", missing=replace(definition.missing, strategy="guess")) == {
        "mrc": "guess has no expression"
    }


def test_a_score_of_what_is_left_out_is_left_out_too():
    assert changed("startback", "psych", op="cubes") == {
        "psych": "cubes has no formula",
        "risk": "it reads psych",
        "boundsRisk": "it reads risk",
    }


def test_two_counts_are_not_added_up_and_texts_not_at_all():
    status, activities = RULES["kol-status"].scores, RULES["psfs"].scores["mean"]
    both = (*status["exac12"].items, *status["adm12"].items)
    texts = tuple(replace(one, link_id=one.link_id.replace("rating", "activity")) for one in activities.items)

    assert changed("kol-status", "exac12", items=both) == {"exac12": "it adds several counts up"}
    assert changed("psfs", "mean", items=texts)["mean"] == "it reads psfs-1-activity, which is a string"


def test_a_strict_score_of_items_that_are_not_always_asked_is_left_out():
    strict = RULES["mmrc"].scores["mrc"].missing

    assert changed("psfs", "mean", missing=strict)["mean"] == "how many of its items are asked depends on answers"


def test_a_profile_whose_codes_are_not_the_points_is_left_out():
    profile = RULES["eq5d5l-dk"].scores["profile"]
    first = replace(profile.items[0], points={("system", "best"): 2})

    assert changed("eq5d5l-dk", "profile", items=(first, *profile.items[1:])) == {
        "profile": "the codes of its answers are not their points"
    }


def test_nested_items_are_found_where_they_stand():
    source = json.loads(REGISTRY.newest("mmrc").source)
    asked = source["item"][0]
    source["item"] = [
        {
            "linkId": "it's",
            "type": "group",
            "text": "Group",
            "item": [
                {"linkId": "first", "type": "boolean", "text": "Yes?", "item": [asked]},
            ],
        },
    ]
    made = json.loads(with_calculated_expressions(json.dumps(source).encode(), RULES["mmrc"]))

    assert variables(made)["mrcGiven"] == (
        "%resource.item.where(linkId = 'it\\'s').item.where(linkId = 'first').answer"
        ".item.where(linkId = 'mrc-1').answer.value.code"
    )


def test_nothing_scored_gives_no_points():
    items = tuple(replace(one, points=dict.fromkeys(one.points, 0)) for one in RULES["mmrc"].scores["mrc"].items)
    rule = RULES["mmrc"]
    rule = replace(rule, scores={"mrc": replace(rule.scores["mrc"], items=items)})

    made = json.loads(with_calculated_expressions(REGISTRY.get(rule.questionnaire).source, rule))

    assert variables(made)["mrcPoints"] == "0"


def test_a_category_is_compared_by_its_code_and_a_whole_number_is_what_it_shows():
    comparing = Comparing({"mrc": Ratio("%mrcNumerator").shown()}, {"risk": "%riskCode"}, {})
    rows = (
        Choice("a", Condition(((Atom("risk", "==", "high"), Atom("risk", "is-not-null")),))),
        Choice("b", Condition(((Atom("mrc", "!=", Fraction(5, 2)),),))),
    )

    assert comparing.first_match(rows) == (
        "iif(%riskCode = 'high' and %riskCode.exists(), 'a', iif((2 * %mrcNumerator) != 5, 'b', {}))"
    )


def test_the_types_that_count_are_those_of_the_model():
    assert {ItemType.CHOICE, ItemType.BOOLEAN, ItemType.INTEGER} == {"choice", "boolean", "integer"}
