"""Instruments that no programme asks: CCQ, RMDQ-24, PROMIS, EQ-5D, against the published rules (docs/clinical/)."""

from fractions import Fraction

import pytest

from kernel.errors import ContentError
from scoring.change import Verdict, judge
from tests.unit.scoring.content import CATALOGUE, REGISTRY, load, numbered, scored, shipped


def found(questionnaire_id, answers, **params):
    return {one.id: one for one in scored(questionnaire_id, answers, **params).scores}


def ccq(points):
    return found("ccq", numbered("ccq", points, width=1))


SYMPTOM, FUNCTIONAL, MENTAL = (1, 2, 5, 6), (7, 8, 9, 10), (3, 4)


@pytest.mark.parametrize(
    ("domain", "items"), [("symptom", SYMPTOM), ("functional", FUNCTIONAL), ("mental", MENTAL)], ids=str
)
def test_a_domain_of_the_ccq_is_the_mean_of_its_own_items(domain, items):
    result = ccq([6 if number in items else 0 for number in range(1, 11)])

    assert {name: result[name].value for name in ("symptom", "functional", "mental")} == {
        name: 6 if name == domain else 0 for name in ("symptom", "functional", "mental")
    }
    assert result["total"].value == Fraction(6 * len(items), 10)


@pytest.mark.parametrize(
    ("left_out", "symptom", "functional", "mental", "total"),
    [
        ((), True, True, True, True),
        ((1,), True, True, True, True),
        ((6, 10), True, True, True, True),
        ((1, 2), False, True, True, False),
        ((7, 8), True, False, True, False),
        ((3,), True, True, False, False),
        ((1, 7, 3), True, True, False, False),
        ((1, 7, 8), True, False, True, False),
        (range(1, 11), False, False, False, False),
    ],
    ids=str,
)
def test_the_total_of_the_ccq_needs_all_three_domains(left_out, symptom, functional, mental, total):
    result = ccq([None if number in left_out else 2 for number in range(1, 11)])

    assert [one.value is not None for one in result.values()] == [symptom, functional, mental, total]
    assert result["total"].reason == (None if total else "too-many-missing")
    assert result["total"].estimated is (total and bool(left_out))


def test_a_total_of_the_ccq_with_gaps_is_the_mean_of_the_answers_and_not_of_the_domains():
    result = ccq([None, 6, 0, 0, 6, 6, None, 0, 0, 0])

    assert (result["symptom"].value, result["mental"].value, result["functional"].value) == (6, 0, 0)
    assert (result["total"].value, result["total"].display) == (Fraction(18, 8), "2.25")


@pytest.mark.parametrize(
    ("points", "band"),
    [((1,) * 9 + (0,), "low-symptom"), ((1,) * 10, "symptomatic"), ((1,) * 9 + (2,), "symptomatic")],
    ids=["0.9", "1.0", "1.1"],
)
def test_the_ccq_is_symptomatic_from_one(points, band):
    assert ccq(points)["total"].band == band


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((1,) * 10, (1,) * 6 + (2,) * 4, Verdict.WORSE),
        ((1,) * 10, (1,) * 7 + (2,) * 3, Verdict.STABLE),
        ((2,) * 10, (2,) * 6 + (1,) * 4, Verdict.BETTER),
    ],
    ids=["1.0 to 1.4", "1.0 to 1.3", "2.0 to 1.6"],
)
def test_four_tenths_of_the_ccq_count_as_change_although_floats_would_miss_them(before, after, verdict):
    assert 1.4 - 1.0 < 0.4
    change = CATALOGUE.rule_for(REGISTRY.newest("ccq").canonical).change
    assert change is not None

    assert judge(change, ccq(after)["total"], ccq(before)["total"]).verdict is verdict


def roland(yes, no, **params):
    return found("rmdq24", numbered("rmdq24", (True,) * yes + (False,) * no), **params)


@pytest.mark.parametrize(
    ("yes", "no", "value", "shown", "percent", "limitation"),
    [
        (0, 24, 0, "0", "0", "small"),
        (8, 16, 8, "8", "33.3", "small"),
        (6, 12, 8, "8", "33.3", "small"),
        (7, 13, Fraction(42, 5), "8.4", "35", "some"),
        (9, 15, 9, "9", "37.5", "some"),
        (12, 6, 16, "16", "66.7", "some"),
        (14, 6, Fraction(84, 5), "16.8", "70", "large"),
        (17, 7, 17, "17", "70.8", "large"),
        (24, 0, 24, "24", "100", "large"),
    ],
    ids=str,
)
def test_rmdq_24_is_in_proportion_to_24_and_judges_the_exact_value(yes, no, value, shown, percent, limitation):
    result = roland(yes, no)

    assert (result["score"].value, result["score"].display) == (value, shown)
    assert (result["pct"].display, result["limitation"].band) == (percent, limitation)


@pytest.mark.parametrize(
    ("answered", "missing", "value"),
    [(18, "prorate", 24), (17, "prorate", None), (17, "strict-no", 17), (1, "strict-no", 1), (0, "strict-no", None)],
)
def test_rmdq_24_in_proportion_needs_eighteen_answers_and_as_on_paper_one(answered, missing, value):
    result = roland(answered, 0, missing=missing)["score"]

    assert result.value == value
    assert result.estimated is (value is not None)


@pytest.mark.parametrize(("after", "real"), [(12, False), (13, True)])
def test_rmdq_24_counts_five_points_and_no_percentage(after, real):
    change = CATALOGUE.rule_for(REGISTRY.newest("rmdq24").canonical).change
    assert change is not None

    judged = judge(change, roland(after, 24 - after)["score"], roland(8, 16)["score"])

    assert (judged.verdict is Verdict.WORSE, judged.real_worse) == (real, real)
    assert judge(change, roland(0, 24)["score"], roland(4, 20)["score"]).verdict is Verdict.STABLE


def promis(points):
    return found("promis-pi-4a", numbered("promis-pi4a", points, width=1))


@pytest.mark.parametrize(
    ("points", "raw"), [((1,) * 4, 4), ((5,) * 4, 20), ((2, 3, 4, 5), 14), ((5, 5, 5, None), None)], ids=str
)
def test_promis_gives_a_raw_sum_and_no_t_score_without_the_owners_table(points, raw):
    result = promis(points)

    assert result["raw"].value == raw
    assert (result["tScore"].value, result["tScore"].display) == (None, None)
    assert result["tScore"].reason == "no table imported"


def test_the_shipped_promis_takes_its_owners_table_once_it_is_there(tmp_path):
    content = shipped("rules/promis-pi-4a")
    content["scores"][1]["table"] = {str(raw): 2 * raw + 1 for raw in range(4, 21)}

    with pytest.raises(ContentError, match=r"vectors\[0\]: the rule gives something else"):
        load(tmp_path, content)

    del content["scores"][1]["table"]["4"]
    with pytest.raises(ContentError, match="one value for each value of raw"):
        load(tmp_path, content)


def health(profile, vas=None):
    levels = zip(("mo", "sc", "ua", "pd", "ad"), profile, strict=True)
    answers = {f"eq5d-{name}": int(level) for name, level in levels if level != "-"}
    return found("eq5d5l-dk", answers if vas is None else answers | {"eq5d-vas": vas})


DECREMENTS = {
    "mo": (0, 41, 54, 157, 220),
    "sc": (0, 35, 50, 144, 209),
    "ua": (0, 33, 40, 139, 174),
    "pd": (0, 48, 94, 381, 537),
    "ad": (0, 72, 191, 430, 618),
}


@pytest.mark.parametrize("level", range(1, 6))
@pytest.mark.parametrize("place", range(5))
def test_each_level_of_each_dimension_takes_its_own_decrement(place, level):
    profile = "".join(str(level) if one == place else "1" for one in range(5))

    result = health(profile)

    taken = tuple(DECREMENTS.values())[place][level - 1]
    assert result["index"].value == 1 - Fraction(taken, 1000)
    assert result["profile"].band == profile


@pytest.mark.parametrize(
    ("profile", "shown"),
    [("11111", "1"), ("11123", "0.761"), ("22222", "0.771"), ("33333", "0.571"), ("55555", "-0.758")],
)
def test_the_index_is_that_of_the_danish_table(profile, shown):
    result = health(profile)["index"]

    assert (result.display, result.band) == (shown, None)


def test_the_lowest_index_is_that_of_the_table_and_not_of_the_paper():
    assert health("55555")["index"].value == Fraction(-758, 1000)
    assert CATALOGUE.rule_for(REGISTRY.newest("eq5d5l-dk").canonical).range("index") == (Fraction(-379, 500), 1)


@pytest.mark.parametrize(("vas", "shown"), [(0, "0"), (100, "100"), (None, None)])
def test_the_scale_of_today_stands_without_the_five_items(vas, shown):
    result = health("1111-", vas)

    assert result["vas"].display == shown
    assert [result[name].reason for name in ("index", "profile")] == ["too-many-missing"] * 2


def test_a_profile_is_its_own_name():
    rule = CATALOGUE.rule_for(REGISTRY.newest("eq5d5l-dk").canonical)

    words = rule.band_label("profile", "11123")

    assert words is not None
    assert (words.clinician.da, words.patient.en) == ("11123", "11123")
    assert rule.code("vas") == ("http://snomed.info/sct", "736535009", "EuroQol visual analogue score")
