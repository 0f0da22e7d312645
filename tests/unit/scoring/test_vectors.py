"""Scoring in bulk: what a stored vector counts for one score, and what is remembered between vectors."""

import pytest

from questionnaires.plan import plan_of
from scoring.vector_count import counter
from scoring.vector_scores import VectorScorer, tells_all
from tests.unit.questionnaires.forms import choice, integer, item, option, registry, when
from tests.unit.scoring.content import CATALOGUE, REGISTRY, load, nothing, small_rule, small_score
from tests.unit.scoring.small_scores import FORM, ITEMS

(SMALL,) = FORM.all()


def count_of(tmp_path, one, *, asked=None, form=FORM, **more):
    """What a vector counts for one score of a small rule."""
    (rule,) = load(tmp_path, small_rule(one, **more), registry=form).rules()
    (known,) = form.all()
    return counter(rule.scores[one["id"]], known, asked)


def test_a_whole_vector_counts_its_points(tmp_path):
    count = count_of(tmp_path, small_score("sum", ["a", "b"], [0, 4]))

    assert [count({"a": a, "b": b}) for a, b in ((0, 0), (1, 0), (1, 2), (2, 2))] == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("vector", "key"),
    [
        ({"a": 2}, (2, 1)),
        ({"b": 0}, (0, 1)),
        ({"a": 2, "b": None}, (2, 1)),
        ({"a": None, "b": None}, (0, 0)),
        ({}, (0, 0)),
    ],
    ids=str,
)
def test_beside_a_gap_the_number_of_answers_counts_too(tmp_path, vector, key):
    assert count_of(tmp_path, small_score("sum", ["a", "b"], [0, 4]))(vector) == key


def test_one_item_alone_counts_as_several_do(tmp_path):
    count = count_of(tmp_path, small_score("sum", ["a"], [0, 2]))

    assert [count({"a": 2}), count({"a": 0}), count({"a": None}), count({"b": 1})] == [2, 0, (0, 0), (0, 0)]


def test_an_option_without_points_is_a_gap(tmp_path):
    count = count_of(tmp_path, small_score("sum", ["a", "c"], [0, 4]))

    assert count({"a": 2, "c": 1}) == 3
    assert count({"a": 2, "c": "dont-know"}) == (2, 1)


def test_yes_counts_one_and_no_nought(tmp_path):
    count = count_of(tmp_path, small_score("count-true", ["x", "y"], [0, 2]))

    assert [count({"x": x, "y": y}) for x in (False, True) for y in (False, True)] == [0, 1, 1, 2]
    assert count({"x": True}) == (1, 1)


def test_a_number_counts_itself(tmp_path):
    count = count_of(tmp_path, small_score("sum", ["n"], [0, 3]))

    assert [count({"n": one}) for one in (0, 1, 2, 3)] == [0, 1, 2, 3]
    assert count({}) == (0, 0)


@pytest.mark.parametrize(
    ("points", "ends", "totals"),
    [
        ({"reverse": {"a": 2, "b": 2}}, [0, 4], [4, 3, 2, 2, 0]),
        ({"reverse": {"b": 2}}, [0, 4], [2, 3, 0, 4, 2]),
        ({"recode": {"a": {"0": 5, "1": 6, "2": 7}}}, [5, 9], [5, 6, 7, 7, 9]),
    ],
    ids=["all the same", "one turned round", "one recoded"],
)
def test_points_are_counted_as_the_rule_says(tmp_path, points, ends, totals):
    count = count_of(tmp_path, small_score("sum", ["a", "b"], ends), **points)
    vectors = [{"a": a, "b": b} for a, b in ((0, 0), (1, 0), (0, 2), (2, 0), (2, 2))]

    assert [count(vector) for vector in vectors] == totals


def test_points_that_were_recoded_count_beside_a_gap_too(tmp_path):
    count = count_of(tmp_path, small_score("sum", ["a", "b"], [0, 4]), reverse={"a": 2, "b": 2})

    assert [count({"a": 0}), count({"b": 2}), count({"a": 1, "b": None})] == [(2, 1), (0, 1), (1, 1)]


def test_what_is_not_asked_counts_for_nothing(tmp_path):
    one = small_score("sum", ["a", "b"], [0, 4])

    assert count_of(tmp_path, one, asked={"a"})({"a": 1, "b": 2}) == 1
    assert count_of(tmp_path, one, asked={"b", "x"})({"a": 1}) == (0, 0)
    assert count_of(tmp_path, one, asked=set())({"a": 1, "b": 2}) is None


@pytest.mark.parametrize(("gate", "told"), [(True, True), (False, False), (None, None), ("left out", None)], ids=str)
def test_the_answer_of_a_gate_stands_beside_the_count(tmp_path, gate, told):
    one = small_score("count-true", ["x", "y"], [0, 2], missing={"strategy": "strict", "gate": "gate"})
    count = count_of(tmp_path, one)
    opened = {} if gate == "left out" else {"gate": gate}

    assert count({"x": True, "y": False, **opened}) == (1, told)
    assert count({"x": True, **opened}) == ((1, 1), told)
    assert count_of(tmp_path, one, asked=set())(opened) == (None, told)


def test_a_score_that_walks_completions_depends_on_each_answer():
    known = REGISTRY.newest("startback")
    rule = CATALOGUE.rule_for(known.canonical)
    count = counter(rule.scores["boundsRisk"], known, None)

    assert count({"startback-1": True, "startback-9": 3}) == (True, *(None,) * 7, 3)
    assert count({}) == (None,) * 9


def scorer(tmp_path, *scores, form=FORM, most=100, **more):
    (rule,) = load(tmp_path, small_rule(*scores, **more), registry=form).rules()
    (known,) = form.all()
    return VectorScorer.of(rule, plan_of(known), most=most)


def values(found):
    return {one.id: (one.value, one.answered, one.missing) for one in found}


PART = small_score("sum", ["a"], [0, 2], id="part")
WHOLE = small_score("sum", ["a", "b"], [0, 4], id="whole")
NEEDS_PART = small_score(
    "mean", ITEMS, [0, 2], id="needs", missing={"strategy": "available-mean", "minAnswered": 2, "requires": ["part"]}
)


def test_a_vector_is_scored_in_the_order_of_the_rule(tmp_path):
    found = scorer(tmp_path, PART, WHOLE)({"a": 2, "b": 1})

    assert [one.id for one in found] == ["part", "whole"]
    assert values(found) == {"part": (2, 1, 0), "whole": (3, 2, 0)}


def test_what_was_worked_out_once_is_looked_up(tmp_path):
    scored = scorer(tmp_path, WHOLE)

    first, again = scored({"a": 2, "b": 1}), scored({"a": 1, "b": 2})

    assert first[0] is again[0]
    assert scored({"a": 2, "b": 2})[0].value == 4
    (steps,) = scored.patterns.values()
    assert [sorted(step.known) for step in steps] == [[3, 4]]


def test_a_score_that_requires_another_one_is_told_apart_by_it(tmp_path):
    scored = scorer(tmp_path, PART, NEEDS_PART)

    with_part = values(scored({"a": 1, "b": 1}))["needs"]
    without = values(scored({"b": 1, "c": 1}))["needs"]

    assert with_part == (1, 2, 1)
    assert without == (None, 2, 1)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_as_much_is_remembered_as_is_allowed_and_forgetting_changes_nothing(tmp_path, most):
    scored = scorer(tmp_path, WHOLE, most=most)

    for a in (0, 1, 2, 0, 1, 2):
        assert scored({"a": a, "b": 2})[0].value == a + 2
        (steps,) = scored.patterns.values()
        assert all(1 <= len(step.known) <= most for step in steps)


def test_a_step_remembers_up_to_the_limit_and_then_begins_anew(tmp_path):
    scored = scorer(tmp_path, WHOLE, most=2)
    sizes = []

    for a in (0, 1, 2):
        scored({"a": a, "b": 0})
        (steps,) = scored.patterns.values()
        sizes.append(len(steps[0].known))

    assert sizes == [1, 2, 1]


A_NOT_ASKED = {"vectors": [{"answers": {}, "scores": {"whole": {**nothing(WHOLE), "missing": 1}}}]}
"""What the rule must give without any answer where a is asked after an answer only: b alone is missing."""
CONDITIONAL = registry(
    item("x", "boolean"),
    choice("a", 0, 1, 2, enableWhen=[when("x")]),
    choice("b", 0, 1, 2),
    item("d", "boolean"),
)


def test_answers_that_decide_what_is_asked_have_patterns_of_their_own(tmp_path):
    scored = scorer(tmp_path, WHOLE, form=CONDITIONAL, **A_NOT_ASKED)

    assert scored.deciding == ("x",)
    assert values(scored({"x": True, "a": 2, "b": 1})) == {"whole": (3, 2, 0)}
    assert values(scored({"x": True, "b": 1})) == {"whole": (None, 1, 1)}
    assert values(scored({"x": False, "b": 1})) == {"whole": (1, 1, 0)}
    assert values(scored({"b": 1})) == {"whole": (1, 1, 0)}
    assert set(scored.patterns) == {(True,), (False,), (None,)}


def test_where_everything_is_asked_nothing_decides(tmp_path):
    scored = scorer(tmp_path, WHOLE)

    assert scored.deciding == ()
    scored({"a": 1, "b": 1, "x": True})
    assert set(scored.patterns) == {()}


@pytest.mark.parametrize(
    ("question", "wanted", "is_told"),
    [
        (item("q", "boolean"), {"answer": True}, True),
        (integer("q"), {"answer": 3}, True),
        (
            item("q", "choice", answerOption=[option("1", 1)]),
            {"answer": {"system": "https://svarbro.example/fhir/CodeSystem/small", "code": "1"}},
            True,
        ),
        (item("q", "string"), {"operator": "exists", "answer": True}, False),
    ],
    ids=["boolean", "integer", "choice", "string"],
)
def test_vectors_tell_all_unless_free_text_decides_what_is_asked(tmp_path, question, wanted, is_told):
    asked_on = choice("a", 0, 1, 2, enableWhen=[when("q", **wanted)])
    form = registry(question, asked_on, choice("b", 0, 1, 2), item("t", "text"))
    (rule,) = load(tmp_path, small_rule(WHOLE, **A_NOT_ASKED), registry=form).rules()
    (known,) = form.all()

    assert rule.conditional
    assert tells_all(rule, known) is is_told


def test_free_text_that_decides_nothing_about_scored_items_leaves_vectors_enough(tmp_path):
    form = registry(
        item("s", "string"),
        item("y", "boolean", enableWhen=[when("s", "exists", answer=True)]),
        choice("a", 0, 1, 2),
    )
    (rule,) = load(tmp_path, small_rule(small_score("sum", ["a"], [0, 2])), registry=form).rules()
    (known,) = form.all()

    assert not rule.conditional
    assert tells_all(rule, known)
    assert VectorScorer.of(rule, plan_of(known)).deciding == ()


def test_a_question_with_items_in_its_answer_decides_about_them(tmp_path):
    form = registry(item("x", "boolean", item=[choice("a", 0, 1, 2)]), item("g", "group", item=[choice("b", 0, 1, 2)]))
    scored = scorer(tmp_path, WHOLE, form=form, **A_NOT_ASKED)

    assert scored.deciding == ("x",)
    assert values(scored({"x": False, "a": 2, "b": 1})) == {"whole": (3, 2, 0)}
    assert values(scored({"b": 1})) == {"whole": (1, 1, 0)}
