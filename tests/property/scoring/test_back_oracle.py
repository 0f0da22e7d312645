"""Our back-pain scores against a second, independent reading of the published rules."""

from itertools import combinations_with_replacement, product
from random import Random

import pytest

from questionnaires.model import Coded, ResponseAnswers
from scoring.scores import score
from tests.property.scoring import oracle_back
from tests.unit.scoring.content import CATALOGUE, REGISTRY

YES_NO = (True, False, None)


def all_scores(name, answers, **params):
    """Score answers that are known to be allowed, without the way through the gate."""
    known = REGISTRY.newest(name)
    system = f"https://svarbro.example/fhir/CodeSystem/{name}"
    coded = {
        link_id: (one if isinstance(one, bool) or link_id.endswith("activity") else Coded(system, str(one)),)
        for link_id, one in answers.items()
        if one is not None
    }
    checked = ResponseAnswers(known.canonical, "completed", None, coded)
    rule = CATALOGUE.rule_for(known.canonical)
    return {one.id: one for one in score(rule, known, checked, params=params).scores}


def numbered(prefix, answers, width=2):
    return {f"{prefix}-{place:0{width}d}": one for place, one in enumerate(answers, 1)}


def start_back(answers):
    found = all_scores("startback", numbered("startback", answers, 1))
    return {
        "total": found["total"].value,
        "psych": found["psych"].value,
        "risk": found["risk"].band,
        "boundsRisk": found["boundsRisk"].band,
    }


def test_all_1280_complete_answers_to_start_back_score_like_the_oracle():
    vectors = [(*eight, ninth) for eight in product((False, True), repeat=8) for ninth in range(5)]

    assert len(vectors) == 1280
    for answers in vectors:
        assert start_back(answers) == oracle_back.start_back([int(one) for one in answers]), answers


@pytest.mark.parametrize("seed", range(3))
def test_start_back_with_any_gaps_scores_like_the_oracle(seed):
    random = Random(seed)
    for _ in range(400):
        gaps = random.random()
        answers: list[int | None] = [None if random.random() < gaps else random.random() < 0.5 for _ in range(8)]
        answers.append(None if random.random() < gaps else random.randrange(5))

        expected = oracle_back.start_back([None if one is None else int(one) for one in answers])

        assert start_back(answers) == expected, answers


def test_every_answer_to_the_flags_scores_like_the_oracle():
    random = Random(0)
    for first in product(YES_NO, repeat=3):
        for strong in product(YES_NO, repeat=4):
            gate, weak = random.choice(YES_NO), [random.choice(YES_NO) for _ in range(4)]
            asked = weak if gate else []
            found = all_scores("lrs-flags", numbered("lrs-flags", [*first, *strong, gate, *asked]))

            assert found["cauda"].band == oracle_back.any_yes(first)
            assert found["redStrong"].band == oracle_back.any_yes(strong)
            assert found["newEpisode"].band == oracle_back.any_yes([gate])
            assert found["redWeak"].value == oracle_back.weak_flags(gate, weak)


def test_every_combination_of_weak_flags_scores_like_the_oracle():
    for gate, *weak in product(YES_NO, repeat=5):
        asked = weak if gate else []
        found = all_scores("lrs-flags", numbered("lrs-flags", [False] * 7 + [gate, *asked]))

        assert found["redWeak"].value == oracle_back.weak_flags(gate, weak)


@pytest.mark.parametrize("points", range(11))
def test_every_pain_score_lies_in_the_band_of_the_oracle(points):
    found = all_scores("nrs-pain", {"nrs-pain": points})["score"]

    assert (found.value, found.band) == (points, oracle_back.nrs_band(points))


@pytest.mark.parametrize("missing", ["prorate", "strict-no"])
def test_every_rmdq_with_any_gaps_scores_like_the_oracle(missing):
    for counted in combinations_with_replacement(YES_NO, 23):
        answers = Random(1).sample(counted, 23)
        expected = oracle_back.roland_morris(answers, unmarked_is_no=missing == "strict-no")

        found = all_scores("rmdq23", numbered("rmdq23", answers), missing=missing)

        assert found["score"].value == expected
        assert found["pct"].value == (None if expected is None else expected * 100 / 23)
        limitation = None if expected is None else oracle_back.roland_limitation(expected)
        assert found["limitation"].band == limitation
        assert (found["score"].answered, found["score"].missing) == (23 - counted.count(None), counted.count(None))
        assert found["score"].estimated is (expected is not None and None in counted)


@pytest.mark.parametrize("fewest", [9, 8])
def test_every_odi_with_any_gaps_scores_like_the_oracle(fewest):
    random = Random(fewest)
    for multiset in combinations_with_replacement([None, 0, 1, 2, 3, 4, 5], 10):
        if random.random() > 0.4 and multiset.count(None) not in (10 - fewest, 11 - fewest):
            continue
        points = random.sample(multiset, 10)
        expected = oracle_back.oswestry(points, fewest)

        found = all_scores("odi", numbered("odi", points), minAnswered=fewest)

        result = found["pct"].value, found["pct"].display, found["pct"].band, found["limitation"].band
        if expected is None:
            assert result == (None,) * 4
            continue
        percent = oracle_back.whole(expected)
        band, limitation = oracle_back.oswestry_band(percent), oracle_back.oswestry_limitation(percent)
        assert result == (expected, str(percent), band, limitation)


@pytest.mark.parametrize("seed", range(2))
def test_psfs_scores_like_the_oracle(seed):
    random = Random(seed)
    for _ in range(500):
        ratings = [random.choice([None, *range(11)]) for _ in range(random.randrange(6))]
        answers = {f"psfs-{place}-activity": "noget" for place, _ in enumerate(ratings, 1)}
        answers |= {f"psfs-{place}-rating": one for place, one in enumerate(ratings, 1)}
        expected = oracle_back.patient_specific(ratings)

        found = all_scores("psfs", answers)

        assert found["mean"].value == expected
        limitation = None if expected is None else oracle_back.patient_specific_limitation(expected)
        assert found["limitation"].band == limitation
        assert found["mean"].missing == ratings.count(None)


@pytest.mark.parametrize("cut", ["ge50", "gt50"])
def test_orebro_scores_like_the_oracle(cut):
    random = Random(cut)
    for _ in range(1500):
        points: list[int | None] = [random.randrange(1, 11), *(random.randrange(2, 9) for _ in range(9))]
        if random.random() < 0.1:
            points[random.randrange(10)] = None
        expected = oracle_back.orebro(points)

        found = all_scores("ompsq10", numbered("ompsq", points), cut=cut)

        assert found["total"].value == expected
        assert found["risk"].band == (None if expected is None else oracle_back.orebro_risk(expected, cut))
