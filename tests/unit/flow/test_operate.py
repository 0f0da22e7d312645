"""An operator looks at what has not left, sends it again or gives it up, and each act is on record."""

import pytest

from delivery.backlog import Act, Wanted
from delivery.outbox import MessageState
from flow.operate import OperateOutbox
from kernel.errors import AccessError, ConflictError, HandoverError, InvalidInputError
from security.actor import Role
from tests.builders import CLINIC_ID, an_actor

OPERATOR = an_actor(Role.OPERATOR, id="ops")


@pytest.fixture
def operate(store):
    return OperateOutbox(store)


@pytest.fixture
def refused(way):
    """An invitation that the channel refused for good."""
    way.enrolled()
    way.open_due()
    way.channel.failures = [HandoverError("webpatient answered 422", permanent=True)]
    way.dispatch()
    with way.look() as tx:
        (entry,) = tx.backlog.entries(Wanted(states=[MessageState.DEAD]))
    return entry


def on_record(way, message_id):
    with way.store.read(CLINIC_ID, OPERATOR) as tx:
        audited = [one for one in tx.audit.events() if one.entity == f"Communication/{message_id}"]
        return [one.action for one in audited], tx.backlog.acts(message_id)


def test_what_is_not_finished_is_listed_without_anything_of_the_patient(way, operate, refused):
    entry = operate.listed(OPERATOR, Wanted())[0]

    assert (entry.id, entry.state, entry.last_error) == (refused.id, MessageState.DEAD, "webpatient answered 422")
    assert refused.patient_ref not in repr(entry)


def test_a_retry_keeps_the_key_and_the_message_arrives(way, operate, refused):
    operate.retry(OPERATOR, refused.id)
    way.dispatch()

    assert list(way.channel.taken) == [refused.id]
    assert on_record(way, refused.id) == (["outbox-retried"], ((Act.RETRIED, ""),))


def test_a_new_key_is_given_for_a_reason_that_is_kept(way, operate, refused):
    with pytest.raises(InvalidInputError):
        operate.renew(OPERATOR, refused.id, reason=" ")
    renewed = operate.renew(OPERATOR, refused.id, reason="WebPatient har mistet nøglen")
    way.dispatch()

    assert list(way.channel.taken) == [renewed.id]
    assert renewed.id != refused.id
    assert on_record(way, refused.id) == (["outbox-renewed"], ((Act.RENEWED, "WebPatient har mistet nøglen"),))


def test_what_is_given_up_is_not_sent_and_the_clinic_is_told_to_call(way, operate):
    way.enrolled()
    way.open_due()
    ((entry,), reason) = operate.listed(OPERATOR, Wanted()), "Aftalt med klinikken"

    cancelled = operate.cancel(OPERATOR, entry.id, reason=reason)
    way.dispatch()

    assert cancelled.state is MessageState.CANCELLED
    assert not way.channel.taken
    assert [report.event for report in way.inbox.taken] == ["undelivered"]
    assert on_record(way, entry.id) == (["outbox-cancelled"], ((Act.CANCELLED, reason),))


def test_one_message_tells_what_happened_to_it_also_when_it_has_left(way, operate, refused):
    operate.retry(OPERATOR, refused.id)
    way.dispatch()

    trace = operate.trace(OPERATOR, refused.id)

    assert trace.message.state is MessageState.ACCEPTED
    assert [(one.outcome, one.error) for one in trace.attempts] == [
        (MessageState.DEAD, "webpatient answered 422"),
        (MessageState.ACCEPTED, None),
    ]
    assert [(act.act, act.actor_id) for act in trace.acts] == [(Act.RETRIED, "ops")]
    assert refused.patient_ref not in repr(trace)


@pytest.mark.parametrize("act", ["retry", "renew", "cancel"])
def test_what_has_left_can_no_longer_be_changed(way, operate, refused, act):
    operate.retry(OPERATOR, refused.id)
    way.dispatch()
    assert way.channel.taken

    with pytest.raises(ConflictError):
        getattr(operate, act)(OPERATOR, refused.id, **({} if act == "retry" else {"reason": "x"}))


@pytest.mark.parametrize("act", ["retry", "renew"])
def test_what_is_too_late_is_not_sent_again(way, operate, refused, act):
    way.clock.at = refused.expires_at
    with pytest.raises(ConflictError, match="is over"):
        getattr(operate, act)(OPERATOR, refused.id, **({} if act == "retry" else {"reason": "x"}))
    way.clock.move(microseconds=-1)
    assert getattr(operate, act)(OPERATOR, refused.id, **({} if act == "retry" else {"reason": "x"}))


def test_what_a_newer_report_has_replaced_is_not_sent_again(way, operate):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    asked = way.asked(enrolled)
    way.plan.failures = [HandoverError("the plan answered 422", permanent=True)]
    way.fill(asked["kol-status"])
    way.dispatch()
    (dead,) = operate.listed(OPERATOR, Wanted(states=[MessageState.DEAD], targets=["flp"]))
    way.fill(asked["mmrc"])

    with pytest.raises(ConflictError, match="newer"):
        operate.retry(OPERATOR, dead.id)


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.CLINIC_STAFF, Role.SYSTEM, Role.CHANNEL])
def test_the_outbox_is_for_operators(way, operate, refused, role):
    stranger = an_actor(role)

    for act in (
        lambda: operate.listed(stranger, Wanted()),
        lambda: operate.trace(stranger, refused.id),
        lambda: operate.retry(stranger, refused.id),
        lambda: operate.renew(stranger, refused.id, reason="x"),
        lambda: operate.cancel(stranger, refused.id, reason="x"),
    ):
        with pytest.raises(AccessError):
            act()
