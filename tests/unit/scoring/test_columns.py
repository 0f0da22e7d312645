"""Rows as columns of bits: each row once, and fractions leave nothing behind."""

from fractions import Fraction

from questionnaires.model import Text
from scoring.columns import columns_of
from scoring.condition import Atom
from scoring.levels import Colour, Urgency
from scoring.matched import MatchedRow, UsedInput


def outcome(name):
    return MatchedRow(name, Colour.RED, Urgency.ROUTINE, Text("", ""), Text("", ""))


def used(values):
    return {name: UsedInput(name, value, "present") for name, value in values.items()}


def test_a_row_of_which_two_alternatives_hold_matches_once():
    alternatives = ((Atom("a", ">", 1),), (Atom("b", ">", 1),))

    found = columns_of([(alternatives, outcome("K1"))]).matching(used({"a": 2, "b": 2}))

    assert [row.id for row in found] == ["K1"]


def test_whole_numbers_codes_and_nothing_are_remembered_and_fractions_are_not():
    columns = columns_of([(((Atom("a", ">", 1),),), outcome("K1"))])

    for value in (2, None, Fraction(3, 2)):
        columns.matching(used({"a": value}))

    ((_, column),) = columns.by_input
    assert list(column) == [2, None]
