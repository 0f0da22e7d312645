"""Expressions of single steps, in words of the FHIRPath specification (N1, June 2022: literals, `div`, `iif`)."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from scoring.combination import percent
from scoring.condition import Atom, Condition
from scoring.export_formula import Comparing, Ratio, enough, formula, times
from scoring.export_terms import Alike, NotExpressibleError, Place, literal, places
from scoring.missing import MissingRule
from scoring.operations import Constants
from tests.unit.scoring.content import CATALOGUE

CAT = next(rule for rule in CATALOGUE.rules() if rule.version.id == "cat").scores["catTotal"]


def definition(op, **constants):
    """A score of one operation with these constants."""
    return replace(CAT, op=op, constants=Constants(**constants))


@pytest.mark.parametrize(
    ("factor", "number", "found"),
    [(1, "%a", "%a"), (3, "%a", "(3 * %a)"), (3, "1", "3"), (1, "1", "1"), (0, "%a", "(0 * %a)")],
)
def test_a_product_is_written_the_shortest_way(factor, number, found):
    assert times(factor, number) == found


@pytest.mark.parametrize(
    ("op", "constants", "found"),
    [
        ("sum", {}, ("%p", "1")),
        ("value", {"offset": 1}, ("(%p + 1)", "1")),
        ("value", {"offset": -1}, ("(%p - 1)", "1")),
        ("count-true", {"offset": 2}, ("(%p + 2)", "1")),
        ("mean", {}, ("%p", "%n")),
        ("share-ge", {"multiply": 100}, ("(100 * %p)", "%n")),
        ("share-le", {"multiply": 1}, ("%p", "%n")),
        ("percent-of-max", {"highest": 5}, ("(100 * %p)", "(5 * %n)")),
        ("one-minus-decrements", {"per": 1000}, ("(1000 - %p)", "1000")),
    ],
)
def test_each_operation_is_a_numerator_over_a_denominator(op, constants, found):
    assert formula(definition(op, **constants), "%p", "%n") == found


def test_an_operation_without_a_formula_says_so():
    with pytest.raises(NotExpressibleError, match=r"^profile has no formula$"):
        formula(definition("profile"), "%p", "%n")


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (Ratio("%t"), Ratio("%t")),
        (Ratio("%t", "%n"), Ratio("(((2 * %t) + %n) div (2 * %n))", "1")),
        (Ratio("%t", "8", 1), Ratio("(((20 * %t) + 8) div (2 * 8))", "10")),
        (Ratio("%t", "%n", 2), Ratio("(((200 * %t) + %n) div (2 * %n))", "100")),
    ],
    ids=["whole", "no decimal", "one decimal", "two decimals"],
)
def test_half_is_rounded_up_on_the_last_shown_decimal(ratio, shown):
    assert ratio.shown() == shown


@pytest.mark.parametrize(("ratio", "value"), [(Ratio("%t"), "%t"), (Ratio("%t", "8"), "%t / 8")])
def test_a_number_is_its_numerator_over_its_denominator(ratio, value):
    assert ratio.value() == value


@pytest.mark.parametrize(
    ("rule", "params", "found"),
    [
        (MissingRule("strict"), {}, "%n = 8"),
        (MissingRule("impute-mean", 6), {}, "%n >= 6"),
        (MissingRule("impute-mean", "fewest"), {"fewest": 7}, "%n >= 7"),
        (MissingRule("strict-no", 0), {}, "%n >= 1"),
        (MissingRule("known-from", threshold=2), {}, "%n = 8 or %p >= 2"),
        (MissingRule("known-from", threshold="cut"), {"cut": 3}, "%n = 8 or %p >= 3"),
    ],
    ids=str,
)
def test_each_rule_for_gaps_says_when_a_score_counts(rule, params, found):
    assert enough(rule, "%p", "%n", 8, params) == found


def test_a_rule_for_gaps_without_an_expression_says_so():
    with pytest.raises(NotExpressibleError, match=r"^all-completions has no expression$"):
        enough(MissingRule("all-completions"), "%p", "%n", 8, {})


COMPARING = Comparing({"n": Ratio("%n", "%d")}, {"c": "%c"}, {"edition": "new"})


@pytest.mark.parametrize(
    ("atom", "found"),
    [
        (Atom("edition", "==", "new", is_param=True), "true"),
        (Atom("edition", "==", "old", is_param=True), "false"),
        (Atom("edition", "!=", "old", is_param=True), "true"),
        (Atom("c", "==", "high"), "%c = 'high'"),
        (Atom("c", "!=", "high"), "%c != 'high'"),
        (Atom("c", "is-null"), "%c.empty()"),
        (Atom("n", "is-not-null"), "%n.exists()"),
        (Atom("n", ">=", 10), "%n >= (10 * %d)"),
        (Atom("n", "==", 10), "%n = (10 * %d)"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_a_comparison_is_written_in_whole_numbers_and_texts(atom, found):
    assert COMPARING.condition(Condition(((atom,),))) == found


def test_alternatives_stand_in_brackets():
    either = Condition(((Atom("n", ">", 1), Atom("n", "<", 5)), (Atom("c", "is-null"),)))

    assert COMPARING.condition(either) == "(%n > %d and %n < (5 * %d)) or (%c.empty())"


@pytest.mark.parametrize(
    ("code", "found"),
    [("a", "'a'"), ("it's", r"'it\'s'"), ("a\\b", r"'a\\b'"), ("\\'", r"'\\\''"), ("", "''")],
    ids=["plain", "quote", "backslash", "both", "nothing"],
)
def test_a_text_is_escaped_as_fhirpath_says(code, found):
    assert literal(code) == found


def test_an_item_is_found_by_the_way_from_the_response():
    nested: list[dict[str, Any]] = [
        {"linkId": "a", "type": "choice", "answerOption": [{"valueCoding": {"code": "x"}}, {"valueString": "y"}]},
        {
            "linkId": "g",
            "type": "group",
            "enableWhen": [{"question": "a"}],
            "item": [
                {"linkId": "b", "type": "boolean", "item": [{"linkId": "c", "type": "integer"}]},
                {"linkId": "d", "type": "boolean", "enableWhen": [{"question": "b"}]},
            ],
        },
    ]

    assert places(nested) == {
        "a": Place("%resource.item", "choice", ("x",), ()),
        "g": Place("%resource.item", "group", (), ("a",)),
        "b": Place("%resource.item.where(linkId = 'g').item", "boolean", (), ("a",)),
        "c": Place("%resource.item.where(linkId = 'g').item.where(linkId = 'b').answer.item", "integer", (), ("a",)),
        "d": Place("%resource.item.where(linkId = 'g').item", "boolean", (), ("a", "b")),
    }


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("choice", "%resource.item.where(linkId = 'a').answer.value.code"),
        ("boolean", "%resource.item.where(linkId = 'a').answer.value"),
        ("integer", "%resource.item.where(linkId = 'a').answer.value"),
    ],
)
def test_a_choice_is_read_by_its_code_and_all_else_by_its_value(kind, found):
    assert Alike(Place("%resource.item", kind, ("x",), ()), (("x", 1),), ("a",)).given() == found


@pytest.mark.parametrize(
    ("value", "found"),
    [(None, None), ("high", None), (0, Fraction(0)), (3, Fraction(75)), (Fraction(1, 3), Fraction(25, 3))],
    ids=str,
)
def test_a_percentage_is_of_the_highest_value_and_nothing_of_nothing(value, found):
    assert percent(value, Constants(highest=4)) == found
