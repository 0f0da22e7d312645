from fractions import Fraction

import pytest

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from scoring.condition import Condition, read_condition


def condition(raw):
    return read_condition(Fields(raw, "test"))


def atom(op, value=None, **more):
    return {"input": "x", "op": op, **({} if value is None else {"value": value}), **more}


@pytest.mark.parametrize(
    ("op", "true_for", "false_for"),
    [
        ("==", [5], [4, 6]),
        ("!=", [4, 6], [5]),
        ("<", [4], [5, 6]),
        ("<=", [4, 5], [6]),
        (">", [6], [5, 4]),
        (">=", [6, 5], [4]),
    ],
)
def test_a_comparison_holds_on_its_side_of_the_edge(op, true_for, false_for):
    when = condition({"all": [atom(op, 5)]})

    assert all(when.holds({"x": value}) for value in true_for)
    assert not any(when.holds({"x": value}) for value in false_for)


@pytest.mark.parametrize("op", ["==", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_null_is_false_also_unequal(op):
    when = condition({"all": [atom(op, 5)]})

    assert not when.holds({"x": None})
    assert not when.holds({})


def test_null_is_asked_for_by_name():
    assert condition({"all": [atom("is-null")]}).holds({"x": None})
    assert condition({"all": [atom("is-null")]}).holds({})
    assert not condition({"all": [atom("is-null")]}).holds({"x": 0})
    assert condition({"all": [atom("is-not-null")]}).holds({"x": 0})
    assert not condition({"all": [atom("is-not-null")]}).holds({"x": None})


def test_fractions_are_exact():
    when = condition({"all": [atom(">=", "1/12")]})

    assert when.holds({"x": Fraction(1, 12)})
    assert not when.holds({"x": Fraction(1, 12) - Fraction(1, 10**12)})
    assert condition({"all": [atom("==", "-6/2")]}).holds({"x": -3})


def test_all_needs_every_atom_and_any_needs_one_alternative():
    low, high = {"all": [atom("<", 2)]}, {"all": [atom(">", 8), {"input": "y", "op": "==", "value": "yes"}]}

    when = condition({"any": [low, high]})

    assert when.holds({"x": 1})
    assert when.holds({"x": 9, "y": "yes"})
    assert not when.holds({"x": 9, "y": "no"})
    assert not when.holds({"x": 5, "y": "yes"})
    assert when.names() == {"x", "y"}


def test_a_parameter_is_looked_up_among_parameters_only():
    when = condition({"all": [{"param": "edition", "op": "==", "value": "gold-2026"}]})

    assert when.holds({}, {"edition": "gold-2026"})
    assert not when.holds({"edition": "gold-2026"}, {})
    assert when.names() == frozenset()


def test_otherwise_holds_for_nobody_by_itself():
    assert condition({"otherwise": True}) == Condition((), otherwise=True)
    assert not condition({"otherwise": True}).holds({"x": 1})


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"all": []},
        {"any": []},
        {"any": [{"any": []}]},
        {"any": [{}]},
        {"all": {}},
        {"otherwise": False},
        {"otherwise": True, "all": []},
        {"all": [atom("==", 1)], "any": []},
        {"all": [atom("==")]},
        {"all": [atom("==", 1.5)]},
        {"all": [{"input": "x", "op": "==", "value": True}]},
        {"all": [atom("==", "")]},
        {"all": [atom("=", 1)]},
        {"all": [atom("is-null", 1)]},
        {"all": [{"op": "==", "value": 1}]},
        {"all": [{"param": "p", "op": "is-null"}]},
        {"all": [atom("==", 1, param="p")]},
        "cat > 30",
    ],
    ids=str,
)
def test_another_shape_stops_the_start(raw):
    with pytest.raises(ContentError):
        condition(raw)


def test_a_text_that_is_no_fraction_is_a_code():
    assert condition({"all": [atom("==", "1/0")]}).holds({"x": "1/0"})
