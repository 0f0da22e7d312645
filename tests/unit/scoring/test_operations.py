"""The ways to compute and to treat gaps, shown by small rules."""

from fractions import Fraction

import pytest

from kernel.errors import ContentError
from tests.unit.scoring.content import small_score
from tests.unit.scoring.small_scores import (
    BY_PARAM,
    GAPS,
    ITEMS,
    REST,
    TOTAL,
    at_least,
    bounds,
    decision,
    enough,
    made,
    percent,
    vectors,
    words,
)


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


@pytest.mark.parametrize(("params", "value"), [({}, 1), ({"gaps": "as-no"}, 1), ({"gaps": "in-proportion"}, 2)])
def test_a_parameter_can_choose_what_a_gap_means(tmp_path, params, value):
    found = made(tmp_path, BY_PARAM, answers={"x": True}, params=params, parameters=GAPS)["total"]

    assert found.value == value


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


def test_bands_judge_the_exact_value_unless_they_say_otherwise(tmp_path):
    edges = {"low": {"op": "<", "value": 2}, "high": {"op": ">=", "value": 2}}
    bands = [
        {**words(code)[0], "when": {"all": [{"input": "total", **edge}]}} for code, edge in edges.items()
    ]  # fmt: skip
    mean = small_score("mean", ["a", "b"], [0, 2], bands=bands)

    found = made(tmp_path, mean, answers={"a": 2, "b": 1})["total"]

    assert (found.value, found.display, found.band) == (Fraction(3, 2), "2", "low")


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
