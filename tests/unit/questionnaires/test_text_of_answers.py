"""What an answer is as text, where lengths and patterns are asked, and that unlike answers never compare."""

from decimal import Decimal

import pytest

from questionnaires.comparison import compare
from questionnaires.dated import dated_of
from questionnaires.kinds import Coded, Quantity
from questionnaires.limits import text_of
from tests.unit.questionnaires.any_form import a, ext, form, q, rules


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (True, "true"),
        (False, "false"),
        (-12, "-12"),
        (Decimal("1.250"), "1.250"),
        ("a b", "a b"),
        (dated_of("2026-02"), "2026-02"),
        (Coded("s", "x"), ""),
        (Quantity(Decimal(5)), ""),
    ],
    ids=str,
)
def test_a_simple_answer_is_as_long_as_it_stands_in_json(answer, text):
    assert text_of(answer) == text


def test_a_yes_is_four_letters_long_and_a_no_five():
    for most, found in ((5, []), (4, ["maxLength"])):
        assert rules(form(q("i", "boolean", maxLength=most)), a("i", ("Boolean", False))) == found
    for most, found in ((4, []), (3, ["maxLength"])):
        assert rules(form(q("i", "boolean", maxLength=most)), a("i", ("Boolean", True))) == found


def test_a_coding_has_no_text_to_measure():
    coding = a("i", ("Coding", {"system": "s:s", "code": "long"}))

    assert rules(form(q("i", "open-choice", ext("minLength", "Integer", 9))), coding) == []
    assert rules(form(q("i", "open-choice", maxLength=1)), coding) == []


@pytest.mark.parametrize("told", ["=", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize(
    ("given", "wanted"),
    [(5, "5"), ("5", 5), (5, Coded("s", "5")), (True, 1), (1, True), (Decimal(1), True), ("x", Coded("", "x"))],
    ids=repr,
)
def test_answers_of_different_kinds_only_ever_differ(told, given, wanted):
    assert compare(told, given, wanted) is (told == "!=")
