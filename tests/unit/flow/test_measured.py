"""What a clinician measured and what the patient wants: kept with the decision, the goal until another is written."""

from decimal import Decimal

import pytest

from kernel.errors import InvalidInputError
from tests.unit.flow.results import decisions


def test_measurements_and_goal_are_kept_with_the_decision(way, answered):
    decision = way.decided(answered, goal=" Gå en tur med hunden. ", measurements={"mrc": "3", "fev1-percent": "62,5"})

    assert decisions(way, answered) == (decision,)
    assert decision.goal == "Gå en tur med hunden."
    assert dict(decision.measurements) == {"mrc": Decimal(3), "fev1-percent": Decimal("62.5")}


def test_a_goal_stands_until_another_is_written_and_measurements_are_as_old_as_their_decision(way, answered):
    first = way.decided(answered, goal="Gå en tur.", measurements={"mrc": "3"})
    second = way.decided(answered, "YELLOW")
    third = way.decided(answered, "YELLOW", goal="Cykle igen.", reason="Nyt mål.")
    fourth = way.decided(answered, "YELLOW", goal="", reason="Intet mål.")

    assert [one.goal for one in (first, second, third, fourth)] == ["Gå en tur.", "Gå en tur.", "Cykle igen.", ""]
    assert dict(second.measurements) == {}


@pytest.mark.parametrize("length", [300, 301])
def test_a_goal_has_at_most_300_characters(way, answered, length):
    if length <= 300:
        assert way.decided(answered, goal="å" * length).goal == "å" * length
        return
    with pytest.raises(InvalidInputError) as refused:
        way.decided(answered, goal="å" * length)

    assert [(issue.expression, issue.rule) for issue in refused.value.issues] == [("goal", "goal-too-long")]


def test_measurements_that_cannot_be_are_named_with_every_other_fault(way, answered):
    with pytest.raises(InvalidInputError) as refused:
        way.decided(answered, level=7, measurements={"mrc": "6", "weight": "70"})

    assert [issue.rule for issue in refused.value.issues] == ["not-a-level", "not-a-number", "not-a-measurement"]
    assert decisions(way, answered) == ()


@pytest.mark.parametrize("change", [{"goal": "Cykle."}, {"measurements": {"mrc": "2"}}], ids=["goal", "measurement"])
def test_a_decision_with_another_goal_or_measurement_is_no_repetition(way, answered, change):
    way.decided(answered)
    way.decided(answered)
    way.decided(answered, **change)

    assert len(decisions(way, answered)) == 2
