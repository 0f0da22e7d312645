"""The ways to compute and to treat gaps that small rules show, and what a rule file may not say about them."""

from fractions import Fraction

import pytest

from kernel.errors import ContentError
from questionnaires.plain import read_plain
from scoring.scores import score
from tests.unit.questionnaires.forms import choice, integer, item, option, registry
from tests.unit.scoring.content import label, load, nothing, small_rule, small_score

FORM = registry(
    choice("a", 0, 1, 2),
    choice("b", 0, 1, 2),
    item("c", "choice", answerOption=[option("0", 0), option("1", 1), option("2", 2), option("dont-know", None)]),
    item("x", "boolean"),
    item("y", "boolean"),
    integer("n", 0, 3),
    item("gate", "boolean"),
)
ITEMS = ["a", "b", "c"]


def made(tmp_path, *scores, answers, params=None, **more):
    rule_file = small_rule(*scores, **more)
    known = load(tmp_path, rule_file, registry=FORM)
    (form,) = FORM.all()
    checked = read_plain(FORM.plan(form.canonical), answers)
    return {one.id: one for one in score(known.rule_for(form.canonical), form, checked, params=params).scores}


def enough(strategy, fewest):
    return {"strategy": strategy, "minAnswered": fewest}


@pytest.mark.parametrize(
    ("one", "answers", "value"),
    [
        (small_score("mean", ITEMS, [0, 2]), {"a": 2, "b": 1, "c": 2}, Fraction(5, 3)),
        (small_score("mean", ITEMS, [0, 2]), {"a": 2, "b": 1}, None),
        (small_score("mean", ITEMS, [0, 2], missing=enough("available-mean", 2)), {"a": 2, "b": 1}, Fraction(3, 2)),
        (small_score("mean", ITEMS, [0, 2], missing=enough("available-mean", 2)), {"a": 2, "c": "dont-know"}, None),
        (small_score("mean", ["n", "x"], [0, 2]), {"n": 3, "x": True}, 2),
        (small_score("count-ge", ITEMS, [0, 3], cut=1), {"a": 2, "b": 1, "c": 0}, 2),
        (
            small_score("count-ge", ITEMS, [0, 3], cut=2, missing=enough("count-answered", 1)),
            {"a": 2, "c": "dont-know"},
            1,
        ),
        (small_score("count-ge", ITEMS, [0, 3], cut=2, missing=enough("count-answered", 1)), {}, None),
        (small_score("share-ge", ITEMS, [0, 100], cut=1, multiply=100), {"a": 2, "b": 1, "c": 0}, Fraction(200, 3)),
        (
            small_score("share-ge", ITEMS, [0, 1], cut=1, multiply=1, missing=enough("available-share", 2)),
            {"a": 2, "b": 0, "c": "dont-know"},
            Fraction(1, 2),
        ),
        (small_score("share-le", ITEMS, [0, 1], cut=1, multiply=1), {"a": 2, "b": 1, "c": 0}, Fraction(2, 3)),
        (small_score("percent-of-max", ITEMS, [0, 100]), {"a": 2, "b": 1, "c": 0}, 50),
        (small_score("percent-of-max", ITEMS, [0, 100], missing=enough("prorate-max", 2)), {"a": 2, "b": 1}, 75),
        (small_score("percent-of-max", ITEMS, [0, 100], missing=enough("prorate-max", 2)), {"a": 2}, None),
        (small_score("count-true", ["x", "y"], [0, 2], missing=enough("prorate", 1)), {"x": True}, 2),
        (small_score("count-true", ["x", "y"], [0, 2], missing=enough("strict-no", 1)), {"x": True}, 1),
        (small_score("count-true", ["x", "y"], [0, 2], missing=enough("strict-no", 1)), {}, None),
    ],
    ids=str,
)
def test_each_way_to_compute_gives_what_its_definition_says(tmp_path, one, answers, value):
    result = made(tmp_path, one, answers=answers)["total"]

    assert result.value == value


def test_points_are_recoded_or_reversed_before_anything_is_computed(tmp_path):
    found = made(
        tmp_path,
        small_score("sum", ITEMS, [0, 5]),
        answers={"a": 2, "b": 0, "c": 1},
        recode={"a": {"0": 0, "1": 0, "2": 1}},
        reverse={"b": 2},
    )["total"]

    assert found.value == 1 + 2 + 1


BY_PARAM = small_score(
    "count-true",
    ["x", "y"],
    [0, 2],
    missing={"byParam": "gaps", "variants": {"in-proportion": enough("prorate", 1), "as-no": enough("strict-no", 1)}},
)
GAPS = {"gaps": {"values": ["in-proportion", "as-no"], "default": "as-no"}}


@pytest.mark.parametrize(("params", "value"), [({}, 1), ({"gaps": "as-no"}, 1), ({"gaps": "in-proportion"}, 2)])
def test_a_parameter_can_choose_what_a_gap_means(tmp_path, params, value):
    found = made(tmp_path, BY_PARAM, answers={"x": True}, params=params, parameters=GAPS)["total"]

    assert found.value == value


TOTAL = small_score("sum", ["a", "b"], [0, 4])


def words(*codes):
    return [{"code": code, "clinician": label(code), "patient": label(code)} for code in codes]


def at_least(limit, name="total"):
    return {"all": [{"input": name, "op": ">=", "value": limit}]}


REST = {"otherwise": True}


def decision(**more):
    return {
        "id": "group",
        "type": "category",
        "op": "decision",
        "items": ["a", "b"],
        "missing": {"strategy": "inputs", "needs": ["total"]},
        "range": ["high", "low"],
        "label": label("Group"),
        "labels": words("high", "low"),
        "rows": [{"code": "high", "when": at_least(3)}, {"code": "low", "when": REST}],
        **more,
    }


def bounds(**more):
    one = decision(id="bounds", op="bounds", of="group", missing={"strategy": "all-completions"})
    del one["rows"]
    return {**one, **more}


def percent(**more):
    return {
        **small_score("percent-of-range", ["a", "b"], [0, 100], id="pct", of="total"),
        "missing": {"strategy": "inputs", "needs": ["total"]},
        **more,
    }


def vectors(*scores, **bands):
    told = {one["id"]: nothing(one) for one in scores}
    for one in scores:
        if one["op"] in ("decision", "percent-of-range"):
            told[one["id"]]["reason"] = "input-missing"
    return [{"answers": {}, "scores": told}]


@pytest.mark.parametrize(
    ("answers", "group", "bound", "pct"),
    [
        ({"a": 2, "b": 1}, "high", "high", 75),
        ({"a": 2, "b": 0}, "low", "low", 50),
        ({"a": 0}, None, "low", None),
        ({"a": 2}, None, None, None),
        ({}, None, None, None),
    ],
    ids=str,
)
def test_scores_of_scores_stand_on_the_scores_before_them(tmp_path, answers, group, bound, pct):
    scores = TOTAL, decision(), bounds(), percent()

    found = made(tmp_path, *scores, answers=answers, vectors=vectors(*scores))

    assert (found["group"].band, found["bounds"].band, found["pct"].value) == (group, bound, pct)
    assert found["bounds"].estimated is (bound is not None and len(answers) < 2)
    assert found["group"].reason == (None if group else "input-missing")


def test_a_decision_can_judge_what_is_shown(tmp_path):
    mean = small_score("mean", ["a", "b"], [0, 2])
    exact = decision(rows=[{"code": "high", "when": at_least(2)}, {"code": "low", "when": REST}])
    shown = {**exact, "id": "shown", "inputsOn": "display"}
    scores = mean, exact, shown

    found = made(tmp_path, *scores, answers={"a": 2, "b": 1}, vectors=vectors(*scores))

    assert found["total"].display == "2"
    assert (found["group"].band, found["shown"].band) == ("low", "high")


def test_bands_can_judge_what_is_shown(tmp_path):
    def bands(on):
        edges = {"low": "<=", "high": ">="}
        return {
            **small_score("mean", ["a", "b"], [0, 2], id=f"on-{on}", bandsOn=on),
            "bands": [
                {
                    **words(code)[0],
                    "when": {"all": [{"input": f"on-{on}", "op": op, "value": 1 if code == "low" else 2}]},
                }
                for code, op in edges.items()
            ],
        }

    shown = made(tmp_path, bands("display"), answers={"a": 2, "b": 1})["on-display"]

    assert (shown.value, shown.band) == (Fraction(3, 2), "high")
    with pytest.raises(ContentError, match="3/2 lies in 0 bands"):
        made(tmp_path, bands("value"), answers={})


TWO_GROUPS = decision(id="again", items=["x"], missing={"strategy": "rows"})
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
