"""Instruments of health literacy, most of them not to be sent, against what their sheets say (docs/clinical/)."""

from fractions import Fraction

import pytest

from tests.unit.scoring.content import CATALOGUE, REGISTRY, numbered, scored

UNSENDABLE = {"hlq", "hlq-dk-2", "ehlq", "b-hla", "bhls", "sils"}


def found(questionnaire_id, answers):
    return {one.id: one for one in scored(questionnaire_id, answers).scores}


def rule(questionnaire_id):
    return CATALOGUE.rule_for(REGISTRY.newest(questionnaire_id).canonical)


def test_exactly_the_instruments_whose_scoring_is_not_verified_are_not_sent():
    assert {one.version.id for one in CATALOGUE.rules() if not one.sendable} == UNSENDABLE
    assert all("recalled" in rule(one).unsendable or "unverified" in rule(one).unsendable for one in UNSENDABLE)


def europe(easy, hard, dont_know=0):
    return found("hls-eu-q16", numbered("hlseu16", (3,) * easy + (2,) * hard + ("dont-know",) * dont_know))["score"]


@pytest.mark.parametrize(
    ("easy", "hard", "dont_know", "level"),
    [
        (0, 16, 0, "inadequate"),
        (8, 8, 0, "inadequate"),
        (9, 7, 0, "problematic"),
        (12, 4, 0, "problematic"),
        (13, 3, 0, "sufficient"),
        (16, 0, 0, "sufficient"),
        (12, 2, 0, "problematic"),
        (12, 2, 2, "problematic"),
        (8, 6, 1, "inadequate"),
    ],
)
def test_easy_answers_of_the_hls_eu_are_counted_and_never_prorated(easy, hard, dont_know, level):
    result = europe(easy, hard, dont_know)

    assert (result.value, result.band) == (easy, level)
    assert result.estimated is (easy + hard < 16)


@pytest.mark.parametrize(("valid", "computable"), [(14, True), (13, False)])
def test_the_hls_eu_needs_fourteen_valid_answers_and_dont_know_is_none(valid, computable):
    result = europe(valid, 0, 16 - valid)

    assert (result.value == valid) is computable
    assert (result.answered, result.missing) == (valid, 16 - valid)
    assert result.reason == (None if computable else "too-many-missing")


@pytest.mark.parametrize("points", [1, 2, 3, 4])
def test_easy_is_three_and_very_easy_is_four(points):
    result = found("hls-eu-q16", numbered("hlseu16", (points,) * 16))["score"]

    assert result.value == (16 if points >= 3 else 0)


ITEMS_OF_HLQ = (4, 4, 5, 5, 5, 5, 6, 5, 5)
LEAST_OF_HLQ = (2, 2, 3, 3, 3, 3, 3, 3, 3)


def filled(questionnaire_id, points):
    items = REGISTRY.newest(questionnaire_id).items
    return found(questionnaire_id, {item.link_id: points(item) for item in items})


def test_the_hlq_is_nine_means_and_has_neither_total_nor_bands():
    scores = rule("hlq").scores

    assert list(scores) == [f"scale{number}" for number in range(1, 10)]
    assert tuple(len(one.items) for one in scores.values()) == ITEMS_OF_HLQ
    assert sum(ITEMS_OF_HLQ) == len(REGISTRY.newest("hlq").items) == 44
    assert not any(one.bands or one.words for one in scores.values())
    assert [one.ends for one in scores.values()] == [(1, 4)] * 5 + [(1, 5)] * 4


def test_a_link_id_of_the_hlq_names_scale_and_item_because_print_interleaves_them():
    for number, (scale, one) in enumerate(rule("hlq").scores.items(), 1):
        assert scale == f"scale{number}"
        assert [item.link_id for item in one.items] == [
            f"hlq-{number}-{place}" for place in range(1, len(one.items) + 1)
        ]


@pytest.mark.parametrize("scale", range(1, 10))
def test_each_scale_of_the_hlq_needs_half_of_its_items(scale):
    least = LEAST_OF_HLQ[scale - 1]

    for answered in (least - 1, least):
        answers = {f"hlq-{scale}-{place}": 3 for place in range(1, answered + 1)}
        result = found("hlq", answers)
        assert (result[f"scale{scale}"].value == 3) is (answered == least)
        assert all(one.value is None for name, one in result.items() if name != f"scale{scale}")


def test_a_mean_of_the_hlq_is_exact_and_shown_with_two_decimals():
    result = found("hlq", {"hlq-7-1": 5, "hlq-7-2": 5, "hlq-7-3": 4})["scale7"]

    assert (result.value, result.display, result.estimated) == (Fraction(14, 3), "4.67", True)


def test_the_danish_survey_form_ends_at_four_where_the_hlq_of_today_ends_at_five():
    survey, today = rule("hlq-dk-2"), rule("hlq")

    assert {name: survey.range(name) for name in survey.scores} == {"scale6": (1, 4), "scale9": (1, 4)}
    assert [today.range(name) for name in survey.scores] == [(1, 5), (1, 5)]
    assert survey.questionnaire != today.questionnaire
    assert survey.change is None
    assert today.change is None


@pytest.mark.parametrize(("answered", "computable"), [(3, True), (2, False)])
@pytest.mark.parametrize(("questionnaire_id", "scale"), [("hlq-dk-2", "hlq-6"), ("ehlq", "ehlq-4")])
def test_a_scale_of_five_needs_three_answers(questionnaire_id, scale, answered, computable):
    result = found(questionnaire_id, {f"{scale}-{place}": place for place in range(1, answered + 1)})

    assert (result[f"scale{scale[-1]}"].value == 2) is computable


def test_the_ehlq_is_seven_means_of_five_items():
    scores = rule("ehlq").scores

    assert [len(one.items) for one in scores.values()] == [5] * 7
    assert {one.value for one in filled("ehlq", lambda item: 4).values()} == {Fraction(4)}


@pytest.mark.parametrize(
    ("points", "total"), [((1,) * 10, 10), ((4,) * 10, 40), ((3,) * 10, 30), ((4,) * 9, None)], ids=str
)
def test_the_b_hla_is_a_strict_sum_without_the_bands_of_children(points, total):
    result = found("b-hla", numbered("bhla", points))["sum"]

    assert (result.value, result.band) == (total, None)
    assert not rule("b-hla").scores["sum"].bands


def chew(*points):
    return found("bhls", numbered("bhls", points, width=1))


@pytest.mark.parametrize(
    ("points", "total", "forms", "flags"),
    [
        ((0, 0, 0), 0, "not-limited", (0, 0, 0)),
        ((1, 1, 1), 3, "not-limited", (0, 0, 0)),
        ((2, 2, 2), 6, "possible-limited", (1, 1, 1)),
        ((4, 1, 0), 5, "not-limited", (1, 0, 0)),
        ((0, 2, 4), 6, "possible-limited", (0, 1, 1)),
        ((4, 4, 4), 12, "possible-limited", (1, 1, 1)),
    ],
    ids=str,
)
def test_the_bhls_sums_judges_the_forms_item_and_flags_each_item_from_two(points, total, forms, flags):
    result = chew(*points)

    assert (result["sum"].value, result["forms"].band, result["flags"].entries) == (total, forms, flags)


@pytest.mark.parametrize(
    ("points", "forms", "flags"),
    [
        ((3, None, 1), None, (1, None, 0)),
        ((None, 2, None), "possible-limited", (None, 1, None)),
        ((None, None, 0), None, (None, None, 0)),
        ((None, None, None), None, None),
    ],
    ids=str,
)
def test_a_gap_in_the_bhls_leaves_what_is_known(points, forms, flags):
    result = chew(*points)

    assert (result["sum"].value, result["forms"].band, result["flags"].entries) == (None, forms, flags)
    assert result["flags"].estimated is (flags is not None)


@pytest.mark.parametrize(
    ("points", "band"), [(1, "negative"), (2, "negative"), (3, "positive"), (5, "positive"), (None, None)]
)
def test_the_sils_is_positive_above_two(points, band):
    result = found("sils", {"sils-1": points})["score"]

    assert (result.value, result.band) == (points, band)


@pytest.mark.parametrize("questionnaire_id", sorted(UNSENDABLE | {"hls-eu-q16"}))
def test_no_patient_label_of_health_literacy_speaks_of_lack(questionnaire_id):
    labels = [
        words.patient.da.lower() for one in rule(questionnaire_id).scores.values() for words in one.words.values()
    ]

    assert not any(word in label for label in labels for word in ("rød", "gul", "risiko", "utilstrækkelig"))
