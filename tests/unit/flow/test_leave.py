"""A patient who does not want to answer: not this time, a pause, or never; the clinic sees it, and a pause ends."""

from datetime import timedelta

import pytest

from delivery.leave import LeaveKind
from delivery.patient_status import StatusKind
from delivery.schedule import EnrolmentState, OccasionState, RequestState
from flow.enrolment_state import ChangeEnrolmentState
from flow.form import LinkClosedError, PatientForm, Visit
from flow.leave import Choice, EndPauses, LeaveForm
from flow.unsent import UnsentDangers
from kernel.errors import AccessError, InvalidInputError
from security.actor import Role
from tests.builders import CLINIC_ID, an_actor
from tests.way import CONTENT

ONCE, STOP, FOUR_WEEKS = Choice(LeaveKind.ONCE), Choice(LeaveKind.STOP), Choice(LeaveKind.PAUSE, 4)


@pytest.fixture
def form(way):
    return PatientForm(way.store, CONTENT, way.clock, way.receive)


@pytest.fixture
def leave(way):
    return LeaveForm(way.store, CONTENT)


@pytest.fixture
def end(way):
    return EndPauses(way.store, way.clock)


@pytest.fixture
def enrolled(way):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    return enrolled


@pytest.fixture
def visit(way, enrolled):
    return Visit(CLINIC_ID, way.occasion(enrolled).id, enrolled.patient_ref)


def state(way, enrolled):
    with way.look() as tx:
        return tx.enrolments.get(enrolled.enrolment_id).state


def told(way):
    way.dispatch()
    return [(report.event, report.leave.kind, report.leave.until) for report in way.inbox.taken if report.leave]


@pytest.mark.parametrize(
    ("choice", "why", "after"),
    [
        pytest.param(ONCE, "declined", EnrolmentState.ACTIVE, id="not this time"),
        pytest.param(FOUR_WEEKS, "paused", EnrolmentState.PAUSED, id="a pause"),
        pytest.param(STOP, "stopped", EnrolmentState.ACTIVE, id="never"),
    ],
)
def test_the_form_is_closed_and_says_why(way, form, leave, visit, enrolled, choice, why, after):
    leave(visit, choice)

    overview = form.overview(visit)
    assert (overview.state, overview.why_closed) == (OccasionState.CANCELLED, why)
    assert {one.request.state for one in overview.forms} == {RequestState.CANCELLED}
    assert state(way, enrolled) is after


def test_the_clinic_is_told_what_and_until_when(way, leave, visit):
    today = way.clock.now().date()

    leave(visit, FOUR_WEEKS)

    assert told(way) == [("left", "pause", today + timedelta(weeks=4))]


def test_a_second_click_changes_nothing(way, leave, visit):
    leave(visit, ONCE)
    leave(visit, STOP)

    assert told(way) == [("left", "once", None)]
    with way.look() as tx:
        assert tx.statuses.stopping(visit.patient_ref) == frozenset()


def test_who_wants_no_questions_any_more_is_recorded_as_by_a_feed(way, leave, visit):
    leave(visit, STOP)

    with way.look() as tx:
        status = tx.statuses.of(visit.patient_ref)[StatusKind.DECLINED]
    assert (status.value, status.source) == (True, "patient")


def test_a_pause_ends_on_its_day_and_not_the_day_before(way, leave, visit, end, enrolled):
    leave(visit, FOUR_WEEKS)
    way.clock.move(days=27)
    assert (end(), state(way, enrolled)) == (0, EnrolmentState.PAUSED)

    way.clock.move(days=1)

    assert (end(), end(), state(way, enrolled)) == (1, 0, EnrolmentState.ACTIVE)


def test_what_the_clinic_says_meanwhile_stands(way, leave, visit, end, enrolled):
    change = ChangeEnrolmentState(way.store, CONTENT)
    leave(visit, FOUR_WEEKS)
    change(way.system, enrolled.enrolment_id, EnrolmentState.ACTIVE)
    change(way.system, enrolled.enrolment_id, EnrolmentState.PAUSED)
    way.clock.move(weeks=4)

    assert (end(), state(way, enrolled)) == (0, EnrolmentState.PAUSED)


def test_a_pause_by_the_clinic_is_not_ended_by_the_patient_s(way, leave, visit, end, enrolled):
    ChangeEnrolmentState(way.store, CONTENT)(way.system, enrolled.enrolment_id, EnrolmentState.ENDED)
    with pytest.raises(LinkClosedError):
        leave(visit, FOUR_WEEKS)

    assert (end(), state(way, enrolled)) == (0, EnrolmentState.ENDED)


@pytest.mark.parametrize(
    "choice",
    [Choice(LeaveKind.PAUSE, 3), Choice(LeaveKind.PAUSE), Choice(LeaveKind.ONCE, 4), Choice(LeaveKind.STOP, 4)],
)
def test_a_pause_that_is_not_offered_is_refused(way, form, leave, visit, choice):
    with pytest.raises(InvalidInputError):
        leave(visit, choice)

    assert form.overview(visit).state is OccasionState.OPEN


def test_after_the_deadline_there_is_nothing_to_leave(way, leave, visit, enrolled):
    way.clock.at = way.occasion(enrolled).expires_at

    with pytest.raises(LinkClosedError) as caught:
        leave(visit, ONCE)

    assert caught.value.why == "expired"


def test_a_danger_answer_is_told_although_the_patient_left(way, form, leave, visit, enrolled):
    form.save(visit, way.asked(enrolled)["kol-status"].id, "kol-status-1", (True,))
    leave(visit, ONCE)
    way.clock.move(minutes=30)

    assert UnsentDangers(way.store, CONTENT, way.clock)() == 1


def test_the_patient_s_page_in_the_clinic_says_what_was_chosen_until_a_pause_is_over(way, leave, visit, end, enrolled):
    assert leave.left(way.doctor, enrolled.enrolment_id) is None
    leave(visit, FOUR_WEEKS)
    assert leave.left(way.doctor, enrolled.enrolment_id).kind is LeaveKind.PAUSE
    way.clock.move(weeks=4)
    end()

    assert leave.left(way.doctor, enrolled.enrolment_id) is None
    with pytest.raises(AccessError):
        leave.left(an_actor(Role.SYSTEM), enrolled.enrolment_id)
