"""Exact numbers: whole ones are integers, all others fractions, and none is ever a float."""

from fractions import Fraction

import pytest

from scoring.change import Change, judge
from scoring.number import plain, read_number
from scoring.result import Score


@pytest.mark.parametrize(
    ("value", "expected"), [(Fraction(24), 24), (24, 24), (Fraction(0), 0), (Fraction(-3), -3)], ids=repr
)
def test_a_whole_number_is_an_integer(value, expected):
    found = plain(value)

    assert (found, type(found)) == (expected, int)


def test_another_number_stays_a_fraction():
    assert plain(Fraction(160, 7)) == Fraction(160, 7)


@pytest.mark.parametrize("value", [24, 0, -3, Fraction(160, 7), Fraction(-1, 3)], ids=str)
def test_what_is_written_is_read_back_as_the_same_kind_of_number(value):
    found = read_number(str(value))

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("kind", [int, Fraction], ids=["integers", "fractions"])
def test_a_change_between_whole_numbers_is_judged_exactly(kind):
    earlier, current = (
        Score("x", kind(value), str(value), None, estimated=False, answered=1, missing=0) for value in (7, 9)
    )

    judged = judge(Change("x", 2, percent=30), current, earlier)

    assert (judged.verdict, judged.delta, judged.percent) == ("stable", 2, Fraction(200, 7))
    assert isinstance(judged.percent, Fraction)


def test_a_percentage_of_a_whole_number_is_no_float():
    # 30 % of 7 is 21/10, which no float is.
    assert Change("x", 2, percent=30).threshold(7) == Fraction(21, 10)
