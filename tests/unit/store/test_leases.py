"""Leases: prolonged, given back, freed; and one worker alone where there may be only one."""

from datetime import timedelta

import pytest

from delivery.outbox import MessageState
from kernel.errors import ConflictError
from store.base import table_of
from store.settlement import Settlement
from store.tables import AttemptRow, OutboxRow
from tests.builders import CLINIC_ID, NOW, a_message
from tests.databases import opened
from tests.stored import store_clinic, store_patient

ATTEMPT, OUTBOX = table_of(AttemptRow), table_of(OutboxRow)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def leased(store):
    """A message that a worker holds for an hour."""
    actor = store_clinic(store)
    patient_ref = store_patient(store, actor)
    with store.write(CLINIC_ID, actor) as tx:
        tx.outbox.add(a_message(patient_ref))
    (message,) = claim(store)
    return message


def claim(store, *, now=NOW):
    with store.queue() as queue:
        return queue.claim("w1", now, now + HOUR, 10)


def rows(store, table):
    with store.queue() as queue:
        return queue.connection.execute(table.select()).all()


def test_a_renewed_lease_is_not_taken_over_before_its_new_end(store, leased):
    with store.queue() as queue:
        queue.renew((leased,), NOW + 2 * HOUR)

    assert claim(store, now=NOW + HOUR) == ()
    assert claim(store, now=NOW + 2 * HOUR - SECOND) == ()
    assert len(claim(store, now=NOW + 2 * HOUR)) == 1


def test_a_lease_that_was_lost_is_not_renewed(store, leased):
    (taken,) = claim(store, now=NOW + HOUR)

    with store.queue() as queue:
        queue.renew((leased,), NOW + DAY)

    (row,) = rows(store, OUTBOX)
    assert (row.fence, row.lease_until) == (taken.fence, NOW + 2 * HOUR)


def test_what_is_given_back_is_due_at_once_and_was_never_attempted(store, leased):
    with store.queue() as queue:
        queue.give_back((leased,))

    (row,) = rows(store, OUTBOX)
    assert (row.state, row.attempts, row.in_doubt, row.due_at) == (MessageState.DUE, 0, False, NOW)
    assert rows(store, ATTEMPT) == []
    (again,) = claim(store)
    assert (again.attempts, again.fence) == (1, 2)


def test_what_another_worker_took_over_is_not_given_back(store, leased):
    (taken,) = claim(store, now=NOW + HOUR)

    with store.queue() as queue:
        queue.give_back((leased,))

    (row,) = rows(store, OUTBOX)
    assert (row.state, row.fence) == (MessageState.LEASED, taken.fence)
    assert {attempt.fence for attempt in rows(store, ATTEMPT)} == {taken.fence}


def test_nothing_to_renew_or_to_give_back_is_nothing(store):
    with store.queue() as queue:
        queue.renew((), NOW)
        queue.give_back(())


def test_a_message_that_loses_worker_after_worker_waits_longer_each_time(store, leased):
    waits, now = [], NOW
    for _ in range(12):
        now += DAY
        claim(store, now=now)
        (row,) = rows(store, OUTBOX)
        waits.append((row.due_at - now).total_seconds() if row.state is MessageState.DUE else 0)

    assert waits == [0, 0, 0, 0, 30, 0, 300, 0, 1800, 0, 7200, 0], "at once four times, and then ever later"


@pytest.mark.parametrize("state", [MessageState.ACCEPTED, MessageState.LEASED], ids=["settled", "still leased"])
def test_whoever_is_alone_frees_what_was_left_leased(store, leased, state):
    if state is MessageState.ACCEPTED:
        with store.queue() as queue:
            queue.settle(Settlement(leased.id, CLINIC_ID, leased.fence, state, NOW))

    with store.queue() as queue:
        freed = queue.free_all_leases(NOW)

    assert freed == (1 if state is MessageState.LEASED else 0)
    assert len(claim(store)) == freed


def test_on_sqlite_a_second_worker_is_refused_and_the_next_one_frees_the_leases(sqlite_store):
    actor = store_clinic(sqlite_store)
    patient_ref = store_patient(sqlite_store, actor)
    with sqlite_store.write(CLINIC_ID, actor) as tx:
        tx.outbox.add(a_message(patient_ref))

    with sqlite_store.working():
        assert len(claim(sqlite_store)) == 1
        with pytest.raises(ConflictError, match="Another worker"), sqlite_store.working():
            pytest.fail("two workers on SQLite")
        assert claim(sqlite_store) == ()
    with sqlite_store.working():
        assert len(claim(sqlite_store)) == 1


def test_on_postgresql_workers_come_as_many_as_they_like(postgresql_url, keyring, clock, tmp_path):
    with opened(postgresql_url, keyring, clock, tmp_path) as store, store.working(), store.working():
        assert claim(store) == ()
