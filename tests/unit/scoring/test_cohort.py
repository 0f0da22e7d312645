"""The synthetic cohort: the published results within sampling error, and the ceiling that stops a table."""

import json
from dataclasses import replace
from fractions import Fraction
from math import sqrt

import pytest

from kernel.errors import ContentError
from scoring.cohort import Rates, measure, refuse_above_ceiling
from scoring.cohort_file import COHORTS, cohort_of, load_cohorts
from scoring.cohort_models import Measured
from tests.unit.scoring.content import CATALOGUE

SHIPPED = load_cohorts()
PATIENTS = 20_000
PUBLISHED_PATIENTS = 100_000


def run(table_id, *, patients=PATIENTS, **more):
    return measure(cohort_of(SHIPPED, table_id), CATALOGUE.table(table_id), patients=patients, **more)


def is_near(found, published, patients=PATIENTS):
    """Both are samples: four standard errors of their difference, and half a step of the published rounding."""
    share = published / 100
    error = 100 * sqrt(share * (1 - share) * (1 / patients + 1 / PUBLISHED_PATIENTS))
    return abs(float(found) - published) < 4 * error + 0.05


@pytest.mark.parametrize(
    ("table_id", "alerted", "red"),
    [("alert/kol", 15.1, 0.78), ("alert/kol-free", 8.4, 0.78), ("alert/lrs", 13.2, 1.41)],
)
def test_unchanged_patients_are_alerted_as_often_as_published_and_under_the_ceiling(table_id, alerted, red):
    rates = run(table_id)

    assert is_near(rates.alerted, alerted)
    assert is_near(rates.red, red)
    assert cohort_of(SHIPPED, table_id).published[table_id] == Rates(Fraction(str(alerted)), Fraction(str(red)))
    refuse_above_ceiling(CATALOGUE.table(table_id), rates)


@pytest.mark.parametrize(
    ("table_id", "score", "points", "found"),
    [
        ("alert/kol", "cat.catTotal", 2, 29.4),
        ("alert/kol", "cat.catTotal", 4, 49.2),
        ("alert/kol", "cat.catTotal", 6, 70.0),
        ("alert/kol", "cat.catTotal", 8, 85.7),
        ("alert/lrs", "nrs-pain.score", 2, 40.2),
        ("alert/lrs", "nrs-pain.score", 3, 62.4),
        ("alert/lrs", "rmdq23.score", 4, 54.7),
        ("alert/lrs", "rmdq23.score", 6, 76.7),
    ],
)
def test_truly_worse_patients_are_found_as_often_as_published(table_id, score, points, found):
    assert is_near(run(table_id, shift={score: points}).alerted, found)


@pytest.mark.parametrize(("error", "alerted"), [(1.7, 8.1), (3.35, 21.6)])
def test_the_error_of_the_instrument_decides_how_often_unchanged_patients_are_alerted(error, alerted):
    cohort = cohort_of(SHIPPED, "alert/kol")
    cat = cohort.models["cat.catTotal"]
    assert isinstance(cat, Measured)
    other = replace(cohort, models={**cohort.models, "cat.catTotal": replace(cat, error=error)})

    assert is_near(measure(other, CATALOGUE.table("alert/kol"), patients=PATIENTS).alerted, alerted)


def test_the_same_seed_gives_the_same_result_and_another_one_another():
    cohort, table = cohort_of(SHIPPED, "alert/lrs"), CATALOGUE.table("alert/lrs")

    assert run("alert/lrs", patients=2000) == run("alert/lrs", patients=2000)
    assert measure(replace(cohort, seed=7), table, patients=2000) != run("alert/lrs", patients=2000)


def test_a_score_that_the_cohort_does_not_know_is_missing_and_never_green_for_free():
    cohort = cohort_of(SHIPPED, "alert/lrs")
    blind = replace(cohort, models={name: one for name, one in cohort.models.items() if "rmdq23" not in name}, slots={})

    assert measure(blind, CATALOGUE.table("alert/lrs"), patients=500).alerted < run("alert/lrs", patients=500).alerted


@pytest.mark.parametrize("rates", [Rates(Fraction(161, 10), Fraction(1)), Rates(Fraction(15), Fraction(21, 10))])
def test_a_table_above_its_ceiling_is_refused(rates):
    with pytest.raises(ContentError, match="T9"):
        refuse_above_ceiling(CATALOGUE.table("alert/kol"), rates)


def test_a_table_on_its_ceiling_is_not():
    refuse_above_ceiling(CATALOGUE.table("alert/kol"), Rates(Fraction(16), Fraction(2)))


def test_a_table_needs_exactly_one_cohort():
    with pytest.raises(ContentError, match="alert/other: T9"):
        cohort_of(SHIPPED, "alert/other")
    with pytest.raises(ContentError, match="alert/kol: T9"):
        cohort_of((*SHIPPED, *SHIPPED), "alert/kol")


def kol():
    return json.loads((COHORTS / "kol-2.0.0.json").read_bytes())


def part(fields, score):
    return next(one for one in fields["scores"] if one["score"] == score)


@pytest.mark.parametrize(
    ("score", "change", "named"),
    [
        ("cat.catTotal", {"model": "guessed"}, "one of measured"),
        ("cat.catTotal", {"error": -1}, "a number from 0"),
        ("cat.catTotal", {"error": True}, "a number from 0"),
        ("cat.catTotal", {"range": [40, 0]}, "lowest and highest"),
        ("cat.catTotal", {"range": [0]}, "lowest and highest"),
        ("cat.catTotal", {"items": 3}, "unknown field items"),
        ("mmrc.mrc", {"up": 2}, "a chance from 0 to 1"),
        ("mmrc.mrc", {"weights": {"1": 0.5, "2": 0.4}}, "add up to 1"),
        ("mmrc.mrc", {"weights": {"few": 1}}, "add up to 1"),
        ("kol-status.danger", {"items": 0}, "a whole number from 1"),
        ("kol-status.danger", {"onlyIf": "kol-status.mood"}, "one of"),
    ],
)
def test_a_wrong_cohort_is_named(tmp_path, score, change, named):
    fields = kol()
    part(fields, score).update(change)
    (tmp_path / "kol-2.0.0.json").write_text(json.dumps(fields), encoding="utf-8")

    with pytest.raises(ContentError, match=named):
        load_cohorts(tmp_path)
