"""Our scores and alerts against a second, independent reading of the published rules."""

from fractions import Fraction
from itertools import combinations_with_replacement, product
from random import Random

import pytest

from questionnaires.model import Coded, ResponseAnswers
from scoring.evaluate import evaluate
from scoring.given import given_inputs
from scoring.scores import score
from scoring.table_vectors import told
from tests.property.scoring.oracle import alert_kol, any_yes, cat_total, known_from_two, shown
from tests.unit.scoring.content import CATALOGUE, REGISTRY, scored

CAT = REGISTRY.newest("cat")
CAT_RULE = CATALOGUE.rule_for(CAT.canonical)
SYSTEM = "https://svarbro.example/fhir/CodeSystem/cat"
KOL = CATALOGUE.table("alert/kol")


def cat_scored(points, fewest):
    answers = {f"cat-{place}": (Coded(SYSTEM, str(one)),) for place, one in enumerate(points, 1) if one is not None}
    checked = ResponseAnswers(CAT.canonical, "completed", None, answers)
    return score(CAT_RULE, CAT, checked, params={"minAnswered": fewest}).scores[0]


@pytest.mark.parametrize("fewest", [6, 7, 8])
def test_every_cat_with_any_gaps_scores_like_the_oracle(fewest):
    """Order cannot matter to a sum, so each multiset of answers is taken once, in a random order."""
    random = Random(fewest)
    for multiset in combinations_with_replacement([None, 0, 1, 2, 3, 4, 5], 8):
        points = random.sample(multiset, 8)
        expected = cat_total(points, fewest)

        result = cat_scored(points, fewest)

        gaps = points.count(None)
        assert (result.answered, result.missing) == (8 - gaps, gaps)
        assert (None if result.value is None else (result.value, result.band)) == expected
        assert result.display == (None if expected is None else shown(expected[0]))
        assert result.estimated is (expected is not None and gaps > 0)


def test_every_kol_status_scores_like_the_oracle():
    yes_no = (True, False, None)
    for answers in product(yes_no, repeat=7):
        given = {f"kol-status-{place}": one for place, one in enumerate(answers, 1)}

        danger, exac_now, discharge, *_ = scored("kol-status", given).scores

        assert danger.band == any_yes(list(answers[:3]))
        assert exac_now.value == known_from_two(list(answers[3:6]))
        assert discharge.band == any_yes([answers[6]])


@pytest.mark.parametrize("count", [None, *range(21)])
def test_every_count_scores_as_it_stands(count):
    given = {"kol-status-8": count, "kol-status-9": count}

    *_, exac12, adm12 = scored("kol-status", given).scores

    assert (exac12.value, adm12.value) == (count, count)


def some_inputs(random):
    """Each input near its edges, or missing."""
    pick = random.choice
    given = {
        "danger": pick(["yes", "no", "no", "no", None]),
        "exacNow": pick([0, 0, 1, 2, 3, None]),
        "dischargeNew": pick(["yes", "no", "no", None]),
        "adm12New": pick([0, 0, 1, 20, None]),
        "exac12New": pick([0, 0, 1, None]),
        "cat": pick([0, 10, 20, 21, 30, 31, 40, Fraction(141, 7), Fraction(211, 7), Fraction(160, 7), None]),
        "catDeltaLast": pick([-40, 0, 4, 5, Fraction(34, 7), None]),
        "catDeltaBase": pick([0, 1, 2, 3, 4, 5, Fraction(13, 7), Fraction(36, 7), None]),
        "mrc": pick([1, 2, 3, 4, 5, None]),
        "mrcDeltaLast": pick([-1, 0, 1, None]),
        "mrcDeltaBase": pick([0, 1, 2, None]),
        "adm12": pick([0, 1, None]),
        "exac12": pick([0, 1, 2, None]),
        "assessed": pick(["yes", "no", None]),
    }
    return {name: value for name, value in given.items() if value is not None or random.random() < 0.5}


@pytest.mark.parametrize("seed", range(4))
def test_alerts_on_every_edge_are_those_of_the_oracle(seed):
    random = Random(seed)
    for _ in range(2500):
        given, estimated = some_inputs(random), random.random() < 0.2
        inputs = given_inputs(KOL, given, estimated=["cat"] if estimated else [])

        result = told(evaluate(KOL, random.choice(KOL.phases), inputs))

        assert result == alert_kol(given, cat_estimated=estimated), given
