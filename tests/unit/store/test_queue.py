"""The worker's queue: claims in lanes, leases, fences, and nothing sent twice or out of order."""

from datetime import timedelta

import pytest

from delivery.outbox import MessageKind, MessageState
from delivery.transitions import TRANSITIONS
from kernel.ids import ClinicId, MessageId
from store.base import table_of
from store.settlement import Settlement
from store.tables import AttemptRow, OutboxRow
from tests.builders import (
    CLINIC_ID,
    NOW,
    OTHER_CLINIC_ID,
    a_message,
)
from tests.stored import store_asked, store_clinic, store_patient

ATTEMPT = table_of(AttemptRow)
OUTBOX = table_of(OutboxRow)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
LANE = "plan/enrolment-1"


@pytest.fixture
def clinic(store):
    """A clinic with a patient and an empty outbox."""
    actor = store_clinic(store)
    return actor, store_patient(store, actor)


def add(store, clinic, **message):
    actor, ref = clinic
    with store.write(CLINIC_ID, actor) as tx:
        return tx.outbox.add(a_message(ref, **message))


def state_of(store, clinic, message_id):
    with store.read(CLINIC_ID, clinic[0]) as tx:
        return tx.outbox.get(message_id).state


def claim(store, *, owner="w1", now=NOW, lease=HOUR, limit=10):
    with store.queue() as queue:
        return queue.claim(owner, now, now + lease, limit)


def settle(store, message, outcome, **other):
    with store.queue() as queue:
        return queue.settle(Settlement(message.id, message.clinic_id, message.fence, outcome, NOW, **other))


def row_of(store, clinic, table=OUTBOX):
    with store.read(CLINIC_ID, clinic[0]) as tx:
        return tx.scope.all(tx.scope.select(table))[0]


# Claiming


def test_a_claim_leases_counts_and_raises_the_fence(store, clinic):
    message_id = add(store, clinic)

    (message,) = claim(store)

    assert (message.id, message.state, message.attempts, message.fence) == (message_id, MessageState.LEASED, 1, 1)
    row = row_of(store, clinic)
    assert (row.lease_owner, row.lease_until) == ("w1", NOW + HOUR)
    assert claim(store, owner="w2") == ()


@pytest.mark.parametrize(("moment", "count"), [(NOW - SECOND, 0), (NOW, 1)], ids=["before", "from then on"])
def test_a_message_is_claimed_from_its_moment_on(store, clinic, moment, count):
    add(store, clinic)

    assert len(claim(store, now=moment)) == count


def test_the_longest_due_are_claimed_first_and_no_more_than_asked_for(store, clinic):
    late = add(store, clinic, due_at=NOW - SECOND)
    later = add(store, clinic, due_at=NOW)
    early = add(store, clinic, due_at=NOW - HOUR)

    assert [message.id for message in claim(store, limit=2)] == [early, late]
    assert [message.id for message in claim(store, limit=2)] == [later]


@pytest.mark.parametrize(
    ("expires_at", "state"),
    [(NOW, MessageState.EXPIRED), (NOW + SECOND, MessageState.LEASED), (None, MessageState.LEASED)],
    ids=["over", "just in time", "never"],
)
def test_a_message_whose_time_is_over_expires_instead_of_being_sent(store, clinic, expires_at, state):
    message_id = add(store, clinic, expires_at=expires_at)

    claim(store)

    assert state_of(store, clinic, message_id) is state


@pytest.mark.parametrize(
    "outcome", [MessageState.LEASED, MessageState.IN_DOUBT, MessageState.DUE], ids=["being sent", "in doubt", "again"]
)
def test_only_the_oldest_open_message_of_a_lane_is_claimed(store, clinic, outcome):
    first = add(store, clinic, lane=LANE)
    second = add(store, clinic, lane=LANE, due_at=NOW - HOUR)
    other = add(store, clinic, lane="plan/enrolment-2")

    claimed = claim(store)
    assert {message.id for message in claimed} == {first, other}
    mine = next(message for message in claimed if message.id == first)
    if outcome is not MessageState.LEASED:
        settle(store, mine, outcome, retry_at=NOW + HOUR)
    assert claim(store) == ()
    assert state_of(store, clinic, second) is MessageState.DUE


@pytest.mark.parametrize("outcome", [MessageState.ACCEPTED, MessageState.CANCELLED, MessageState.DEAD])
def test_a_closed_message_lets_the_next_of_its_lane_go(store, clinic, outcome):
    add(store, clinic, lane=LANE)
    second = add(store, clinic, lane=LANE)
    (first,) = claim(store)

    assert settle(store, first, outcome)

    assert [message.id for message in claim(store)] == [second]


def test_an_older_message_that_is_not_due_yet_holds_its_lane(store, clinic):
    add(store, clinic, lane=LANE, due_at=NOW + HOUR)
    add(store, clinic, lane=LANE)

    assert claim(store) == ()


def test_lanes_of_the_same_name_in_two_clinics_do_not_hold_each_other(store, clinic):
    other = store_clinic(store, OTHER_CLINIC_ID)
    ref = store_patient(store, other)
    add(store, clinic, lane=LANE)
    with store.write(OTHER_CLINIC_ID, other) as tx:
        tx.outbox.add(a_message(ref, lane=LANE))

    assert {message.clinic_id for message in claim(store)} == {CLINIC_ID, OTHER_CLINIC_ID}


# Leases and fences


@pytest.mark.parametrize(("later", "count"), [(HOUR - SECOND, 0), (HOUR, 1)], ids=["still leased", "run out"])
def test_a_lease_that_has_run_out_is_taken_over(store, clinic, later, count):
    add(store, clinic)
    claim(store)

    taken = claim(store, owner="w2", now=NOW + later)

    assert len(taken) == count
    assert all((message.attempts, message.fence) == (2, 2) for message in taken)


def test_a_lost_lease_puts_its_message_in_doubt(store, clinic):
    add(store, clinic)
    claim(store)

    claim(store, owner="w2", now=NOW + HOUR)

    assert row_of(store, clinic).in_doubt is True


def test_a_result_of_an_older_fence_changes_nothing(store, clinic):
    message_id = add(store, clinic)
    (slow,) = claim(store)
    (fast,) = claim(store, owner="w2", now=NOW + HOUR)

    assert not settle(store, slow, MessageState.DEAD, error="too late")
    assert state_of(store, clinic, message_id) is MessageState.LEASED
    assert settle(store, fast, MessageState.ACCEPTED, reference="ref-1")
    assert not settle(store, fast, MessageState.DEAD)

    assert state_of(store, clinic, message_id) is MessageState.ACCEPTED
    row = row_of(store, clinic)
    assert (row.provider_ref, row.closed_at, row.lease_owner) == ("ref-1", NOW, None)


def test_every_attempt_keeps_its_result_even_when_it_came_too_late(store, clinic):
    add(store, clinic)
    (slow,) = claim(store)
    (fast,) = claim(store, owner="w2", now=NOW + HOUR)
    settle(store, slow, MessageState.DEAD, error="x" * 600, http_status=500)
    settle(store, fast, MessageState.ACCEPTED, http_status=201)

    with store.read(CLINIC_ID, clinic[0]) as tx:
        rows = tx.scope.all(tx.scope.select(ATTEMPT).order_by(ATTEMPT.c.fence))
    assert [(row.owner, row.fence, row.outcome, row.counted, row.http_status) for row in rows] == [
        ("w1", 1, MessageState.DEAD, False, 500),
        ("w2", 2, MessageState.ACCEPTED, True, 201),
    ]
    assert len(rows[0].error) == 500


def test_a_message_cancelled_while_it_is_sent_stays_cancelled(store):
    asked = store_asked(store)
    (message,) = claim(store)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.outbox.cancel_open(asked.occasion.id)

    assert not settle(store, message, MessageState.ACCEPTED)

    assert state_of(store, (asked.actor,), message.id) is MessageState.CANCELLED


def test_a_message_to_be_tried_again_waits_for_its_moment(store, clinic):
    message_id = add(store, clinic)
    (message,) = claim(store)

    assert settle(
        store, message, MessageState.DUE, retry_at=NOW + HOUR, error="HTTP 503", http_status=503, maybe_accepted=True
    )

    assert claim(store, now=NOW + HOUR - SECOND) == ()
    row = row_of(store, clinic)
    assert (row.last_error, row.in_doubt, row.closed_at) == ("HTTP 503", True, None)
    (again,) = claim(store, now=NOW + HOUR)
    assert (again.id, again.attempts) == (message_id, 2)


@pytest.mark.parametrize(
    "outcome",
    [MessageState.LEASED, MessageState.SUPERSEDED, MessageState.EXPIRED],
)
def test_a_transmission_cannot_end_in_a_state_that_it_cannot_reach(store, clinic, outcome):
    add(store, clinic)
    (message,) = claim(store)

    assert outcome not in TRANSITIONS[MessageState.LEASED]
    with pytest.raises(ValueError, match="cannot end"):
        settle(store, message, outcome)


def test_a_failed_report_gives_way_to_a_newer_one_that_came_meanwhile(store, clinic):
    report = {"kind": MessageKind.PLAN_REPORT, "lane": LANE, "supersedes": True}
    older = add(store, clinic, **report)
    (message,) = claim(store)
    newer = add(store, clinic, **report)

    assert settle(store, message, MessageState.DUE, retry_at=NOW + HOUR)

    assert state_of(store, clinic, older) is MessageState.SUPERSEDED
    assert [one.id for one in claim(store)] == [newer]


def test_a_failed_message_does_not_give_way_to_one_that_only_follows_it(store, clinic):
    older = add(store, clinic, lane=LANE)
    (message,) = claim(store)
    add(store, clinic, lane=LANE)
    add(store, clinic, lane=LANE, kind=MessageKind.PLAN_REPORT, supersedes=True)
    add(store, clinic, lane="another", supersedes=True)

    settle(store, message, MessageState.DUE, retry_at=NOW + HOUR)

    assert state_of(store, clinic, older) is MessageState.DUE


def test_claiming_nothing_gives_nothing(store):
    assert claim(store) == ()
    with store.queue() as queue:
        stranger = Settlement(MessageId("unknown"), ClinicId("unknown"), 1, MessageState.ACCEPTED, NOW)
        assert not queue.settle(stranger)
