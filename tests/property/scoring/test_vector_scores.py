"""Scoring in bulk, from stored vectors, gives what scoring one response gives: for every shipped rule."""

from dataclasses import replace
from random import Random

import pytest

from questionnaires.enablement import enabled
from questionnaires.model import Answer, Coded, ItemType, ResponseAnswers
from questionnaires.vector import vector_of
from scoring.scores import score
from scoring.vector_scores import VectorScorer, tells_all
from tests.unit.scoring.content import CATALOGUE, REGISTRY

EVERY = [known for known in REGISTRY.all() if known.canonical in {rule.questionnaire for rule in CATALOGUE.rules()}]
TOLD = [known for known in EVERY if tells_all(CATALOGUE.rule_for(known.canonical), known)]
RESPONSES = 400
SHARES_OF_GAPS = (0.0, 0.05, 0.3, 0.9)


def an_answer(item, random):
    if item.type is ItemType.BOOLEAN:
        return random.random() < 0.5
    if item.type is ItemType.CHOICE:
        option = random.choice(item.options)
        return Coded(option.system, option.code)
    if item.type is ItemType.INTEGER:
        return random.randint(item.min_value, item.max_value)
    return "noget"


def a_response(known, random, gaps):
    """A response in which some asked items are skipped, others left out, and none is answered that is not asked."""
    answers: dict[str, tuple[Answer, ...]] = {}
    skipped: set[str] = set()
    for item in known.by_link_id.values():
        if item.type in (ItemType.DISPLAY, ItemType.GROUP) or item not in tuple(enabled(known, answers)):
            continue
        if random.random() >= gaps:
            answers[item.link_id] = (an_answer(item, random),)
        elif random.random() < 0.5:
            skipped.add(item.link_id)
    return ResponseAnswers(known.canonical, "completed", None, answers, frozenset(skipped))


def scorer_of(known, **other):
    return VectorScorer.of(CATALOGUE.rule_for(known.canonical), REGISTRY.plan(known.canonical), **other)


@pytest.mark.parametrize("known", TOLD, ids=lambda known: known.fhir_id)
def test_a_vector_is_scored_as_its_response_is(known):
    random, rule, scored_in_bulk = Random(known.id), CATALOGUE.rule_for(known.canonical), scorer_of(known)

    for gaps in SHARES_OF_GAPS:
        for _ in range(RESPONSES // len(SHARES_OF_GAPS)):
            response = a_response(known, random, gaps)
            vector = vector_of(known, response)

            assert scored_in_bulk(vector) == score(rule, known, response).scores, dict(vector)


def test_forgetting_changes_no_score():
    known = REGISTRY.newest("startback")
    random, long, short = Random(1), scorer_of(known), scorer_of(known, most=2)
    vectors = [vector_of(known, a_response(known, random, 0.1)) for _ in range(200)]

    assert [short(vector) for vector in vectors] == [long(vector) for vector in vectors]
    assert all(len(step.known) <= 2 for steps in short.patterns.values() for step in steps)


def test_only_where_free_text_decides_what_is_asked_are_vectors_not_enough():
    assert [known.id for known in EVERY if known not in TOLD] == ["psfs"]


def test_a_gate_tells_a_closed_score_from_an_unanswered_one_even_where_nothing_else_depends_on_it():
    known = REGISTRY.newest("lrs-flags")
    rule = replace(CATALOGUE.rule_for(known.canonical), conditional=False)
    scored_in_bulk = VectorScorer.of(rule, REGISTRY.plan(known.canonical))

    closed, opened = ({"lrs-flags-08": is_open} for is_open in (False, True))

    values = [{one.id: one.value for one in scored_in_bulk(vector)}["redWeak"] for vector in (closed, opened)]
    assert values == [0, None]
