"""What a rule file may not say about a score."""

import pytest

from kernel.errors import ContentError
from tests.unit.questionnaires.forms import choice, registry
from tests.unit.scoring.content import load, small_rule, small_score
from tests.unit.scoring.refusals import names_an_element
from tests.unit.scoring.small_scores import (
    BY_PARAM,
    FORM,
    GAPS,
    REST,
    TOTAL,
    at_least,
    bounds,
    decision,
    enough,
    percent,
    vectors,
)

IMPUTED = {**TOTAL, "missing": {"strategy": "impute-mean", "minAnswered": 1}}
ON_PARAM = {"all": [{"param": "gaps", "op": "==", "value": "never"}]}
ZERO = {**small_score("sum", ["zero"], [0, 0]), "id": "zero"}


@pytest.mark.parametrize(
    ("told", "scores"),
    [
        ("earlier scores of the rule", [decision(), TOTAL]),
        ("earlier scores of the rule", [TOTAL, decision(rows=[{"code": "high", "when": at_least(3, "other")}])]),
        ("earlier scores of the rule", [TOTAL, decision(missing={"strategy": "inputs", "needs": ["total", "x"]})]),
        ("at least one row", [TOTAL, decision(rows=[])]),
        ("takes no rows", [TOTAL, decision(), bounds(rows=decision()["rows"], of=None)]),
        ("one of total, group", [TOTAL, decision(), bounds(of="x")]),
        ("takes no of", [TOTAL, decision(of="total")]),
        ("takes no bandsOn", [TOTAL, decision(bandsOn="display")]),
        ("takes no inputsOn", [TOTAL, percent(inputsOn="display")]),
        ("takes no needs", [{**TOTAL, "missing": {"strategy": "strict", "needs": ["total"]}}]),
        (
            "the score in `of`",
            [TOTAL, {**TOTAL, "id": "more"}, percent(missing={"strategy": "inputs", "needs": ["more"]})],
        ),
        ("never matches first", [TOTAL, decision(rows=[*decision()["rows"][:1], *decision()["rows"]])]),
        ("never matches first", [TOTAL, decision(rows=[{"code": "high", "when": at_least(5)}, *decision()["rows"]])]),
        ("takes no cut", [{**TOTAL, "cut": 1}]),
        ("takes no of", [{**TOTAL, "of": "x"}]),
        ("takes no rows", [{**TOTAL, "rows": []}]),
        ("whole number", [small_score("count-ge", ["a"], [0, 1])]),
        ("whole number", [small_score("share-ge", ["a"], [0, 1], cut=1)]),
        ("its items are those", [TOTAL, decision(items=["a"])]),
        ("its items are those", [TOTAL, decision(items=["a", "b", "c"])]),
        ("reads scores of items only", [TOTAL, decision(), percent(of="group", missing={"strategy": "inputs"})]),
        (
            "reads scores of items only",
            [
                TOTAL,
                percent(),
                decision(
                    missing={"strategy": "rows"},
                    rows=[{"code": "high", "when": at_least(3, "pct")}, {"code": "low", "when": REST}],
                ),
            ],
        ),
        ("completes a decision on strict", [TOTAL, bounds(of="total")]),
        ("completes a decision on strict", [IMPUTED, decision(), bounds()]),
        ("do not go together", [TOTAL, decision(missing={"strategy": "strict", "needs": ["total"]})]),
        ("do not go together", [TOTAL, decision(missing={"strategy": "all-completions", "needs": ["total"]})]),
        ("do not go together", [TOTAL, percent(missing={"strategy": "rows"})]),
        ("do not go together", [{**TOTAL, "missing": {"strategy": "inputs"}}]),
        ("do not go together", [{**TOTAL, "missing": enough("available-mean", 1)}]),
        ("do not go together", [small_score("mean", ["a"], [0, 2], missing=enough("impute-mean", 1))]),
        ("exactly one otherwise", [TOTAL, decision(rows=[{"code": "high", "when": at_least(3)}])]),
        ("other codes", [TOTAL, decision(rows=[{"code": "low", "when": REST}])]),
        ("other codes", [TOTAL, decision(rows=[{"code": None, "when": at_least(3)}, {"code": "low", "when": REST}])]),
        ("is never never", [TOTAL, decision(rows=[{"code": "high", "when": ON_PARAM}, *decision()["rows"]])]),
        ("a text", [TOTAL, decision(rows=[{"code": "", "when": REST}])]),
        ("a text", [TOTAL, decision(rows=[{"when": REST}])]),
        ("unknown field", [TOTAL, decision(rows=[{"code": "low", "when": REST, "why": "x"}])]),
        ("one of internal, variant", [{**TOTAL, "use": "secret"}]),
        ("one of value, display", [{**TOTAL, "bandsOn": "screen"}]),
        ("one variant for each value", [{**BY_PARAM, "missing": {**BY_PARAM["missing"], "byParam": "x"}}]),
        ("one variant for each value", [{**BY_PARAM, "missing": {"byParam": "gaps", "variants": {}}}]),
        (
            "no gate",
            [
                {
                    **BY_PARAM,
                    "missing": {
                        "byParam": "gaps",
                        "variants": {
                            **BY_PARAM["missing"]["variants"],
                            "as-no": {"strategy": "known-from", "threshold": 1, "gate": "gate"},
                        },
                    },
                }
            ],
        ),
        ("unknown field", [{**BY_PARAM, "missing": {**BY_PARAM["missing"], "strategy": "strict"}}]),
        (
            "no parameter gaps of numbers",
            [small_score("sum", ["a"], [0, 2], missing=enough("impute-mean", {"param": "gaps"}))],
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_score_that_asks_for_what_cannot_be_stops_the_start(tmp_path, told, scores):
    content = small_rule(*scores, parameters=GAPS, vectors=vectors(*scores))

    with pytest.raises(ContentError) as caught:
        load(tmp_path, content, registry=FORM)

    assert told in str(caught.value)
    assert names_an_element(str(caught.value))


def test_a_percentage_needs_a_score_that_can_be_above_zero(tmp_path):
    known = registry(choice("zero", 0))
    content = small_rule(ZERO, percent(of="zero", items=["zero"], missing={"strategy": "inputs"}))

    with pytest.raises(ContentError, match="reads a number above 0"):
        load(tmp_path, content, registry=known)


@pytest.mark.parametrize(
    ("told", "more"),
    [
        ("a choice of the questionnaire", {"recode": {"x": {"0": 1}}}),
        ("a choice of the questionnaire", {"recode": {"other": {"0": 1}}}),
        ("a choice of the questionnaire", {"reverse": {"n": 3}}),
        ("points for each option", {"recode": {"a": {"0": 0, "1": 1}}}),
        ("points for each option", {"recode": {"a": {"0": 0, "1": 1, "2": 2, "3": 3}}}),
        ("whole number", {"recode": {"a": {"0": 0, "1": 1, "2": "2"}}}),
        ("whole number", {"reverse": {"a": "10-x"}}),
        ("not reversed too", {"recode": {"a": {"0": 0, "1": 1, "2": 1}}, "reverse": {"a": 2}}),
        ("one of the values", {"parameters": {"p": {"values": ["a"], "default": "b"}}}),
        ("a text", {"parameters": {"p": {"values": ["a"], "default": 1}}}),
        ("whole numbers", {"parameters": {"p": {"values": ["a", 1], "default": "a"}}}),
        ("list of texts", {"parameters": {"p": {"values": [], "default": "a"}}}),
    ],
    ids=str,
)
def test_points_and_parameters_that_cannot_be_stop_the_start(tmp_path, told, more):
    with pytest.raises(ContentError) as caught:
        load(tmp_path, small_rule(TOTAL, **more), registry=FORM)

    assert told in str(caught.value)
    assert names_an_element(str(caught.value), "a", "n", "x", "other")
