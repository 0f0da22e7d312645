"""What a target refuses reaches a person: the clinic's inbox and pages, and the operator where the inbox refuses."""

from dataclasses import replace

import pytest

from delivery.backlog import Wanted
from delivery.operator_alarm import OperatorAlarm
from delivery.outbox import MessageKind, MessageState
from flow.attention import Attention, Waiting
from flow.hand_over_report import HandOverReport
from flow.refusal import tell_refused
from kernel.errors import AccessError, ConflictError, HandoverError, NotFoundError
from kernel.ids import MessageId
from security.actor import Role
from tests.builders import CLINIC_ID, an_actor
from tests.way import CONTENT, PUBLIC_URL, FakeOperator

NURSE = an_actor(Role.CLINIC_STAFF, id="nurse")
REFUSAL = HandoverError("answered 422", permanent=True)


@pytest.fixture
def attention(way):
    return Attention(way.store)


def empty(way):
    while way.dispatch():
        pass


def answer(way):
    enrolled = way.enrolled()
    way.open_due()
    empty(way)
    way.answer_all(enrolled)
    return enrolled


def messages(way, enrolled, kind):
    with way.look() as tx:
        return [one for one in tx.outbox.of_enrolment(enrolled.enrolment_id) if one.kind is kind]


def test_a_plan_that_refuses_is_told_to_the_clinics_inbox_and_shown_on_its_pages(way, attention):
    way.plan.failures = [REFUSAL]
    enrolled = answer(way)
    empty(way)
    told = [report for report in way.inbox.taken if report.event == "refused"]

    assert [report.refused_by for report in told] == [("flp",)]
    assert attention.waiting(NURSE) == Waiting(reds=0, refused=1)
    (report,) = attention.listed(NURSE).refused
    assert (report.target, report.kind, report.name) == ("flp", MessageKind.PLAN_REPORT, "Nancy Berggren")
    assert messages(way, enrolled, MessageKind.OPERATOR_ALARM) == []


def test_an_inbox_that_refuses_is_shown_on_the_pages_and_told_to_the_operator(way, attention):
    way.inbox.failures = [REFUSAL]
    enrolled = answer(way)
    way.dispatch()
    (alarm,) = messages(way, enrolled, MessageKind.OPERATOR_ALARM)
    (report,) = attention.listed(NURSE).refused
    operator = FakeOperator()

    HandOverReport(way.store, CONTENT, {}, PUBLIC_URL, operator)(alarm)
    assert report.target == "lps-inbox"
    assert [(type(one), one.clinic_id, one.red_since) for one in operator.told] == [(OperatorAlarm, CLINIC_ID, None)]
    assert [(one.message_id, one.target) for one in operator.told[0].refused] == [(report.message_id, "lps-inbox")]
    assert alarm.state is MessageState.ACCEPTED, "without an address the log and the metrics tell it"


def test_what_was_handled_leaves_the_list_and_is_told_no_more(way, attention):
    way.plan.failures = [REFUSAL]
    answer(way)
    empty(way)
    (report,) = attention.listed(NURSE).refused
    attention.handled(NURSE, report.message_id)

    assert attention.waiting(NURSE) == Waiting()
    with pytest.raises(ConflictError):
        attention.handled(NURSE, report.message_id)
    with way.look() as tx:
        assert tx.outbox.get(report.message_id).state is MessageState.CANCELLED
        assert [act for act, _ in tx.backlog.acts(report.message_id)] == ["handled"]
        assert ("outbox-handled", "nurse") in [(one.action, NURSE.id) for one in tx.audit.events()]


def test_a_refusal_that_was_handled_before_it_was_told_is_not_told(way, attention):
    way.plan.failures = [REFUSAL]
    enrolled = answer(way)
    way.inbox.failures = [HandoverError("cannot be reached")] * 99
    way.dispatch()
    (refused,) = messages(way, enrolled, MessageKind.INBOX_REFUSED)
    for report in attention.listed(NURSE).refused:
        attention.handled(NURSE, report.message_id)

    handover = HandOverReport(way.store, CONTENT, {}, PUBLIC_URL)(refused)
    assert handover.outcome is MessageState.CANCELLED


def test_an_invitation_that_was_refused_is_no_report(way, attention):
    way.channel.failures = [REFUSAL]
    way.enrolled()
    way.open_due()
    way.dispatch()
    with way.look() as tx:
        (dead,) = tx.backlog.entries(Wanted(states=[MessageState.DEAD]))

    assert attention.waiting(NURSE).refused == 0
    with pytest.raises(NotFoundError):
        attention.handled(NURSE, dead.id)
    with pytest.raises(NotFoundError):
        attention.handled(NURSE, MessageId("unknown"))


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.CLINIC_ADMIN, Role.OPERATOR, Role.CHANNEL])
def test_the_list_is_the_clinics_peoples_own(attention, role):
    stranger = an_actor(role)

    assert attention.waiting(stranger) == Waiting()
    with pytest.raises(AccessError):
        attention.listed(stranger)
    with pytest.raises(AccessError):
        attention.handled(stranger, MessageId("x"))


def test_whose_names_were_shown_is_on_record(way, attention):
    attention.listed(NURSE)
    way.plan.failures = [REFUSAL]
    enrolled = answer(way)
    empty(way)
    attention.listed(NURSE)
    with way.look() as tx:
        reads = [one.patients for one in tx.audit.events() if one.entity == "Attention"]

    assert reads == [(enrolled.patient_ref,)]


def test_a_report_about_no_enrolment_is_left_to_the_operators_list(way):
    way.plan.failures = [REFUSAL]
    enrolled = answer(way)
    empty(way)
    (dead, *_) = messages(way, enrolled, MessageKind.PLAN_REPORT)
    with way.look() as tx:
        before = tx.outbox.of_enrolment(enrolled.enrolment_id)
    with way.store.write(CLINIC_ID, NURSE) as tx:
        tell_refused(tx, replace(dead, enrolment_id=None))

    with way.look() as tx:
        assert tx.outbox.of_enrolment(enrolled.enrolment_id) == before
