"""The scores of the COPD questionnaires, against the published rules (docs/clinical/)."""

from fractions import Fraction

import pytest

from questionnaires.model import ResponseAnswers
from scoring.scores import half_up, score
from tests.unit.scoring.content import CATALOGUE, REGISTRY, one_score, scored


def cat(*points):
    return {f"cat-{number}": value for number, value in enumerate(points, 1)}


def total(*points, **params):
    return one_score("cat", "catTotal", cat(*points), **params)


def test_cat_is_the_sum_of_eight_items():
    result = total(0, 1, 2, 3, 4, 5, 1, 2)

    assert (result.value, result.display, result.estimated) == (Fraction(18), "18", False)
    assert (result.answered, result.missing, result.reason) == (8, 0, None)


@pytest.mark.parametrize(
    ("points", "band"),
    [
        ((0,) * 8, "low"),
        ((5, 4, 0, 0, 0, 0, 0, 0), "low"),
        ((5, 5, 0, 0, 0, 0, 0, 0), "medium"),
        ((5, 5, 5, 5, 0, 0, 0, 0), "medium"),
        ((5, 5, 5, 5, 1, 0, 0, 0), "high"),
        ((5, 5, 5, 5, 5, 5, 0, 0), "high"),
        ((5, 5, 5, 5, 5, 5, 1, 0), "very-high"),
        ((5,) * 8, "very-high"),
    ],
    ids=str,
)
def test_cat_bands_have_their_edges_at_ten_twenty_and_thirty(points, band):
    assert total(*points).band == band


def test_a_gap_in_cat_counts_as_the_mean_of_the_answered_items_exactly():
    result = total(5, 5, 5, 5, 0, 0, 0, None)

    assert (result.value, result.display) == (Fraction(160, 7), "22.9")
    assert (result.band, result.estimated, result.answered, result.missing) == ("high", True, 7, 1)


def test_a_band_is_judged_on_the_exact_value_and_not_on_the_shown_one():
    result = total(5, 5, 5, 3, 0, 0, 0, None)

    assert (result.value, result.display, result.band) == (Fraction(144, 7), "20.6", "high")
    nearly = total(2, 2, 2, 2, 1, 0, 0, None)
    assert (nearly.value, nearly.display, nearly.band) == (Fraction(72, 7), "10.3", "medium")


def test_an_unanswered_item_is_never_counted_as_zero():
    assert total(5, 5, 5, 5, 5, 5, None, None).value == 40


@pytest.mark.parametrize(
    ("fewest", "answered", "computable"),
    [(6, 6, True), (6, 5, False), (7, 7, True), (7, 6, False), (8, 8, True), (8, 7, False)],
)
def test_cat_needs_as_many_answers_as_the_parameter_says(fewest, answered, computable):
    points = (1,) * answered + (None,) * (8 - answered)

    result = total(*points, minAnswered=fewest)

    assert (result.value is not None) is computable
    assert (result.reason is None) is computable
    assert result.band == ("low" if computable else None)
    assert scored("cat", cat(*points), minAnswered=fewest).params == {"minAnswered": fewest}


def test_a_score_that_is_not_computable_says_why_and_what_was_there():
    result = total(5, 5, 5, 5, 5, None, None, None)

    assert (result.value, result.display, result.band, result.estimated) == (None, None, None, False)
    assert (result.answered, result.missing, result.reason) == (5, 3, "too-many-missing")


@pytest.mark.parametrize(
    ("grade", "band"), [(1, "less-breathless"), (2, "less-breathless"), (3, "more-breathless"), (5, "more-breathless")]
)
def test_mrc_and_mmrc_are_one_answer_in_two_numberings(grade, band):
    mrc, mmrc = scored("mmrc", {"mrc-1": grade}).scores

    assert (mrc.value, mrc.band) == (grade, None)
    assert (mmrc.value, mmrc.band) == (grade - 1, band)


def test_an_unanswered_mrc_gives_neither():
    assert [one.reason for one in scored("mmrc", {}).scores] == ["too-many-missing"] * 2


def kol(score_id, **answers):
    return one_score("kol-status", score_id, {f"kol-status-{key[1:]}": value for key, value in answers.items()})


@pytest.mark.parametrize(
    ("answers", "band", "estimated"),
    [
        ({"q1": True, "q2": False, "q3": False}, "yes", False),
        ({"q1": True}, "yes", True),
        ({"q1": False, "q3": True}, "yes", True),
        ({"q1": False, "q2": False, "q3": False}, "no", False),
        ({"q1": False, "q2": False}, None, False),
        ({}, None, False),
    ],
    ids=str,
)
def test_one_danger_sign_is_enough_and_no_danger_needs_every_answer(answers, band, estimated):
    result = kol("danger", **answers)

    assert (result.band, result.value, result.display, result.estimated) == (band, None, None, estimated)
    assert result.reason == (None if band else "too-many-missing")


@pytest.mark.parametrize(
    ("answers", "value", "estimated"),
    [
        ({"q4": True, "q5": True, "q6": True}, 3, False),
        ({"q4": True, "q5": True}, 2, True),
        ({"q4": True, "q5": True, "q6": False}, 2, False),
        ({"q4": True, "q5": False}, None, False),
        ({"q4": True}, None, False),
        ({"q4": True, "q5": False, "q6": False}, 1, False),
        ({"q4": False, "q5": False, "q6": False}, 0, False),
        ({"q4": False, "q5": False}, None, False),
    ],
    ids=str,
)
def test_flare_up_signs_are_known_from_two_on_whatever_is_missing(answers, value, estimated):
    result = kol("exacNow", **answers)

    assert (result.value, result.estimated) == (value, estimated)


def test_counts_and_discharge_are_taken_as_they_stand():
    assert kol("exac12", q8=20).value == 20
    assert kol("adm12", q9=0).value == 0
    assert kol("discharge30d", q7=True).band == "yes"
    assert kol("discharge30d", q7=False).band == "no"
    assert kol("discharge30d").band is None


def test_each_score_stands_or_falls_alone():
    computable = [
        one.id for one in scored("kol-status", {"kol-status-3": True, "kol-status-9": 1}).scores if not one.reason
    ]

    assert computable == ["danger", "adm12"]


def test_a_decline_is_a_gap_and_not_a_no():
    known = REGISTRY.newest("kol-status")
    declined = ResponseAnswers(known.canonical, "completed", None, {}, frozenset(known.by_link_id))

    result = score(CATALOGUE.rule_for(known.canonical), known, declined)

    assert all(one.reason == "too-many-missing" for one in result.scores)


def test_a_result_names_the_exact_rule_that_gave_it():
    rule = CATALOGUE.rule_for(REGISTRY.newest("cat").canonical)

    result = scored("cat", {})

    assert result.rule == rule.version
    assert result.questionnaire == REGISTRY.newest("cat").canonical
    assert len(result.rule.sha256) == 64


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (Fraction(160, 7), 1, "22.9"),
        (Fraction(1, 4), 1, "0.3"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(3, 2), 0, "2"),
        (Fraction(-1, 2), 0, "0"),
        (Fraction(-3, 2), 0, "-1"),
        (Fraction(-1, 4), 1, "-0.2"),
        (Fraction(24), 1, "24"),
        (Fraction(2449, 100), 1, "24.5"),
        (Fraction(1, 100), 2, "0.01"),
        (Fraction(10), 0, "10"),
        (Fraction(1, 10), 2, "0.1"),
    ],
    ids=str,
)
def test_what_is_shown_is_rounded_half_up_and_never_by_binary_floats(value, decimals, shown):
    assert half_up(value, decimals) == shown
