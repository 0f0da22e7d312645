"""What counts as now, last and baseline: `earlierValues` of the source sheet, one case each."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from kernel.ids import ResponseId
from tests.unit.scoring.story import KOL, NOW, Story, code


def test_nothing_known_is_all_missing_and_not_assessed():
    inputs = Story().inputs()

    assert {name for name, one in inputs.items() if one.state == "missing"} == set(KOL.inputs) - {"assessed"}
    assert (inputs["assessed"].value, inputs["assessed"].state) == ("no", "present")


def test_a_current_answer_is_named_with_its_age():
    story = Story()
    response = story.cat(3, 12)

    used = story.inputs()["cat"]

    assert (used.value, used.state, used.response_id, used.age_days) == (12, "present", response, 3)
    assert used.questionnaire == "https://svarbro.example/fhir/Questionnaire/cat|2.0.0"


@pytest.mark.parametrize(
    ("age", "value", "state"),
    [
        (timedelta(days=30), 12, "present"),
        (timedelta(days=30, microseconds=1), None, "stale"),
        (timedelta(days=31), None, "stale"),
    ],
    ids=str,
)
def test_cat_counts_for_thirty_days_and_not_a_moment_longer(age, value, state):
    story = Story()
    story.cat(0, 12, occasion="earlier")
    story.responses[0] = replace(story.responses[0], answered_at=NOW - age)

    used = story.inputs()["cat"]

    assert (used.value, used.state, used.age_days) == (value, state, age.days)


def test_a_safety_answer_of_another_occasion_is_missing_however_fresh():
    story = Story()
    story.answered("kol-status", 0, code("danger", "yes"), occasion="other")

    assert (story.value("danger"), story.inputs()["danger"].state) == (None, "missing")


def test_the_newest_answer_counts_even_where_it_cannot_be_computed():
    story = Story()
    story.cat(5, 12)
    story.cat(0, None)

    assert (story.value("cat"), story.inputs()["cat"].state) == (None, "missing")
    assert story.value("catDeltaLast") is None


def test_answers_are_ordered_by_when_they_were_given_and_not_by_when_they_came():
    story = Story()
    story.cat(0, 20)
    story.cat(10, 12)

    assert (story.value("cat"), story.value("catDeltaLast")) == (20, 8)


def test_the_order_of_the_same_moment_is_the_order_of_the_history():
    story = Story()
    story.cat(1, 12)
    story.cat(1, 15)

    assert (story.value("cat"), story.value("catDeltaLast")) == (15, 3)


def test_a_clock_that_runs_ahead_makes_no_answer_stale():
    story = Story()
    story.cat(-1, 12)

    assert (story.value("cat"), story.inputs()["cat"].age_days) == (12, 0)


def test_an_estimated_score_is_marked_and_its_change_too():
    story = Story()
    story.cat(40, 12)
    story.cat(0, Fraction(160, 7), estimated=True)

    inputs = story.inputs()

    assert (inputs["cat"].value, inputs["cat"].state) == (Fraction(160, 7), "estimated")
    assert (inputs["catDeltaLast"].value, inputs["catDeltaLast"].state) == (Fraction(76, 7), "estimated")


def test_last_is_the_newest_earlier_answer_that_has_the_score():
    story = Story()
    story.cat(90, 10)
    story.cat(60, 14)
    story.cat(30, None)
    story.cat(0, 20)

    assert story.value("catDeltaLast") == 6


@pytest.mark.parametrize(
    ("age", "expected"), [(timedelta(days=450), 10), (timedelta(days=450, microseconds=1), None)], ids=str
)
def test_last_looks_back_four_hundred_and_fifty_days(age, expected):
    story = Story()
    story.cat(450, 10)
    story.cat(0, 20)
    story.responses[0] = replace(story.responses[0], answered_at=NOW - age)

    assert story.value("catDeltaLast") == expected


def test_a_change_is_as_old_as_its_current_answer():
    story = Story()
    story.cat(60, 10)
    story.cat(31, 20)

    used = story.inputs()["catDeltaLast"]

    assert (used.value, used.state) == (None, "stale")


def test_before_any_decision_the_first_answer_is_the_baseline():
    story = Story()
    story.cat(500, 10)
    story.cat(60, 14)
    story.cat(0, 20)

    assert (story.value("catDeltaBase"), story.value("catDeltaLast")) == (10, 6)


def test_the_first_answer_has_no_baseline():
    story = Story()
    story.cat(0, 20)

    assert story.value("catDeltaBase") is None


def test_a_first_answer_without_the_score_gives_no_baseline():
    story = Story()
    story.cat(90, None)
    story.cat(60, 14)
    story.cat(0, 20)

    assert (story.value("catDeltaBase"), story.value("catDeltaLast")) == (None, 6)


def test_the_baseline_is_the_answer_of_the_newest_decision():
    story = Story()
    first, second = story.cat(300, 8), story.cat(200, 12)
    story.cat(100, 16)
    story.cat(0, 20)
    story.decided(190, second)
    story.decided(290, first)

    assert story.value("catDeltaBase") == 8


def test_a_decided_answer_without_the_score_is_passed_over_for_an_older_decided_one():
    story = Story()
    first = story.cat(300, 8)
    story.cat(250, 10)
    second = story.cat(200, None)
    story.cat(0, 20)
    story.decided(290, first)
    story.decided(190, second)

    assert story.value("catDeltaBase") == 12


def test_once_something_was_decided_the_first_answer_is_no_fallback():
    story = Story()
    story.cat(300, 8)
    story.cat(0, 20)
    story.decided(290, ResponseId("of another questionnaire"))

    assert story.value("catDeltaBase") is None


def test_the_current_answer_is_no_baseline_of_itself():
    story = Story()
    story.cat(100, 8)
    current = story.cat(10, 20)
    story.decided(5, current)

    assert story.value("catDeltaBase") is None
    assert story.value("catDeltaLast") == 12


@pytest.mark.parametrize(("before", "now", "rise"), [(1, 3, 2), (3, 1, 0), (2, 2, 0), (None, 1, None), (1, None, None)])
def test_a_rise_is_never_below_zero_and_null_without_either(before, now, rise):
    story = Story()
    earlier = story.kol(100, adm12=before)
    story.kol(0, adm12=now)
    story.decided(90, earlier)

    assert story.value("adm12New") == rise


def test_a_delta_can_be_below_zero():
    story = Story()
    story.mrc(100, 4)
    story.mrc(0, 2)

    assert (story.value("mrcDeltaLast"), story.value("mrcDeltaBase")) == (-2, -2)


@pytest.mark.parametrize(
    ("decided_days_ago", "then", "expected"),
    [
        (29, "yes", "no"),
        (30, "yes", "yes"),
        (31, "yes", "yes"),
        (29, "no", "yes"),
        (29, None, "yes"),
    ],
)
def test_a_discharge_is_news_unless_decided_on_within_thirty_days(decided_days_ago, then, expected):
    story = Story()
    earlier = story.kol(decided_days_ago, discharge=then)
    story.kol(0, discharge="yes")
    story.decided(decided_days_ago, earlier)

    assert story.value("dischargeNew") == expected


def test_a_discharge_a_moment_short_of_thirty_days_is_no_news():
    story = Story()
    earlier = story.kol(30, discharge="yes")
    story.kol(0, discharge="yes")
    story.decided(29, earlier)
    story.responses[0] = replace(story.responses[0], answered_at=NOW - timedelta(days=30) + timedelta(seconds=1))

    assert story.value("dischargeNew") == "no"


def test_an_undecided_yes_never_hides_a_discharge():
    story = Story()
    story.kol(10, discharge="yes")
    story.kol(0, discharge="yes")

    assert story.value("dischargeNew") == "yes"


def test_the_newest_decided_answer_with_the_score_decides_about_news():
    story = Story()
    first = story.kol(20, discharge="yes")
    second = story.kol(10, discharge=None)
    story.kol(0, discharge="yes")
    story.decided(19, first)
    story.decided(9, second)

    assert story.value("dischargeNew") == "no"


def test_a_discharge_that_this_answer_was_decided_on_is_no_news_any_more():
    story = Story()
    current = story.kol(0, discharge="yes")
    story.decided(0, current)

    assert story.value("dischargeNew") == "no"


@pytest.mark.parametrize("answer", ["no", None])
def test_no_discharge_is_no_and_no_answer_is_unknown(answer):
    story = Story()
    earlier = story.kol(10, discharge="yes")
    story.kol(0, discharge=answer)
    story.decided(9, earlier)

    assert story.value("dischargeNew") == answer


@pytest.mark.parametrize(("valid_days", "expected"), [(10, "yes"), (11, "yes"), (9, "no")])
def test_a_patient_is_assessed_until_the_newest_decision_runs_out(valid_days, expected):
    story = Story()
    story.decided(10, valid_days=valid_days)
    story.decided(400, valid_days=4000)

    assert story.value("assessed") == expected


def test_a_score_that_a_response_does_not_have_is_missing():
    story = Story()
    story.answered("kol-status", 0)

    assert story.inputs()["danger"].state == "missing"
