"""Earlier values of the back package: the instrument's own change rule, slots and episodes."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from kernel.ids import OccasionId
from scoring.levels import Colour
from scoring.timeline import Moment, inputs_for
from tests.unit.scoring.content import CATALOGUE
from tests.unit.scoring.story import HERE, LRS, NOW, Story, code

RMDQ = {"slots": {"function": "rmdq23"}}
ODI = {"slots": {"function": "odi"}}
PSFS = {"slots": {"function": "psfs"}}


def value(story, name, slots=RMDQ):
    return story.inputs(LRS, **slots)[name].value


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(0, 3, "no", id="3 points from 0"),
        pytest.param(0, 4, "yes", id="4 points from 0"),
        pytest.param(10, 13, "no", id="3 points from 10"),
        pytest.param(10, 14, "yes", id="4 points: 30 % of 10 is less"),
        pytest.param(15, 19, "no", id="4 points are less than 30 % of 15"),
        pytest.param(15, "39/2", "yes", id="4.5 points are 30 % of 15"),
        pytest.param(20, 10, "no", id="better"),
    ],
)
def test_rmdq_is_worse_by_thirty_percent_and_four_points_at_least(before, now, expected):
    story = Story()
    decided = story.function(200, before)
    story.decided(190, decided)
    story.function(0, now)

    assert value(story, "functionRealBase") == value(story, "functionWorseLast") == expected


@pytest.mark.parametrize(
    ("now", "worse", "real"),
    [(49, "no", "no"), (50, "yes", "no"), (52, "yes", "no"), (53, "yes", "yes"), ("105/2", "yes", "yes")],
)
def test_odi_is_worse_by_ten_and_really_worse_by_thirteen_shown_whole_percent(now, worse, real):
    story = Story()
    decided = story.function(100, 40, questionnaire="odi", score="pct")
    story.decided(90, decided)
    story.function(0, now, questionnaire="odi", score="pct")

    assert (value(story, "functionWorseLast", ODI), value(story, "functionRealBase", ODI)) == (worse, real)


@pytest.mark.parametrize(("before", "now", "delta"), [("202/5", "91/2", 6), (40, None, None)])
def test_a_difference_of_odi_is_told_on_the_shown_whole_percent(before, now, delta):
    told = LRS.inputs["painDeltaLast"]
    odi = replace(told, source=replace(told.source, questionnaire="odi", score="pct"))
    story = Story()
    story.function(100, before, questionnaire="odi", score="pct")
    story.function(0, now, questionnaire="odi", score="pct")

    assert story.inputs(replace(LRS, inputs={odi.name: odi}))[odi.name].value == delta


def test_a_difference_of_a_score_that_is_not_there_is_none():
    story = Story()
    story.pain(100, 3)
    story.answered("nrs-pain", 0)

    assert value(story, "painDeltaLast") is None


def test_last_and_baseline_are_two_answers():
    story = Story()
    decided = story.function(200, 5)
    story.decided(190, decided)
    story.function(90, 9)
    story.function(0, 10)

    assert (value(story, "functionWorseLast"), value(story, "functionRealBase")) == ("no", "yes")


def test_before_any_decision_the_first_answer_is_the_baseline_and_never_the_current_one():
    story = Story()
    story.function(0, 20)
    assert value(story, "functionRealBase") is None

    story.function(50, 5)
    assert value(story, "functionRealBase") == "yes"


def test_without_a_computable_answer_there_is_no_verdict():
    story = Story()
    story.decided(190, story.function(200, 5))
    story.function(0, None, limitation=None)

    assert value(story, "functionRealBase") is None
    assert story.inputs(LRS, **RMDQ)["limitation"].state == "missing"


@pytest.mark.parametrize(("topics", "expected"), [(("a", "a"), "yes"), (("a", "b"), None), ((None, None), None)])
def test_psfs_is_compared_about_the_same_activities_only(topics, expected):
    story = Story()
    decided = story.function(100, 8, questionnaire="psfs", score="mean", topics=topics[0])
    story.decided(90, decided)
    story.function(0, 5, questionnaire="psfs", score="mean", topics=topics[1])

    assert value(story, "functionRealBase", PSFS) == expected


def test_only_the_questionnaire_in_the_slot_counts():
    story = Story()
    story.function(0, 20, limitation="large")

    assert value(story, "limitation") == "large"
    assert value(story, "limitation", ODI) is None
    assert story.inputs(LRS)["limitation"].state == "missing"


@pytest.mark.parametrize(("days", "state"), [(90, "present"), (91, "stale")])
def test_function_counts_for_ninety_days(days, state):
    story = Story()
    story.function(days, 10)

    used = story.inputs(LRS, **RMDQ)["limitation"]
    assert (used.state, used.age_days) == (state, days)


def test_a_confirmed_new_episode_starts_the_comparison_anew():
    story = Story()
    story.decided(390, story.pain(400, 1), story.flags(400))
    begun = story.flags(100, new_episode="yes"), story.pain(100, 7)
    story.decided(95, *begun, new_episode=True)
    story.flags(0)
    story.pain(0, 8)

    assert story.history().episode_start == story.responses[2].answered_at
    assert value(story, "painDeltaBase") == value(story, "painDeltaLast") == 1


def test_without_the_confirmation_the_old_episode_goes_on():
    story = Story()
    story.decided(390, story.pain(400, 1), story.flags(400))
    story.flags(100, new_episode="yes")
    story.pain(100, 7)
    story.flags(0)
    story.pain(0, 8)

    assert story.history().episode_start is None
    assert (value(story, "painDeltaBase"), value(story, "painDeltaLast")) == (7, 1)


def test_an_episode_that_was_confirmed_without_answers_starts_with_the_decision():
    story = Story()
    story.pain(100, 7)
    story.decided(50, new_episode=True)
    story.pain(0, 8)

    assert story.history().episode_start == story.decisions[0].decided_at
    assert value(story, "painDeltaLast") is None


def test_a_prognosis_of_an_earlier_episode_no_longer_counts():
    story = Story()
    story.answered("startback", 300, code("risk", "high"))
    assert story.needs("lrs", slots={"prognosis": "startback"}).inputs["prognosis"].value == "high"

    story.decided(90, story.flags(100, new_episode="yes"), new_episode=True)
    again = story.needs("lrs", slots={"prognosis": "startback"})
    assert (again.inputs["prognosis"].value, again.inputs["prognosis"].state) == (None, "missing")


def steady(story, days_ago, *, pain=9, function=22):
    return story.flags(days_ago), story.pain(days_ago, pain), story.function(days_ago, function, "large")


def test_an_unchanged_severe_patient_is_alerted_until_a_decision_and_not_for_ever():
    story = Story()
    first = steady(story, 200)
    steady(story, 0)
    assert [row.id for row in story.alert(LRS, **RMDQ).rows] == ["L10", "L11"]

    story.decided(190, *first)
    assert story.alert(LRS, **RMDQ).colour is Colour.GREEN


def test_slow_drift_of_pain_is_found_though_no_step_is_large():
    story = Story()
    first = steady(story, 400, pain=3)
    story.decided(390, *first, valid_days=3650)
    for days, pain in ((300, 4), (200, 5), (0, 6)):
        steady(story, days, pain=pain)

    assert [row.id for row in story.alert(LRS, **RMDQ).rows] == ["L08"]


def test_an_answer_that_another_package_asked_before_is_valid_but_no_comparison():
    story = Story()
    story.pain(20, 7)
    story.flags(0)
    story.pain(0, 8)
    began = replace(story.history(), began_at=NOW - timedelta(days=10))

    assert began.episode_start == NOW - timedelta(days=10)
    found = inputs_for(CATALOGUE.table("alert/lrs"), Moment(NOW, "followup", OccasionId(HERE)), began)
    assert found["pain"].value == Fraction(8)
    assert found["painDeltaBase"].value is None
    assert found["painDeltaLast"].value is None
