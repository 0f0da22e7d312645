"""The tables of every shipped rule give what its rule computes from the answers."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.enablement import enabled
from questionnaires.model import Answer, Coded, ItemType, ResponseAnswers
from scoring.compiled import CompiledRule
from scoring.scores import Given, computed, score
from tests.unit.scoring.content import CATALOGUE, REGISTRY

RULES = CATALOGUE.rules()


def answers_to(item):
    if item.type is ItemType.BOOLEAN:
        return (False, True)
    if item.type is ItemType.INTEGER:
        return range(item.min_value, item.max_value + 1)
    return [Coded(option.system, option.code) for option in item.options] or ["noget"]


def answered(questionnaire, random, gaps):
    """Answer what is asked, leaving out this share."""
    answers: dict[str, tuple[Answer, ...]] = {}
    for item in questionnaire.by_link_id.values():
        is_asked = item in tuple(enabled(questionnaire, answers))
        if item.type is not ItemType.DISPLAY and is_asked and random.random() >= gaps:
            answers[item.link_id] = (random.choice(answers_to(item)),)
    return answers


def plainly(rule, questionnaire, answers, params):
    asked = {item.link_id for item in enabled(questionnaire, answers)} if rule.conditional else None
    return computed(rule, Given(answers, asked), params)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.version.id)
@pytest.mark.parametrize("gaps", [0, 0.1, 0.5])
def test_a_table_gives_what_the_rule_computes(rule, gaps):
    random = Random(rule.version.id)
    questionnaire = REGISTRY.get(rule.questionnaire)
    for _ in range(60):
        params = {name: random.choice(values) for name, values in rule.allowed.items()}
        answers = answered(questionnaire, random, gaps)
        checked = ResponseAnswers(rule.questionnaire, "completed", None, answers)

        found = score(rule, questionnaire, checked, params=params)

        assert found.scores == plainly(rule, questionnaire, answers, params)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.version.id)
def test_every_complete_answer_finds_its_scores_in_the_tables(rule):
    random = Random(rule.version.id)
    questionnaire = REGISTRY.get(rule.questionnaire)
    for _ in range(40):
        answers = answered(questionnaire, random, gaps=0)

        assert rule.compiled.scores(answers, rule.compiled.default) is not None


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(RULES), st.randoms(use_true_random=False), st.floats(0, 1))
def test_a_rule_without_tables_scores_the_same(rule, random, gaps):
    questionnaire = REGISTRY.get(rule.questionnaire)
    answers = answered(questionnaire, random, gaps)
    checked = ResponseAnswers(rule.questionnaire, "completed", None, answers)

    assert score(rule, questionnaire, checked).scores == plainly(rule, questionnaire, answers, rule.params)
    assert isinstance(rule.compiled, CompiledRule)
