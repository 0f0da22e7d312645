"""Pausing, going on and ending: slots and the open occasion follow."""

from datetime import UTC, date, datetime

import pytest

from delivery.outbox import MessageState
from delivery.schedule import EnrolmentState, OccasionState, RequestState, SlotState
from kernel.errors import AccessError, ConflictError, InvalidInputError
from security.actor import Role
from tests.builders import an_actor
from tests.season import a_season


@pytest.fixture
def way(store, clock, keyring):
    return a_season(store, clock, keyring)


def messages(way, occasion):
    with way.look() as tx:
        return [message.state for message in tx.outbox.of_occasion(occasion.id)]


def test_a_pause_cancels_what_is_open_and_holds_what_is_planned(way):
    kol = way.enrolled()
    way.open_due()

    changed = way.change(way.doctor, kol.enrolment_id, EnrolmentState.PAUSED)

    assert changed.state is EnrolmentState.PAUSED
    occasion = way.occasion(kol)
    assert occasion.state is OccasionState.CANCELLED
    assert {one.state for one in way.asked(kol).values()} == {RequestState.CANCELLED}
    assert messages(way, occasion) == [MessageState.CANCELLED]
    assert way.states(kol, "periodic") == [SlotState.PLANNED]
    way.clock.at = datetime(2027, 7, 12, 12, tzinfo=UTC)
    assert way.open_due() == 0


def test_what_fell_due_in_a_pause_is_asked_once_when_it_goes_on(way):
    kol = way.enrolled()
    way.open_due()
    way.skip_all(kol)
    way.change(way.doctor, kol.enrolment_id, EnrolmentState.PAUSED)
    way.clock.at = datetime(2028, 2, 1, 12, tzinfo=UTC)

    way.change(way.doctor, kol.enrolment_id, EnrolmentState.ACTIVE)

    assert way.open_due() == 1
    assert way.open_due() == 0
    assert [(slot.nominal_date, slot.state) for slot in way.slots(kol, "periodic")] == [
        (date(2027, 7, 11), SlotState.CANCELLED),
        (date(2028, 1, 11), SlotState.OPEN),
        (date(2028, 7, 11), SlotState.PLANNED),
    ]


def test_the_end_cancels_everything_to_come(way):
    kol = way.enrolled()
    way.open_due()

    way.change(way.doctor, kol.enrolment_id, EnrolmentState.ENDED)

    assert set(way.states(kol)) == {SlotState.CANCELLED}
    with way.look() as tx:
        assert tx.schedule.running_series(kol.enrolment_id) == ()
    way.clock.at = datetime(2030, 1, 1, 12, tzinfo=UTC)
    assert way.open_due() == 0


def test_what_the_other_package_asks_stays_open(way):
    kol, lrs = way.both()
    way.open_due()

    way.change(way.doctor, kol.enrolment_id, EnrolmentState.ENDED)

    occasion = way.occasion(lrs)
    assert occasion.state is OccasionState.OPEN
    states = {name: request.state for name, request in way.asked(lrs).items()}
    assert {name for name, state in states.items() if state is RequestState.CANCELLED} == {"kol-status", "mmrc", "cat"}
    assert states["shk-draft"] is RequestState.REQUESTED
    way.skip_all(lrs, ("lrs-flags", "startback", "shk-draft"))
    assert way.occasion(lrs).state is OccasionState.COMPLETED


def test_an_occasion_whose_last_open_questions_leave_is_complete(way):
    kol, lrs = way.both()
    way.open_due()
    way.skip_all(lrs, ("lrs-flags", "startback", "shk-draft"))

    way.change(way.doctor, kol.enrolment_id, EnrolmentState.PAUSED)

    assert way.occasion(lrs).state is OccasionState.COMPLETED
    assert way.states(lrs, "start")[0] is SlotState.ANSWERED
    assert way.states(kol, "start") == [SlotState.CANCELLED]


def test_leaving_does_not_touch_an_occasion_of_the_other_package_alone(way):
    kol = way.enrolled()
    way.open_due()
    way.skip_all(kol)
    lrs = way.enrolled(package="LRS")
    way.open_due()

    way.change(way.doctor, kol.enrolment_id, EnrolmentState.PAUSED)

    assert way.occasion(lrs).state is OccasionState.OPEN
    assert {one.state for one in way.asked(lrs).values()} == {RequestState.REQUESTED}


def test_the_same_state_again_changes_nothing_and_the_end_is_the_end(way):
    kol = way.enrolled()
    way.open_due()
    way.change(way.doctor, kol.enrolment_id, EnrolmentState.ACTIVE)
    assert way.occasion(kol).state is OccasionState.OPEN

    way.change(way.doctor, kol.enrolment_id, EnrolmentState.ENDED)
    way.change(way.doctor, kol.enrolment_id, EnrolmentState.ENDED)
    for state in (EnrolmentState.ACTIVE, EnrolmentState.PAUSED):
        with pytest.raises(ConflictError, match="ended"):
            way.change(way.doctor, kol.enrolment_id, state)
    with pytest.raises(ConflictError, match="ended"):
        way.control_month(way.doctor, kol.enrolment_id, 3)


def test_who_may_not_enrol_may_not_change(way):
    kol = way.enrolled()

    with pytest.raises(AccessError):
        way.change(an_actor(Role.PATIENT), kol.enrolment_id, EnrolmentState.PAUSED)


@pytest.mark.parametrize("month", [0, 13])
def test_a_control_month_is_a_month(way, month):
    kol = way.enrolled()

    with pytest.raises(InvalidInputError):
        way.control_month(way.doctor, kol.enrolment_id, month)
