"""Laws that hold for every score of every shipped rule."""

import re
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.enablement import enabled
from questionnaires.model import Answer, Coded, ItemType, ResponseAnswers
from scoring.change import Change, Verdict, judge
from scoring.result import Score
from scoring.scores import half_up, score
from tests.unit.scoring.content import CATALOGUE, REGISTRY

NAMES = [known.id for known in REGISTRY.all()]
ANY = st.sampled_from(NAMES)


def answer_to(item):
    if item.type is ItemType.BOOLEAN:
        return st.booleans()
    if item.type is ItemType.CHOICE:
        return st.sampled_from([Coded(one.system, one.code) for one in item.options])
    if item.type is ItemType.INTEGER:
        return st.integers(item.min_value, item.max_value)
    return st.just("noget")


@st.composite
def responses(draw, names=ANY):
    """A response with gaps, in which nothing is answered that is not asked."""
    known = REGISTRY.newest(draw(names))
    answers: dict[str, tuple[Answer, ...]] = {}
    for item in known.items:
        is_asked = item in tuple(enabled(known, answers))
        if item.type is not ItemType.DISPLAY and is_asked and draw(st.integers(0, 5)):
            answers[item.link_id] = (draw(answer_to(item)),)
    return known, answers


def scores_of(known, answers, params=None):
    rule = CATALOGUE.rule_for(known.canonical)
    return score(rule, known, ResponseAnswers(known.canonical, "completed", None, answers), params=params).scores


def params_of(known):
    rule = CATALOGUE.rule_for(known.canonical)
    return st.fixed_dictionaries({name: st.sampled_from(values) for name, values in rule.allowed.items()})


@settings(deadline=None)
@given(responses(), st.data())
def test_a_score_stays_in_its_range_and_says_why_when_there_is_none(response, data):
    known, answers = response
    rule = CATALOGUE.rule_for(known.canonical)

    for one in scores_of(known, answers, data.draw(params_of(known))):
        definition = rule.scores[one.id]
        has_result = one.value is not None or one.band is not None or one.entries is not None
        assert has_result is (one.reason is None)
        assert one.estimated is (has_result and one.missing > 0)
        assert (one.value is None) is (one.display is None)
        if one.value is not None:
            assert definition.ends is not None
            assert definition.ends[0] <= one.value <= definition.ends[1]
            assert one.display == half_up(one.value, definition.decimals)
            assert (one.band is not None) is bool(definition.bands)
        elif one.band is not None:
            assert one.band in definition.codes or re.fullmatch(definition.pattern, one.band)
        elif one.entries is not None:
            assert definition.ends is not None
            lowest, highest = definition.ends
            assert all(entry is None or lowest <= entry <= highest for entry in one.entries)
            assert one.entries.count(None) == one.missing


@settings(deadline=None)
@given(responses(st.just("startback")))
def test_what_is_known_from_a_form_with_gaps_is_what_its_completions_agree_on(response):
    known, answers = response
    found = {one.id: one for one in scores_of(known, answers)}

    if found["boundsRisk"].band is not None:
        for item in known.items:
            for answer in (True, False) if item.type is ItemType.BOOLEAN else range(5):
                given_now = answer if isinstance(answer, bool) else Coded(item.options[0].system, str(answer))
                more = {item.link_id: (given_now,), **answers}
                fuller = {one.id: one for one in scores_of(known, more)}
                assert fuller["boundsRisk"].band == found["boundsRisk"].band


@settings(deadline=None)
@given(responses(), st.data())
def test_a_decision_that_is_strict_on_its_inputs_is_null_exactly_when_one_is(response, data):
    known, answers = response
    rule = CATALOGUE.rule_for(known.canonical)
    found = {one.id: one for one in scores_of(known, answers, data.draw(params_of(known)))}

    for definition in rule.scores.values():
        if definition.is_lookup:
            assert found[definition.id].reason == "no table imported"
        elif definition.missing.strategy == "inputs":
            lacks = any(found[name].value is None for name in definition.reads)
            assert (found[definition.id].reason == "input-missing") is lacks


POINTS = st.fractions(0, 100, max_denominator=24)


def number(value, decimals=1):
    return Score("x", value, half_up(value, decimals), None, estimated=False, answered=1, missing=0)


def changes():
    known = [rule.change for rule in CATALOGUE.rules() if rule.change is not None]
    return st.sampled_from(known)


MIRROR = {
    Verdict.WORSE: Verdict.BETTER,
    Verdict.BETTER: Verdict.WORSE,
    Verdict.STABLE: Verdict.STABLE,
}


@settings(deadline=None)
@given(changes(), POINTS, POINTS)
def test_real_worsening_is_worse_and_nothing_that_got_better_is_worse(change, before, after):
    judged = judge(change, number(after), number(before))

    if judged.real_worse:
        assert judged.verdict is Verdict.WORSE
    if judged.verdict is Verdict.BETTER:
        assert judged.worse is False
        assert judged.real_worse in (None, False)


@settings(deadline=None)
@given(POINTS, POINTS, st.fractions(Fraction(1, 10), 20))
def test_where_points_alone_decide_the_way_back_is_the_mirror(before, after, mic):
    change = Change("x", mic)

    there, back = judge(change, number(after), number(before)), judge(change, number(before), number(after))

    assert back.verdict is MIRROR[there.verdict]


@settings(deadline=None)
@given(changes(), POINTS, POINTS, POINTS)
def test_getting_worse_still_never_makes_a_change_better(change, before, after, more):
    up = change.is_worse_upwards({})
    worse = max(after, more) if up else min(after, more)
    order = [Verdict.BETTER, Verdict.STABLE, Verdict.WORSE]

    first, second = judge(change, number(after), number(before)), judge(change, number(worse), number(before))

    assert order.index(second.verdict) >= order.index(first.verdict)
    if first.real_worse:
        assert second.real_worse
