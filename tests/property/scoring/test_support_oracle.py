"""Support need, health literacy and the GOLD group against a second, independent reading of the published rules."""

from fractions import Fraction
from itertools import combinations_with_replacement, product
from random import Random

import pytest

from scoring.derived import derive
from scoring.result import Score
from tests.property.scoring.oracle_support import gold_group, literacy, support_colour
from tests.property.scoring.test_back_oracle import all_scores, numbered
from tests.unit.scoring.content import CATALOGUE


def strict_sum(points):
    return None if None in points else sum(points)


def test_every_support_need_scores_like_the_oracle():
    random = Random(7)
    for multiset in combinations_with_replacement([None, 0, 1, 2, 3], 7):
        points = random.sample(multiset, 7)

        found = all_scores("shk-draft", numbered("shk", points, 1))

        assert found["colour"].band == support_colour(points), points
        assert found["impactSum"].value == strict_sum(points[:3])
        assert found["supportSum"].value == strict_sum(points[3:])


def test_every_health_literacy_scores_like_the_oracle():
    random = Random(12)
    for multiset in combinations_with_replacement([None, 1, 2, 3, 4], 12):
        points = random.sample(multiset, 12)
        told = ["dont-know" if one is None and random.random() < 0.5 else one for one in points]
        expected = literacy(points)

        found = all_scores("hls19-q12", numbered("hls19", told))

        assert (found["score"].value, found["level"].band) == (expected or (None, None)), points
        assert found["score"].missing == points.count(None)


GOLD = CATALOGUE.derived("gold-abe")


def number(value):
    if value is None:
        return None
    return Score("x", Fraction(value), str(value), None, estimated=False, answered=1, missing=0)


@pytest.mark.parametrize("edition", ["gold-2023", "gold-2026"])
def test_every_gold_group_is_that_of_the_oracle(edition):
    cats = [None, 0, 9, Fraction(69, 7), 10, Fraction(71, 7), 40]
    for cat, mmrc, exac12, adm12 in product(cats, [None, 0, 1, 2, 4], [None, 0, 1, 2, 20], [None, 0, 1, 20]):
        given = {"cat": number(cat), "mmrc": number(mmrc), "exac12": number(exac12), "adm12": number(adm12)}

        result = derive(GOLD, given, params={"edition": edition})

        assert result.band == gold_group(cat, mmrc, exac12, adm12, edition)
        assert result.missing == list(given.values()).count(None)
