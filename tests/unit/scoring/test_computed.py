"""Scores that are computed from the answers, without a table: what holds where no table has the result."""

from fractions import Fraction
from typing import Any

import pytest

from questionnaires.enablement import enabled
from questionnaires.plain import read_plain
from scoring.scores import Given, computed, score
from tests.unit.questionnaires.forms import choice, item, registry, when
from tests.unit.scoring.content import CATALOGUE, REGISTRY, load, nothing, numbered, small_rule
from tests.unit.scoring.small_scores import FORM, REST, TOTAL, bounds, decision

NO = (False,) * 7


def scores(name, answers, **params):
    form = REGISTRY.newest(name)
    rule = CATALOGUE.rule_for(form.canonical)
    given = read_plain(REGISTRY.plan(form.canonical), answers).answers
    asked = {item.link_id for item in enabled(form, given)} if rule.conditional else None
    return {one.id: one for one in computed(rule, Given(given, asked), {**rule.params, **params})}


@pytest.mark.parametrize(
    ("gate", "weak", "value", "counts"),
    [
        (False, (), 0, (0, 0)),
        (None, (), None, (0, 0)),
        (True, (), None, (0, 4)),
        (True, (True, False, False, None), None, (3, 1)),
        (True, (True, True), 2, (2, 2)),
        (True, (True,) * 4, 4, (4, 0)),
    ],
    ids=str,
)
def test_only_what_is_asked_counts_and_the_gate_tells_zero_from_nothing(gate, weak, value, counts):
    found = scores("lrs-flags", numbered("lrs-flags", (*NO, gate, *weak)))["redWeak"]

    assert found.value == value
    assert (found.answered, found.missing) == counts


@pytest.mark.parametrize(
    ("last", "fewest", "value"),
    [((5,), 6, 20), ((5,), 8, 20), ((None,), 6, Fraction(120, 7)), ((None,), 8, None)],
    ids=str,
)
def test_a_gap_is_filled_as_the_parameter_says(last, fewest, value):
    answers = numbered("cat", (5, 5, 5, 0, 0, 0, 0, *last), 1)

    assert scores("cat", answers, minAnswered=fewest)["catTotal"].value == value


def test_a_score_that_requires_others_has_no_result_without_them():
    """CCQ: mental is items 3 and 4, both needed; the total alone would be content with 9 of 10 answers."""
    answers = numbered("ccq", (3,) * 10, 1)
    whole, gapped = scores("ccq", answers), scores("ccq", answers | {"ccq-3": None})

    assert (whole["mental"].value, whole["total"].value) == (3, 3)
    assert (gapped["mental"].value, gapped["symptom"].value, gapped["total"].value) == (None, 3, None)


@pytest.mark.parametrize(
    ("first", "bound"),
    [((None, True, True, False), "medium"), ((None, True, False, False), "medium"), ((None,) + (False,) * 3, None)],
    ids=str,
)
def test_a_gap_counts_only_in_the_scores_that_have_its_item(first, bound):
    """STarT Back: psych is 3 of items 5 to 9 whatever item 1 is, and the total is at least 4, or 3 to 4."""
    found = scores("startback", numbered("startback", (*first, True, True, True, False, 2), 1))

    assert (found["total"].value, found["psych"].value) == (None, 3)
    assert found["boundsRisk"].band == bound


EDITION: dict[str, dict[str, Any]] = {"edition": {"values": ["old", "new"], "default": "old"}}
IS_NEW = {"all": [{"param": "edition", "op": "==", "value": "new"}, {"input": "total", "op": ">=", "value": 1}]}


@pytest.mark.parametrize(
    ("edition", "points", "band"), [("old", 2, "low"), ("new", 2, "high"), ("new", 0, "low"), (None, 2, "low")], ids=str
)
def test_a_decision_reads_the_parameters_of_its_rule(tmp_path, edition, points, band):
    group = decision(rows=[{"code": "high", "when": IS_NEW}, {"code": "low", "when": REST}])
    empty = {"answers": {}, "scores": {"total": nothing(TOTAL), "group": nothing(group) | {"reason": "input-missing"}}}
    content = small_rule(TOTAL, group, parameters=EDITION, vectors=[empty])
    (form,) = FORM.all()
    rule = load(tmp_path, content, registry=FORM).rule_for(form.canonical)
    given = read_plain(FORM.plan(form.canonical), {"a": points, "b": 0})
    params = {} if edition is None else {"edition": edition}

    computed_one = computed(rule, Given(given.answers, None), {**rule.params, **params})
    looked_up = score(rule, form, given, params=params or None)

    assert [one.band for one in computed_one] == [None, band]
    assert looked_up.scores == computed_one


OPENED = registry(item("gate", "boolean"), choice("a", 0, 1, 2), choice("b", 0, 1, 2, enableWhen=[when("gate")]))


@pytest.mark.parametrize(
    ("answers", "total", "bound"),
    [
        ({"gate": False, "a": 2}, 2, "high"),
        ({"gate": True, "a": 2}, None, "high"),
        ({"gate": False, "a": 0}, 0, "low"),
        ({"gate": True, "a": 0}, None, None),
    ],
    ids=str,
)
def test_without_a_table_what_is_not_asked_is_no_gap(tmp_path, answers, total, bound):
    group = decision(rows=[{"code": "high", "when": IS_NEW}, {"code": "low", "when": REST}])
    every = bounds()
    newest = {"edition": {**EDITION["edition"], "default": "new"}}
    told = {"total": nothing(TOTAL), "group": nothing(group) | {"reason": "input-missing"}, "bounds": nothing(every)}
    told = {name: one | {"missing": 1} for name, one in told.items()}
    content = small_rule(TOTAL, group, every, parameters=newest, vectors=[{"answers": {}, "scores": told}])
    (form,) = OPENED.all()
    rule = load(tmp_path, content, registry=OPENED).rule_for(form.canonical)

    found = score(rule, form, read_plain(OPENED.plan(form.canonical), answers), params={"edition": "new"}).scores

    assert (found[0].value, found[2].band) == (total, bound)
