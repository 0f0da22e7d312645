"""A score over time: what it was, how it changed since the answer right before, and where its bands lie."""

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.change import Verdict
from scoring.result import Score
from scoring.trend import newest_change, spans_of, trends
from tests.unit.scoring.content import CATALOGUE, REGISTRY
from tests.unit.scoring.story import Story, code

MANY = 100


def rule_of(questionnaire_id):
    return CATALOGUE.rule_for(REGISTRY.newest(questionnaire_id).canonical)


def shown(score_id, value, display=None, **more):
    exact = None if value is None else Fraction(value)
    return Score(score_id, exact, display or (None if value is None else str(value)), None, **{**COUNTS, **more})


COUNTS = {"estimated": False, "answered": 8, "missing": 0}


def followed(questionnaire_id, score_id, *answers, most=MANY):
    """Follow a score over answers of ten days each."""
    story = Story()
    for place, answer in enumerate(answers):
        score = answer if isinstance(answer, Score) else shown(score_id, answer)
        story.answered(questionnaire_id, 10 * (len(answers) - place), score)
    found = trends(rule_of(questionnaire_id), story.responses, most=most)
    return next(one for one in found if one.definition.id == score_id)


def test_each_point_says_its_change_since_the_answer_before():
    trend = followed("cat", "catTotal", 12, 13, 24)

    assert [point.delta for point in trend.points] == ["", "+1", "+11"]
    assert [str(point.score.value) for point in trend.points] == ["12", "13", "24"]


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [(20, 21, "stable"), (20, 22, "worse"), (20, 19, "stable"), (20, 18, "better")],
    ids=["one more", "two more", "one less", "two less"],
)
def test_two_points_of_cat_are_an_important_change_and_one_is_none(before, now, verdict):
    newest = followed("cat", "catTotal", before, now).newest

    assert newest.verdict == verdict
    assert newest.is_important is (verdict != "stable")


def test_an_answer_that_could_not_be_computed_is_not_bridged_by_an_older_one():
    trend = followed("cat", "catTotal", 12, replace(shown("catTotal", None), reason="too-many-missing"), 24)

    assert [point.delta for point in trend.points] == ["", "", ""]
    assert trend.newest.verdict is Verdict.NO_BASELINE


def test_a_fraction_is_subtracted_exactly_and_shown_with_the_decimals_of_its_score():
    trend = followed("cat", "catTotal", shown("catTotal", Fraction(160, 7), "22.9"), 24)

    assert trend.newest.delta == "+1.1"


def test_a_score_of_which_the_instrument_judges_no_change_has_points_and_no_verdict():
    trend = followed("kol-status", "exac12", 1, 3)

    assert (trend.newest.delta, trend.newest.verdict, trend.change) == ("+2", None, None)


def test_a_category_has_no_change_and_is_not_drawn():
    trend = followed("kol-status", "danger", code("danger", "no"), code("danger", "yes"))

    assert not trend.is_drawn
    assert [point.delta for point in trend.points] == ["", ""]


def test_the_direction_is_the_instruments_own():
    worse, better = followed("cat", "catTotal", 12), followed("psfs", "mean", 4)

    assert (worse.higher_is_worse, better.higher_is_worse) == (True, False)


def test_activities_that_are_not_known_to_be_the_same_are_not_compared():
    story = Story()
    story.answered("psfs", 20, shown("mean", 4))
    story.answered("psfs", 10, shown("mean", 8))
    unknown, known = story.responses, [replace(one, topics="gå") for one in story.responses]

    compared = [trends(rule_of("psfs"), series, most=MANY)[0].newest.verdict for series in (unknown, known)]

    assert compared == [Verdict.NO_BASELINE, Verdict.BETTER]


def test_a_step_to_another_score_is_not_followed():
    story = Story()
    story.answered("shk-draft", 1, shown("count2", 1), shown("impactSum", 3))

    assert [one.definition.id for one in trends(rule_of("shk-draft"), story.responses, most=MANY)] == ["impactSum"]


def test_a_score_that_no_answer_has_is_left_out():
    story = Story()
    story.answered("mmrc", 1, shown("mrc", 2))

    assert [one.definition.id for one in trends(rule_of("mmrc"), story.responses, most=MANY)] == ["mrc"]


def test_older_points_than_fit_are_counted_and_the_change_of_the_first_shown_stays():
    trend = followed("cat", "catTotal", 10, 11, 15, most=2)

    assert [point.delta for point in trend.points] == ["+1", "+4"]
    assert trend.earlier == 1


@pytest.mark.parametrize(
    ("questionnaire_id", "score_id", "spans"),
    [
        # Jones 2009: low below 10, medium to 20, high to 30, very high above.
        ("cat", "catTotal", [("low", 0, 10), ("medium", 10, 20), ("high", 20, 30), ("very-high", 30, 40)]),
        # Whole numbers: between 0, 1-3, 4-6 and 7-10 the cut lies in the middle.
        ("nrs-pain", "score", [("none", 0, 0.5), ("mild", 0.5, 3.5), ("moderate", 3.5, 6.5), ("severe", 6.5, 10)]),
        ("kol-status", "exac12", []),
        ("kol-status", "danger", []),
    ],
    ids=["closed and open edges", "whole numbers", "no bands", "a category"],
)
def test_the_bands_cut_the_scale_without_a_gap(questionnaire_id, score_id, spans):
    rule = rule_of(questionnaire_id)

    found = spans_of(rule.scores[score_id], rule)

    assert [(one.code, float(one.low), float(one.high)) for one in found] == spans


def test_the_bands_of_every_instrument_cover_its_whole_scale_once():
    for rule in CATALOGUE.rules():
        for definition in rule.scores.values():
            spans = spans_of(definition, rule)
            assert [one.code for one in spans] == [one.code for one in definition.bands][: len(spans)], rule.version.id
            assert all(one.high == after.low for one, after in itertools.pairwise(spans))
            if spans:
                assert (spans[0].low, spans[-1].high) == definition.ends


def test_the_newest_change_alone_is_the_last_point_of_the_trend():
    story = Story()
    for place, value in enumerate((12, 13, 24)):
        story.answered("cat", 30 - 10 * place, shown("catTotal", value))
    rule = rule_of("cat")

    newest = newest_change(rule, story.responses)

    assert newest == trends(rule, story.responses, most=MANY)[0].newest
    alone = newest_change(rule, story.responses[:1])
    assert alone is not None
    assert alone.verdict is Verdict.NO_BASELINE
    assert newest_change(rule, ()) is None
    assert newest_change(rule_of("kol-status"), story.responses) is None
