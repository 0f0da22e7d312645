"""The scores of function and of long courses: RMDQ, ODI, PSFS, ÖMPSQ, against the published rules (docs/clinical/)."""

from fractions import Fraction

import pytest

from tests.unit.scoring.content import numbered, scored


def roland(yes, no, **params):
    answers = numbered("rmdq23", (True,) * yes + (False,) * no)
    return {one.id: one for one in scored("rmdq23", answers, **params).scores}


@pytest.mark.parametrize(
    ("yes", "no", "value", "shown", "percent", "limitation"),
    [
        (0, 23, 0, "0", "0", "small"),
        (8, 15, 8, "8", "34.8", "small"),
        (9, 14, 9, "9", "39.1", "some"),
        (16, 7, 16, "16", "69.6", "some"),
        (17, 6, 17, "17", "73.9", "large"),
        (23, 0, 23, "23", "100", "large"),
        (17, 3, Fraction(391, 20), "19.6", "85", "large"),
        (6, 11, Fraction(138, 17), "8.1", "35.3", "some"),
        (7, 13, Fraction(161, 20), "8.1", "35", "some"),
        (14, 6, Fraction(161, 10), "16.1", "70", "large"),
    ],
    ids=str,
)
def test_rmdq_is_in_proportion_and_its_limitation_judges_the_exact_value(yes, no, value, shown, percent, limitation):
    result = roland(yes, no)

    assert (result["score"].value, result["score"].display) == (value, shown)
    assert (result["pct"].display, result["limitation"].band) == (percent, limitation)
    assert result["score"].estimated is result["limitation"].estimated is (yes + no < 23)


@pytest.mark.parametrize(("answered", "computable"), [(17, True), (16, False)])
def test_rmdq_in_proportion_needs_seventeen_answers(answered, computable):
    result = roland(answered, 0)

    assert (result["score"].value == 23) is computable
    assert result["pct"].reason == result["limitation"].reason == (None if computable else "input-missing")
    assert result["score"].reason == (None if computable else "too-many-missing")


@pytest.mark.parametrize(("answered", "value"), [(16, 16), (1, 1), (0, None)])
def test_on_paper_an_unmarked_line_is_a_no_but_an_empty_form_is_nothing(answered, value):
    result = roland(answered, 0, missing="strict-no")

    assert result["score"].value == value
    assert result["score"].estimated is (value is not None)


def odi(points, **params):
    return {one.id: one for one in scored("odi", numbered("odi", points), **params).scores}


@pytest.mark.parametrize(
    ("points", "shown", "band", "limitation"),
    [
        ((0,) * 10, "0", "minimal", "small"),
        ((5, 5, 0, 0, 0, 0, 0, 0, 0, 0), "20", "minimal", "small"),
        ((5, 4, 0, 0, 0, 0, 0, 0, None, 0), "20", "minimal", "small"),
        ((5, 5, 1, 0, 0, 0, 0, 0, 0, 0), "22", "moderate", "small"),
        ((5, 5, 0, 0, 0, 0, 0, 0, None, 0), "22", "moderate", "small"),
        ((5, 5, 5, 5, 0, 0, 0, 0, 0, 0), "40", "moderate", "small"),
        ((5, 5, 5, 3, 0, 0, 0, 0, 0, None), "40", "moderate", "small"),
        ((5, 5, 5, 4, 0, 0, 0, None, 0, 0), "42", "severe", "some"),
        ((5, 5, 5, 5, 5, 5, 0, 0, 0, 0), "60", "severe", "some"),
        ((5, 5, 5, 5, 5, 2, 0, 0, 0, None), "60", "severe", "some"),
        ((5, 5, 5, 5, 5, 5, 1, 0, 0, 0), "62", "very-severe", "large"),
        ((5,) * 8 + (0, 0), "80", "very-severe", "large"),
        ((5,) * 8 + (1, 0), "82", "extreme", "large"),
        ((5,) * 10, "100", "extreme", "large"),
        ((5, 5, 5, 1, 0, 0, 0, None, 0, 0), "36", "moderate", "small"),
    ],
    ids=str,
)
def test_odi_bands_and_limitation_judge_the_whole_percent(points, shown, band, limitation):
    result = odi(points)

    assert (result["pct"].display, result["pct"].band, result["limitation"].band) == (shown, band, limitation)


def test_odi_keeps_the_exact_value_beside_the_whole_percent():
    result = odi((5, 5, 5, 1, 0, 0, 0, None, 0, 0))["pct"]

    assert (result.value, result.answered, result.missing) == (Fraction(1600, 45), 9, 1)
    rounded_up = odi((5, 5, 5, 3, 0, 0, 0, 0, 0, None))
    assert rounded_up["pct"].value == Fraction(40)
    below = odi((5, 4, 0, 0, 0, 0, 0, 0, None, 0))["pct"]
    assert below.value == Fraction(20)


@pytest.mark.parametrize(("points", "shown", "band"), [(8, "20", "minimal"), (9, "23", "moderate")])
def test_half_a_percent_of_the_odi_is_shown_rounded_up(points, shown, band):
    result = odi((5, points - 5) + (0,) * 6 + (None, None), minAnswered=8)["pct"]

    assert (result.value, result.display, result.band) == (Fraction(5 * points, 2), shown, band)


def test_a_second_missing_section_of_the_odi_needs_the_lenient_parameter():
    two_missing = (5, 5, 0, 0, 0, 0, 0, 0, None, None)

    assert odi(two_missing)["pct"].reason == "too-many-missing"
    assert odi(two_missing)["limitation"].reason == "input-missing"
    assert odi(two_missing, minAnswered=8)["pct"].value == 25
    assert odi((5, 5, 0, 0, 0, 0, 0, None, None, None), minAnswered=8)["pct"].value is None


def psfs(ratings, **params):
    answers = {}
    for place, rating in enumerate(ratings, 1):
        answers[f"psfs-{place}-activity"] = f"Ting {place}"
        answers[f"psfs-{place}-rating"] = rating
    return {one.id: one for one in scored("psfs", answers, **params).scores}


@pytest.mark.parametrize(
    ("ratings", "shown", "limitation"),
    [
        ((0,), "0", "large"),
        ((3,), "3", "large"),
        ((4, 4, 4, 4, 3), "3.8", "large"),
        ((4,), "4", "some"),
        ((7, 7, 7, 7, 6), "6.8", "some"),
        ((7,), "7", "small"),
        ((10,) * 5, "10", "small"),
        ((1, 0, 0, 0), "0.3", "large"),
    ],
    ids=str,
)
def test_psfs_is_the_mean_and_its_limitation_has_edges_at_four_and_seven(ratings, shown, limitation):
    result = psfs(ratings)

    assert (result["mean"].display, result["limitation"].band) == (shown, limitation)
    assert (result["mean"].answered, result["mean"].missing) == (len(ratings), 0)


def test_a_named_activity_without_a_rating_is_a_gap_and_an_activity_not_named_is_not_asked():
    gap, nothing = psfs((4, None)), psfs(())

    assert (gap["mean"].value, gap["mean"].estimated, gap["mean"].missing) == (4, True, 1)
    assert (nothing["mean"].value, nothing["mean"].missing) == (None, 0)
    assert nothing["limitation"].reason == "input-missing"


def test_a_form_turned_round_has_a_mean_and_no_limitation_class():
    result = psfs((8,), direction="higher-is-worse")

    assert (result["mean"].value, result["limitation"].band) == (8, None)
    assert result["limitation"].reason == "not-defined"


def orebro(points, **params):
    return {one.id: one for one in scored("ompsq10", numbered("ompsq", points), **params).scores}


def test_orebro_turns_items_three_four_and_eight_round():
    assert orebro((1, 0, 10, 10, 0, 0, 0, 10, 0, 0))["total"].value == 1
    assert orebro((10, 10, 0, 0, 10, 10, 10, 0, 10, 10))["total"].value == 100
    assert orebro((1, 0, 10, 10, 0, 0, 0, 10, 10, 10))["total"].value == 21
    assert orebro((5,) * 9 + (None,))["total"].reason == "too-many-missing"
    assert orebro((5,) * 9 + (None,))["risk"].reason == "input-missing"


@pytest.mark.parametrize(
    ("first", "cut", "risk"),
    [(4, "ge50", "low"), (5, "ge50", "high"), (6, "ge50", "high"), (5, "gt50", "low"), (6, "gt50", "high")],
)
def test_orebro_at_exactly_fifty_is_for_the_parameter_to_say(first, cut, risk):
    result = orebro((first,) + (5,) * 9, cut=cut)

    assert (result["total"].value, result["risk"].band) == (45 + first, risk)
