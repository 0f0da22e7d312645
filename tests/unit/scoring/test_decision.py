import pytest

from kernel.errors import InvalidInputError
from scoring.decision import decided_colour
from scoring.levels import Colour, DifferentiationLevel, Urgency


def test_colours_and_urgencies_are_ordered_from_best_to_worst():
    assert sorted(Colour, key=lambda one: one.severity) == [Colour.GREEN, Colour.UNKNOWN, Colour.YELLOW, Colour.RED]
    assert sorted(Urgency, key=lambda one: one.severity) == [
        Urgency.ROUTINE,
        Urgency.PLANNED_4_WEEKS,
        Urgency.WITHIN_2_WEEKS,
        Urgency.WITHIN_1_WEEK,
        Urgency.SAME_DAY,
        Urgency.EMERGENCY,
    ]
    assert [int(level) for level in DifferentiationLevel] == [1, 2, 3]


@pytest.mark.parametrize("code", ["GREEN", "YELLOW", "RED"])
def test_a_clinician_may_confirm_without_a_reason(code):
    assert decided_colour(code, suggested=Colour(code), reason="") is Colour(code)


@pytest.mark.parametrize("code", ["UNKNOWN", "green", "BLUE", ""])
def test_any_other_code_is_no_decision(code):
    with pytest.raises(InvalidInputError) as caught:
        decided_colour(code, suggested=Colour.GREEN, reason="because")

    assert caught.value.issues[0].rule == "not-a-decision"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_another_colour_needs_a_reason(reason):
    with pytest.raises(InvalidInputError) as caught:
        decided_colour("GREEN", suggested=Colour.RED, reason=reason)

    assert (caught.value.issues[0].rule, caught.value.issues[0].expression) == ("reason-missing", "reason")
    assert decided_colour("GREEN", suggested=Colour.RED, reason="seen today") is Colour.GREEN


def test_an_unknown_suggestion_leaves_the_choice_free():
    assert decided_colour("YELLOW", suggested=Colour.UNKNOWN, reason="") is Colour.YELLOW
