"""LForms, a renderer that we did not write, loads every form of ours; what it sends is accepted and scores the same."""

import json
from typing import Any

import pytest

from questionnaires.gate import check_resource
from questionnaires.statuses import ACCEPTED_STATUSES
from scoring.scores import score
from tests.oracle.known import INSTRUMENTS
from tests.proof.engine import CATALOGUE, REGISTRY
from tests.proof.extent import extent
from tests.proof.scores import settings
from tests.verify.node import need_node, render
from tests.verify.responses import response, vectors

TITLE = "Our forms on the pages of LForms"
RULES = sorted(str(rule.questionnaire) for rule in CATALOGUE.rules())


@pytest.mark.parametrize("canonical", RULES, ids=lambda canonical: canonical.rpartition("/")[2])
def test_what_lforms_sends_is_accepted_and_scores_the_same(canonical, ledger):
    need_node()
    known, rule = REGISTRY.get(canonical), CATALOGUE.rule_for(canonical)
    instrument, plan = INSTRUMENTS[known.id], REGISTRY.plan(canonical)
    params = settings(instrument)[0]
    given, _ = vectors(instrument, params, extent(20, 500), 0)
    ours = [response(known, instrument, one, declined=False) for one in given]

    sent = render(json.loads(known.source), ours)

    wrong: list[Any] = []
    for theirs, own in zip(sent, ours, strict=True):
        # The canonical and the request are what the system that carries the form fills in.
        checked = check_resource({**theirs, "questionnaire": canonical}, plan, statuses=ACCEPTED_STATUSES)
        expected = check_resource(own, plan)
        scores = [score(rule, known, one, params=params).scores for one in (checked, expected)]
        if checked.answers != expected.answers or scores[0] != scores[1]:
            wrong.append((own, theirs))
    ledger.add(TITLE, instrument=canonical.rpartition("/")[2], responses=len(sent), differences=len(wrong))
    assert wrong == []
    assert len(sent) == len(ours) >= extent(20, 500)
