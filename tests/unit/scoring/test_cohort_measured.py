"""How a cohort meets a table, with patients who are all alike: what each input reads, and what is counted."""

from dataclasses import dataclass, replace
from fractions import Fraction

import pytest

from scoring.cohort import Cohort, Observed, Rates, measure
from scoring.cohort_models import Always
from scoring.result import RuleVersion
from tests.unit.scoring.content import CATALOGUE

KOL, LRS = CATALOGUE.table("alert/kol"), CATALOGUE.table("alert/lrs")
NOBODY = Rates(Fraction(0), Fraction(0))
YELLOW, RED = Rates(Fraction(100), Fraction(0)), Rates(Fraction(100), Fraction(100))


@dataclass(frozen=True)
class Seen:
    """A score that is seen as told, in each patient alike."""

    baseline: int
    last: int
    now: int

    def observe(self, draw):
        return Observed(*([value] * draw.patients for value in (self.baseline, self.last, self.now + draw.shift)))


WELL = {
    **{f"kol-status.{name}": Always("no") for name in ("danger", "discharge30d")},
    **{f"kol-status.{name}": Always(0) for name in ("exacNow", "exac12", "adm12")},
    "cat.catTotal": Always(10),
    "mmrc.mrc": Always(2),
}
CALM = {
    **{f"lrs-flags.{name}": Always("no") for name in ("cauda", "redStrong", "newEpisode")},
    "lrs-flags.redWeak": Always(0),
    "nrs-pain.score": Always(3),
    "rmdq23.score": Always(10),
    "rmdq23.limitation": Always("some"),
}


def rates(table, models, slot="rmdq23", **more):
    version = RuleVersion("small", "1.0.0", "a" * 64)
    cohort = Cohort(version, (table.version.id,), {"function": slot}, "followup", models, 8, 8, 1)
    return measure(cohort, table, patients=8, **more)


@pytest.mark.parametrize(("table", "models"), [(KOL, WELL), (LRS, CALM)], ids=["kol", "lrs"])
def test_patients_in_whom_nothing_is_wrong_are_not_alerted(table, models):
    assert rates(table, models) == NOBODY


@pytest.mark.parametrize(
    ("table", "models", "found"),
    [
        (KOL, {**WELL, "kol-status.danger": Always("yes")}, RED),
        (KOL, {**WELL, "kol-status.exacNow": Always(2)}, RED),
        (LRS, {**CALM, "lrs-flags.redWeak": Always(1)}, YELLOW),
        (LRS, {**CALM, "lrs-flags.redWeak": Always(2)}, RED),
    ],
    ids=["danger", "exacerbation", "one weak flag", "two weak flags"],
)
def test_a_red_row_counts_among_the_alerts_too(table, models, found):
    assert rates(table, models) == found


@pytest.mark.parametrize(
    ("baseline", "last", "now", "found"),
    [(10, 10, 14, NOBODY), (10, 10, 15, YELLOW), (10, 14, 15, YELLOW), (14, 10, 15, NOBODY), (10, 10, 5, NOBODY)],
    ids=["four more", "five more", "five more than the decision", "five more than last time", "better"],
)
def test_a_change_is_told_against_the_answer_that_its_input_names(baseline, last, now, found):
    """K07: CAT five or more above the baseline; K06 asks for five above the last answer too."""
    assert rates(KOL, {**WELL, "cat.catTotal": Seen(baseline, last, now)}) == found


@pytest.mark.parametrize(("points", "found"), [(4, NOBODY), (5, YELLOW)])
def test_a_shift_makes_patients_truly_worse(points, found):
    assert rates(KOL, {**WELL, "cat.catTotal": Seen(10, 10, 10)}, shift={"cat.catTotal": points}) == found


@pytest.mark.parametrize(("before", "now", "found"), [(0, 0, NOBODY), (0, 1, YELLOW), (1, 1, NOBODY), (2, 1, NOBODY)])
def test_only_a_rise_is_news(before, now, found):
    """K04: an admission more than at the last decision."""
    assert rates(KOL, {**WELL, "kol-status.adm12": Seen(before, before, now)}) == found


# RMDQ: smallest important change 30 % and at least the floor of its rule; real worsening as the rule says.
RULE = LRS.rules["rmdq23"]


def worse_by(points, *, baseline=10, last=10):
    return rates(LRS, {**CALM, "rmdq23.score": Seen(baseline, last, 10 + points)})


def test_a_function_that_is_really_worse_than_at_the_decision_is_yellow():
    """L06: by the instrument's own limit of real worsening, from 10 points."""
    assert RULE.change is not None
    real = RULE.change.real_threshold(Fraction(10))
    assert real is not None
    least = -(-real.numerator // real.denominator)

    assert worse_by(least) == YELLOW
    assert worse_by(least - 1) == NOBODY


def test_what_was_last_seen_does_not_stand_in_for_the_decision():
    assert worse_by(0, baseline=0, last=10) == YELLOW
    assert worse_by(0, baseline=10, last=0) == NOBODY


def only_the_row(table, row_id):
    return replace(table, rows=tuple(row for row in table.rows if row.outcome.id == row_id))


def test_worse_is_asked_apart_from_really_worse():
    """L05 asks for both: worse than last time, and really worse than at the decision."""
    both = only_the_row(LRS, "L05")

    def of(baseline, last):
        return rates(both, {**CALM, "rmdq23.score": Seen(baseline, last, 20)})

    assert of(0, 0) == YELLOW
    assert of(0, 20) == NOBODY
    assert of(20, 0) == NOBODY


@pytest.mark.parametrize(
    ("row_id", "baseline", "last", "found"),
    [
        ("L06", 40, 40, NOBODY),
        ("L06", 37, 51, YELLOW),
        ("L05", 30, 40, YELLOW),
        ("L05", 30, 42, NOBODY),
        ("L05", 40, 30, NOBODY),
    ],
    ids=["worse, not really", "really worse", "both", "not worse than last time", "only than last time"],
)
def test_odi_is_worse_by_ten_and_really_worse_by_thirteen(row_id, baseline, last, found):
    """L06 asks for really worse than at the decision, L05 for worse than last time too; ODI is 51 now."""
    models = {**CALM, "odi.pct": Seen(baseline, last, 51), "odi.limitation": Always("some")}

    assert rates(only_the_row(LRS, row_id), models, "odi") == found


def test_an_instrument_that_nobody_fills_in_is_missing():
    unfilled = {name: one for name, one in CALM.items() if not name.startswith("rmdq23")}

    assert rates(LRS, {**unfilled, "nrs-pain.score": Seen(3, 3, 7)}) == YELLOW
    assert rates(LRS, unfilled) == NOBODY


def test_the_patients_of_a_cohort_have_been_decided_on():
    """K12 asks for patients without a decision only: 40 points alone alert nobody here."""
    assert rates(KOL, {**WELL, "cat.catTotal": Always(40)}) == NOBODY
