"""What a clinician wrote into the decision form: read into an order, or told field by field."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from flow.decide import ActionOrder
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import EnrolmentId
from web.clinic.entered import Entered, faults_of

FORM = [
    ("suggestion", "s1"),
    ("amends", ""),
    ("colour", "RED"),
    ("level", "2"),
    ("dimension.burden", "RED"),
    ("dimension.support", ""),
    ("action", "spirometry"),
    ("action", "follow-up"),
    ("action_due", "2099-02-01"),
    ("note", "Om morgenen."),
    ("next_due", ""),
    ("goal", "Gå en tur."),
    ("measurement.mrc", "3"),
    ("measurement.fev1-percent", " "),
]


def entered(**changes):
    return Entered(MultiDict([*((name, value) for name, value in FORM if name not in changes), *changes.items()]))


def test_a_form_is_read_into_an_order():
    order = entered(amends="d1", new_episode="yes").order(EnrolmentId("e1"))

    due = date(2099, 2, 1)
    assert (order.suggestion_id, order.colour, order.level, order.amends) == ("s1", "RED", 2, "d1")
    assert order.dimensions == {"burden": "RED"}
    assert order.actions == (
        ActionOrder("spirometry", due, "Om morgenen."),
        ActionOrder("follow-up", due, "Om morgenen."),
    )
    assert (order.next_due, order.new_episode) == (None, True)
    assert (order.goal, order.measurements) == ("Gå en tur.", {"mrc": "3"})


def test_what_was_left_open_is_open():
    order = Entered().order(EnrolmentId("e1"))

    assert (order.colour, order.level, order.actions, order.amends, order.new_episode) == ("", None, (), None, False)
    assert (order.goal, order.measurements) == (None, {}), "a goal that was not on the form stays as it was"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"next_due": "i morgen"}, {"next_due": "date"}),
        ({"action_due": "31-02-2099"}, {"action_due": "date"}),
        ({"reason": "x" * 2001}, {"reason": "too-long"}),
        ({"note": "x" * 501}, {"note": "too-long"}),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(change, fault):
    with pytest.raises(InvalidInputError) as refused:
        entered(**change).order(EnrolmentId("e1"))

    assert faults_of(refused.value) == fault


@pytest.mark.parametrize(
    ("issue", "fault"),
    [
        (Issue("x", "x", "dimensions.burden", rule="not-a-decision"), {"dimensions": "other"}),
        (Issue("x", "x", "dimensions", rule="unknown-dimension"), {"dimensions": "other"}),
        (Issue("x", "x", "colour", rule="not-a-decision"), {"colour": "colour"}),
        (Issue("x", "x", "reason", rule="amendment-without-reason"), {"reason": "amendment"}),
        (Issue("x", "x", "level", rule="not-a-level"), {"colour": "other"}),
        (Issue("x", "x", "goal", rule="goal-too-long"), {"goal": "goal"}),
        (Issue("x", "x", "measurements.mrc", rule="not-a-number"), {"measurement.mrc": "measurement"}),
        (Issue("x", "x", "measurements", rule="not-a-measurement"), {"colour": "other"}),
    ],
)
def test_a_refused_decision_is_told_at_its_field(issue, fault):
    assert faults_of(InvalidInputError("x", issues=[issue])) == fault


@pytest.mark.parametrize(("rule", "words"), [("newer-answer", "conflict"), ("newer-decision", "decided-meanwhile")])
def test_what_happened_meanwhile_is_told(rule, words):
    assert faults_of(ConflictError("x", issues=[Issue("conflict", "x", rule=rule)])) == {"colour": words}
