"""Scores: exact, with the rule that gave them, readable one by one."""

from fractions import Fraction

import pytest

from kernel.errors import ConflictError, NotFoundError
from kernel.ids import ResponseId, ScoreId
from scoring.result import RuleVersion
from tests.builders import CLINIC_ID, RAW, a_response, a_score, a_scored
from tests.stored import store_asked

ESTIMATED = a_score(value=Fraction(160, 7), display="22.9", estimated=True, answered=7, missing=1)
CATEGORY = a_score("exacerbation", None, display=None, band="yes")
NOTHING = a_score("walk", None, display=None, band=None, answered=0, missing=1, reason="too-many-missing")


@pytest.fixture
def answered(store):
    asked = store_asked(store)
    response = a_response(asked.request)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.responses.add(response, RAW)
    return asked.actor, response


def test_scores_come_back_exactly_in_the_order_of_the_rule(store, answered):
    actor, response = answered
    scored = a_scored(NOTHING, ESTIMATED, CATEGORY)

    with store.write(CLINIC_ID, actor) as tx:
        tx.scores.add(response, scored)

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.scores.of_response(response.id) == scored


def test_each_score_has_an_id_of_its_own(store, answered):
    actor, response = answered
    with store.write(CLINIC_ID, actor) as tx:
        tx.scores.add(response, a_scored(ESTIMATED, CATEGORY))

    with store.read(CLINIC_ID, actor) as tx:
        filed = tx.scores.filed(response.id)
        assert [one.score for one in filed] == [ESTIMATED, CATEGORY]
        assert len({one.id for one in filed}) == 2
        assert tx.scores.get(filed[0].id) == filed[0]
        assert (filed[0].response_id, filed[0].params) == (response.id, {"edition": "gold-2023"})
        with pytest.raises(NotFoundError):
            tx.scores.get(ScoreId("unknown"))


def test_a_response_is_scored_once_by_a_rule_version(store, answered):
    actor, response = answered
    with store.write(CLINIC_ID, actor) as tx:
        tx.scores.add(response, a_scored(ESTIMATED))

    with pytest.raises(ConflictError), store.write(CLINIC_ID, actor) as tx:
        tx.scores.add(response, a_scored(ESTIMATED))


def test_the_newest_rule_s_scores_are_the_scores(store, answered):
    actor, response = answered
    newer = a_scored(ESTIMATED, rule=RuleVersion("cat", "2.1.0", "c" * 64), params={})

    with store.write(CLINIC_ID, actor) as tx:
        tx.scores.add(response, a_scored())
        tx.scores.add(response, newer)
        assert tx.scores.of_response(response.id) == newer
        assert len(tx.scores.filed(response.id)) == 2


def test_a_response_without_scores_has_none(store, answered):
    actor, response = answered

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.scores.of_response(response.id).scores == ()
        with pytest.raises(NotFoundError):
            tx.scores.of_response(ResponseId("unknown"))
