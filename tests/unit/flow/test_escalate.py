"""A red that nobody received or decided on reaches a named person, then the operator, each once."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from delivery.escalation import Clocks, Step, Why, review
from delivery.operator_alarm import OperatorAlarm
from delivery.outbox import MessageKind, MessageState
from flow.escalate import EscalateReds, _tell
from flow.escalation_choice import ChooseEscalation
from flow.hand_over_report import HandOverReport
from kernel.errors import HandoverError, InvalidInputError, NotFoundError
from kernel.ids import PersonId
from scoring.levels import Colour
from security.actor import Role
from tests.builders import CLINIC_ID, a_person, an_actor
from tests.way import CONTENT, PUBLIC_URL, FakeOperator

OPERATOR = an_actor(Role.OPERATOR)


@pytest.fixture
def escalate(way):
    return EscalateReds(way.store, CONTENT, way.clock)


@pytest.fixture
def choose(way):
    return ChooseEscalation(way.store, CONTENT)


@pytest.fixture
def red(way):
    """A patient whose first answer is a danger sign."""
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    way.fill(way.asked(enrolled)["kol-status"], kol_status_1=True)
    with way.look() as tx:
        assert tx.suggestions.newest(enrolled.enrolment_id).alert.colour is Colour.RED
    return enrolled


def named(way):
    person = a_person(name="Lise Holm, læge")
    with way.store.write(CLINIC_ID, OPERATOR) as tx:
        tx.clinics.add_person(person)
    return person


def steps(way, enrolled):
    with way.look() as tx:
        found = tx.reds.open_of(enrolled.enrolment_id)
        return [(one.step, one.why, one.person_id) for one in tx.reds.steps(found.id)] if found else None


def events(way):
    return [report.event for report in way.inbox.taken]


def test_a_red_that_was_received_goes_to_the_named_person_when_nobody_decides(way, escalate, choose, red):
    person = named(way)
    choose.name(OPERATOR, person.id)
    way.dispatch()
    way.clock.move(minutes=120, microseconds=-1)
    assert escalate() == 0
    way.clock.move(microseconds=1)

    assert escalate() == 1
    way.dispatch()
    assert steps(way, red) == [(Step.PERSON, Why.NOT_DECIDED, person.id)]
    told = way.inbox.taken[-1]
    assert (told.event, told.escalation.why, told.escalation.person) == ("escalation", "not-decided", "Lise Holm, læge")
    assert told.suggestion.colour == "RED"


def test_a_red_that_the_inbox_has_not_taken_goes_to_the_person_after_a_quarter_of_an_hour(way, escalate, red):
    way.inbox.failures = [HandoverError("the practice system cannot be reached")] * 99
    way.dispatch()
    way.clock.move(minutes=14, seconds=59)
    assert escalate() == 0
    way.clock.move(seconds=1)

    assert escalate() == 1
    assert steps(way, red) == [(Step.PERSON, Why.NOT_RECEIVED, None)]


def test_an_escalation_does_not_wait_behind_the_answer_that_is_stuck(way, escalate, red):
    way.inbox.failures = [HandoverError("the practice system cannot be reached")]
    way.dispatch()
    way.clock.move(minutes=15)
    with way.store.queue() as queue:
        later = "UPDATE outbox SET due_at = '2030-01-01 00:00:00.000000' WHERE kind = 'inbox-answer'"
        queue.connection.exec_driver_sql(later)
    escalate()
    way.dispatch()

    assert events(way) == ["escalation"]


def test_the_operator_is_told_with_ids_only_when_it_is_still_so(way, escalate, red):
    operator = FakeOperator()
    way.dispatch()
    way.clock.move(minutes=120)
    escalate()
    way.clock.move(minutes=60, microseconds=-1)
    assert escalate() == 0
    way.clock.move(microseconds=1)
    assert escalate() == 1

    report = HandOverReport(way.store, CONTENT, way.dispatch.report.plans, PUBLIC_URL, operator)
    with way.look() as tx:
        (alarm,) = [one for one in tx.outbox.of_enrolment(red.enrolment_id) if one.kind is MessageKind.OPERATOR_ALARM]
        since = tx.reds.open_of(red.enrolment_id).since
    report(alarm)
    assert operator.told == [OperatorAlarm(alarm.id, CLINIC_ID, red.enrolment_id, since, Why.NOT_DECIDED, ())]
    assert [step for step, _, _ in steps(way, red)] == [Step.PERSON, Step.OPERATOR]


def test_each_step_is_taken_once_however_often_the_tick_comes(way, escalate, red):
    way.dispatch()
    told = 0
    for _ in range(40):
        way.clock.move(minutes=10)
        told += escalate() + escalate()

    assert told == 2
    assert [step for step, _, _ in steps(way, red)] == [Step.PERSON, Step.OPERATOR]


def test_a_step_that_another_worker_took_is_not_taken_again(way, escalate, red):
    way.dispatch()
    way.clock.move(minutes=120)
    escalate()
    with way.store.queue() as queue:
        queue.connection.exec_driver_sql("UPDATE escalation SET look_at = since")
    with way.look() as tx:
        before = len(tx.outbox.of_enrolment(red.enrolment_id))

    assert escalate() == 0
    with way.look() as tx:
        assert len(tx.outbox.of_enrolment(red.enrolment_id)) == before


def test_a_decision_ends_it_and_what_waits_to_be_told_is_told_no_more(way, escalate, red):
    way.dispatch()
    way.clock.move(minutes=120)
    escalate()
    way.decided(red, "RED")
    way.dispatch()
    way.clock.move(days=9)

    assert steps(way, red) is None
    assert escalate() == 0
    assert "escalation" not in events(way)


def test_a_new_red_after_a_decision_is_watched_anew(way, escalate, red):
    way.decided(red, "RED")
    way.clock.move(minutes=1)
    way.fill(way.asked(red)["mmrc"])
    with way.look() as tx:
        again = tx.reds.open_of(red.enrolment_id)
        newest = tx.suggestions.newest(red.enrolment_id)

    assert (again.suggestion_id, again.since) == (newest.id, newest.made_at)


def test_more_answers_do_not_start_the_clock_again(way, escalate, red):
    way.dispatch()
    with way.look() as tx:
        first = tx.reds.open_of(red.enrolment_id)
    way.clock.move(minutes=100)
    way.fill(way.asked(red)["mmrc"])
    way.dispatch()
    way.clock.move(minutes=20)

    assert escalate() == 1
    with way.look() as tx:
        assert tx.reds.open_of(red.enrolment_id).since == first.since


def test_nobody_is_told_of_what_is_not_red(way, escalate):
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled)
    way.clock.move(days=9)

    assert escalate() == 0
    assert steps(way, enrolled) is None


def test_nobody_is_told_of_a_patient_whose_package_ended(way, escalate, red):
    with way.store.queue() as queue:
        queue.connection.exec_driver_sql("UPDATE enrolment SET state = 'ended'")
    way.clock.move(days=9)

    assert escalate() == 0
    assert steps(way, red) is None


def test_a_step_is_logged_without_the_patient(way, escalate, red):
    way.clock.move(days=9)
    with capture_logs() as lines:
        escalate()
    (line,) = [line for line in lines if line["event"] == "escalated"]

    assert (line["outcome"], line["enrolment"]) == ("person", red.enrolment_id)
    assert red.patient_ref not in str(lines)


def test_a_clinic_sets_its_own_limit_and_it_holds_at_once(way, escalate, choose, red):
    way.dispatch()
    escalate()
    way.clock.move(minutes=30)
    assert escalate() == 0
    choose.limit(OPERATOR, 30)

    assert escalate() == 1
    shown = choose.shown(OPERATOR)
    assert (shown.decided_minutes, shown.is_own, shown.person) == (30, True, None)
    choose.limit(OPERATOR, None)
    assert (choose.shown(OPERATOR).decided_minutes, choose.shown(OPERATOR).is_own) == (120, False)


@pytest.mark.parametrize("minutes", [0, -1, 7 * 24 * 60 + 1])
def test_a_limit_that_is_none_is_refused(choose, minutes):
    with pytest.raises(InvalidInputError):
        choose.limit(OPERATOR, minutes)


def test_only_who_may_act_on_a_red_can_be_named(way, choose):
    person, admin = named(way), a_person(name="Anne Admin", role=Role.CLINIC_ADMIN)
    with way.store.write(CLINIC_ID, OPERATOR) as tx:
        tx.clinics.add_person(admin)

    for wrong in (admin.id, PersonId("nobody")):
        with pytest.raises(NotFoundError):
            choose.name(OPERATOR, wrong)
    choose.name(OPERATOR, person.id)
    assert choose.shown(OPERATOR).person == person
    assert choose.shown(OPERATOR).people == (person,)
    choose.name(OPERATOR, None)
    assert choose.shown(OPERATOR).person is None


def test_a_red_that_was_decided_while_the_tick_came_to_it_is_left_alone(way, escalate, red):
    way.clock.move(days=9)
    with way.look() as tx:
        found = tx.reds.open_of(red.enrolment_id)
    way.decided(red, "RED")

    assert not escalate._look(CLINIC_ID, found.id)


def test_two_workers_who_come_to_the_same_step_tell_it_once(way, escalate, red):
    way.clock.move(days=9)
    with way.store.write(CLINIC_ID, OPERATOR) as tx:
        found, enrolment = tx.reds.open_of(red.enrolment_id), tx.enrolments.get(red.enrolment_id)
        clocks = Clocks(CONTENT.escalation, tx.reds.choice(), tx.window)
        both = [_tell(tx, enrolment, found.id, review(found, clocks, tx.now), clocks) for _ in range(2)]
        told = [one for one in tx.outbox.of_enrolment(enrolment.id) if one.kind is MessageKind.INBOX_ESCALATION]

    assert both == [True, False]
    assert len(told) == 1


def test_an_alarm_of_what_was_decided_meanwhile_is_not_sent(way, escalate, red):
    operator = FakeOperator()
    for _ in range(2):
        way.clock.move(days=1)
        escalate()
    with way.look() as tx:
        (alarm,) = [one for one in tx.outbox.of_enrolment(red.enrolment_id) if one.kind is MessageKind.OPERATOR_ALARM]
    way.decided(red, "RED")

    handover = HandOverReport(way.store, CONTENT, {}, PUBLIC_URL, operator)(alarm)
    assert (handover.outcome, operator.told) == (MessageState.CANCELLED, [])
    with pytest.raises(ValueError, match="names its enrolment"):
        HandOverReport(way.store, CONTENT, {}, PUBLIC_URL, operator)(replace(alarm, enrolment_id=None))
