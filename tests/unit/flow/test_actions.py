"""What was agreed with a patient is begun, done or dropped."""

from datetime import date

import pytest

from flow.actions import MoveAction
from flow.decide import ActionOrder
from kernel.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from kernel.ids import ActionId
from scoring.actions import ActionState
from security.actor import Role
from tests.builders import OTHER_CLINIC_ID, an_actor

DUE = date(2027, 2, 1)


@pytest.fixture
def agreed(way):
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled, points=3)
    orders = (ActionOrder("spirometry", DUE, "Husk pausering af inhalator."), ActionOrder("follow-up"))
    return way.decided(enrolled, "YELLOW", actions=orders)


@pytest.fixture
def move(way):
    return MoveAction(way.store)


def stored(way, decision):
    with way.look() as tx:
        return tx.actions.of_enrolment(decision.enrolment_id)


def test_what_was_agreed_is_requested_with_its_date_and_note(way, agreed):
    spirometry, follow_up = stored(way, agreed)

    assert (spirometry.code, spirometry.due, spirometry.note) == ("spirometry", DUE, "Husk pausering af inhalator.")
    assert (follow_up.code, follow_up.due, follow_up.note) == ("follow-up", None, "")
    assert {one.state for one in stored(way, agreed)} == {ActionState.REQUESTED}
    assert {one.decision_id for one in stored(way, agreed)} == {agreed.id}
    assert agreed.actions == stored(way, agreed)


def test_it_is_begun_and_done_and_the_decision_shows_it_as_it_stands(way, agreed, move):
    for state in ("in-progress", "completed"):
        way.clock.move(hours=1)
        moved = move(way.doctor, agreed.actions[0].id, state)

    assert (moved.state, moved.changed_at) == (ActionState.COMPLETED, way.clock.now())
    assert moved.agreed_at == agreed.decided_at
    with way.look() as tx:
        assert tx.decisions.get(agreed.id).actions[0] == moved


def test_every_move_is_on_record_and_told_to_the_plan(way, agreed, move):
    with way.look() as tx:
        before = len(tx.outbox.of_enrolment(agreed.enrolment_id))

    move(way.doctor, agreed.actions[1].id, "cancelled")
    move(way.doctor, agreed.actions[1].id, "cancelled")

    with way.look() as tx:
        assert [event.entity for event in tx.audit.events() if event.action == "move"] == [
            f"Task/{agreed.actions[1].id}"
        ]
        assert len(tx.outbox.of_enrolment(agreed.enrolment_id)) == before + 1


@pytest.mark.parametrize("state", ["requested", "in-progress", "cancelled"])
def test_what_is_done_stays_done(way, agreed, move, state):
    move(way.doctor, agreed.actions[0].id, "completed")

    with pytest.raises(ConflictError) as refused:
        move(way.doctor, agreed.actions[0].id, state)

    assert refused.value.issues[0].rule == "not-a-move"
    assert stored(way, agreed)[0].state is ActionState.COMPLETED


def test_a_state_that_there_is_not_changes_nothing(way, agreed, move):
    with pytest.raises(InvalidInputError) as refused:
        move(way.doctor, agreed.actions[0].id, "postponed")

    assert refused.value.issues[0].rule == "not-a-state"
    assert stored(way, agreed) == agreed.actions


def test_another_clinics_action_is_not_there(way, agreed, move):
    for actor, action_id in (
        (an_actor(Role.CLINICIAN, OTHER_CLINIC_ID), agreed.actions[0].id),
        (way.doctor, ActionId("nothing")),
    ):
        with pytest.raises(NotFoundError):
            move(actor, action_id, "completed")


def test_staff_move_actions_without_a_delegation_and_nobody_outside_the_clinic_does(way, agreed, move):
    assert move(an_actor(Role.CLINIC_STAFF), agreed.actions[0].id, "in-progress").state is ActionState.IN_PROGRESS

    for role in (Role.SYSTEM, Role.PATIENT, Role.CLINIC_ADMIN, Role.CHANNEL):
        with pytest.raises(AccessError):
            move(an_actor(role), agreed.actions[0].id, "completed")
