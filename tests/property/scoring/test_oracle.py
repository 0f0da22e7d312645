"""Our scores and alerts against a second, independent reading of the published rules; `make proof` goes further."""

from fractions import Fraction
from random import Random

import pytest

from scoring.evaluate import evaluate
from scoring.given import given_inputs
from scoring.table_vectors import told
from tests.oracle.alert_kol import alert_kol
from tests.oracle.known import INSTRUMENTS
from tests.proof.scores import Piece, compare
from tests.unit.scoring.content import CATALOGUE, REGISTRY

KOL = CATALOGUE.table("alert/kol")


@pytest.mark.parametrize("name", sorted(INSTRUMENTS))
def test_any_answers_score_like_the_oracle(name):
    canonical = REGISTRY.newest(name).canonical
    for piece in (Piece(canonical, name, "random", count=300), Piece(canonical, name, "single gaps", count=2)):
        found = compare(piece)

        assert found.differences == 0, "\n".join(found.examples)
        assert found.vectors[piece.kind] >= len(INSTRUMENTS[name].items)


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
