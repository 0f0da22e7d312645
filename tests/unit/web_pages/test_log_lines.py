"""A line of the patient's own log: what it says of an act, without saying who of the staff did it."""

import pytest

from flow.audit_log import REFUSED
from flow.relation import NO_RELATION
from kernel.ids import new_id
from security.actor import Role
from store.repositories.audit import FiledEvent
from tests.builders import NOW
from web.patient.own_log import Line


def line(action, purpose="treatment", role=Role.CLINICIAN):
    return Line(FiledEvent(new_id(), NOW, role, "someone", None, action, "Patient/1", (), purpose))


@pytest.mark.parametrize(
    ("action", "purpose", "said"),
    [
        pytest.param("read", "treatment", ("R", "staff", "treatment"), id="a look"),
        pytest.param("research-export", "research", ("E", "staff", "research"), id="research"),
        pytest.param(REFUSED, "treatment", ("refused", "stranger", "treatment"), id="somebody else with the link"),
        pytest.param("refuse", NO_RELATION, ("unrelated", "staff", NO_RELATION), id="staff without a relation"),
        pytest.param("new", "something new", ("E", "staff", "other"), id="a purpose that has no words yet"),
    ],
)
def test_a_line_says_kind_of_act_who_in_kind_and_why(action, purpose, said):
    shown = line(action, purpose)

    assert (shown.act, shown.who, shown.purpose) == said


def test_what_the_service_does_is_nobody_of_the_staff():
    assert line("research-export", "research", Role.OPERATOR).who == "service"
