"""What waits in the outbox, as people see it and act on it."""

from datetime import timedelta

import pytest

from delivery.backlog import Act, Wanted
from delivery.outbox import MessageKind, MessageState
from delivery.transitions import Change
from kernel.errors import NotFoundError
from kernel.ids import MessageId
from store.settlement import Settlement
from tests.builders import CLINIC_ID, NOW, OTHER_CLINIC_ID, a_message
from tests.stored import store_clinic, store_patient

HOUR = timedelta(hours=1)
STUCK = (MessageState.DEAD, MessageState.IN_DOUBT)


@pytest.fixture
def clinic(store):
    """A clinic with a patient and an empty outbox."""
    actor = store_clinic(store)
    return actor, store_patient(store, actor)


def add(store, clinic, **message):
    actor, ref = clinic
    with store.write(CLINIC_ID, actor) as tx:
        return tx.outbox.add(a_message(ref, **message))


def end(store, outcome, **others):
    """Claim what is due first and let it end so."""
    with store.queue() as queue:
        (message,) = queue.claim("w1", NOW, NOW + HOUR, 1)
        assert queue.settle(Settlement(message.id, CLINIC_ID, message.fence, outcome, NOW, **others))
    return message.id


def listed(store, clinic, **wanted):
    with store.read(CLINIC_ID, clinic[0]) as tx:
        return [entry.id for entry in tx.backlog.entries(Wanted(**wanted))]


def do(store, clinic, act):
    with store.write(CLINIC_ID, clinic[0]) as tx:
        return act(tx.backlog)


def test_what_is_not_finished_is_listed_oldest_first(store, clinic):
    add(store, clinic)
    end(store, MessageState.ACCEPTED)
    add(store, clinic)
    dead = end(store, MessageState.DEAD, error="the plan answered 422")
    failed = add(store, clinic)
    end(store, MessageState.DUE, retry_at=NOW + HOUR, error="webpatient cannot be reached")
    due = add(store, clinic, due_at=NOW)
    later = add(store, clinic, due_at=NOW + timedelta(microseconds=1))

    assert listed(store, clinic) == [dead, failed, due]
    assert listed(store, clinic, states=[MessageState.DUE]) == [failed, due, later]
    with store.read(CLINIC_ID, clinic[0]) as tx:
        entry = tx.backlog.get(dead)
    assert (entry.state, entry.attempts, entry.last_error) == (MessageState.DEAD, 1, "the plan answered 422")


def test_states_targets_age_and_number_narrow_the_list_down(store, clinic):
    one = add(store, clinic, target="flp", kind=MessageKind.PLAN_REPORT)
    other = add(store, clinic)

    assert listed(store, clinic, targets=["flp"]) == [one]
    assert listed(store, clinic, states=[MessageState.DEAD]) == []
    assert listed(store, clinic, limit=1) == [one]
    made = do(store, clinic, lambda backlog: backlog.get(other).created_at)
    assert listed(store, clinic, before=made) == []
    assert listed(store, clinic, before=made + timedelta(seconds=1)) == [one, other]


@pytest.mark.parametrize("outcome", [*STUCK, MessageState.ACCEPTED, MessageState.DUE, MessageState.CANCELLED])
def test_only_what_is_stuck_is_made_due_again_with_its_key(store, clinic, outcome):
    add(store, clinic)
    message_id = end(store, outcome, retry_at=NOW + HOUR if outcome is MessageState.DUE else None)

    assert do(store, clinic, lambda backlog: backlog.retry(message_id)) is (outcome in STUCK)

    with store.queue() as queue:
        again = queue.claim("w2", NOW, NOW + HOUR, 9)
    assert [message.id for message in again] == ([message_id] if outcome in STUCK else [])


@pytest.mark.parametrize("outcome", [*STUCK, MessageState.ACCEPTED, MessageState.DUE])
def test_only_what_is_stuck_is_put_in_anew_with_a_new_key(store, clinic, outcome):
    add(store, clinic, lane="plan/1", target="flp", kind=MessageKind.PLAN_REPORT)
    message_id = end(store, outcome, retry_at=NOW if outcome is MessageState.DUE else None)

    renewed = do(store, clinic, lambda backlog: backlog.renew(message_id))

    assert (renewed is not None) is (outcome in STUCK)
    if renewed:
        with store.read(CLINIC_ID, clinic[0]) as tx:
            old, new = tx.outbox.get(message_id), tx.outbox.get(renewed)
        assert old.state is MessageState.CANCELLED
        assert (new.state, new.lane, new.kind, new.target, new.attempts) == (
            MessageState.DUE, old.lane, old.kind, old.target, 0
        )  # fmt: skip
        assert new.id != old.id


@pytest.mark.parametrize(
    ("outcome", "given_up", "handled"),
    [
        (MessageState.DEAD, True, True),
        (MessageState.IN_DOUBT, True, False),
        (MessageState.DUE, True, False),
        (MessageState.ACCEPTED, False, False),
    ],
)
def test_what_has_left_is_not_given_up_and_only_what_was_refused_is_handled(store, clinic, outcome, given_up, handled):
    for change, expected in ((Change.GIVE_UP, given_up), (Change.HANDLE, handled)):
        add(store, clinic)
        message_id = end(store, outcome, retry_at=NOW + HOUR if outcome is MessageState.DUE else None)

        assert do(store, clinic, lambda backlog, id_=message_id, how=change: backlog.close(id_, how)) is expected

        with store.read(CLINIC_ID, clinic[0]) as tx:
            assert tx.outbox.get(message_id).state is (MessageState.CANCELLED if expected else outcome)


def test_what_is_being_sent_is_left_alone(store, clinic):
    message_id = add(store, clinic)
    with store.queue() as queue:
        queue.claim("w1", NOW, NOW + HOUR, 1)

    assert not do(store, clinic, lambda backlog: backlog.close(message_id, Change.GIVE_UP))
    assert not do(store, clinic, lambda backlog: backlog.retry(message_id))


def test_a_newer_message_takes_the_place_of_an_older_one_only_where_it_supersedes(store, clinic):
    report = {"kind": MessageKind.PLAN_REPORT, "lane": "plan/1", "target": "flp"}
    add(store, clinic, **report)
    dead = end(store, MessageState.DEAD)
    add(store, clinic, **report)
    add(store, clinic, **{**report, "kind": MessageKind.INBOX_ANSWER}, supersedes=True)

    assert not do(store, clinic, lambda backlog: backlog.is_superseded(dead))
    add(store, clinic, **report, supersedes=True)
    assert do(store, clinic, lambda backlog: backlog.is_superseded(dead))


def test_acts_are_kept_with_their_reasons_and_the_reason_is_sealed(store, clinic):
    message_id = add(store, clinic)

    do(store, clinic, lambda backlog: backlog.keep(message_id, Act.RETRIED))
    do(store, clinic, lambda backlog: backlog.keep(message_id, Act.CANCELLED, reason="Ringet til Nancy"))

    assert do(store, clinic, lambda backlog: backlog.acts(message_id)) == (
        (Act.RETRIED, ""),
        (Act.CANCELLED, "Ringet til Nancy"),
    )
    with store.queue() as queue:
        sealed = queue.connection.exec_driver_sql("SELECT reason_enc FROM outbox_act ORDER BY id").scalars().all()
    assert sealed[0] is None
    assert b"Nancy" not in bytes(sealed[1])


def test_another_clinics_messages_are_out_of_reach(store, clinic):
    message_id = add(store, clinic)
    end(store, MessageState.DEAD)
    stranger = store_clinic(store, OTHER_CLINIC_ID)

    with store.write(OTHER_CLINIC_ID, stranger) as tx:
        assert tx.backlog.entries(Wanted()) == ()
        assert not tx.backlog.retry(message_id)
        assert not tx.backlog.close(message_id, Change.GIVE_UP)
        with pytest.raises(NotFoundError):
            tx.backlog.renew(message_id)
        with pytest.raises(NotFoundError):
            tx.backlog.get(MessageId("unknown"))


@pytest.mark.parametrize("error", ["webpatient cannot be reached", None], ids=["failed", "window closed"])
def test_only_what_failed_is_hurried(store, clinic, error):
    add(store, clinic)
    message_id = end(store, MessageState.DUE, retry_at=NOW + HOUR, error=error)

    assert do(store, clinic, lambda backlog: backlog.hurry(message_id)) is bool(error)
    with store.queue() as queue:
        assert len(queue.claim("w2", NOW, NOW + HOUR, 9)) == bool(error)
