"""Transactions: whole or not at all, at one moment, reading without writing."""

import pytest

from delivery.schedule import SlotState
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import OccasionId, RequestId, SeriesId
from security.audit import AuditEvent
from tests.builders import CLINIC_ID, NANCY, a_clinic, an_actor, an_opt_in
from tests.databases import opened
from tests.stored import store_clinic


def test_a_transaction_is_committed_at_the_end_of_its_block(store):
    actor = an_actor()

    with store.write(CLINIC_ID, actor) as tx:
        tx.clinics.add(a_clinic())

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.clinics.get() == a_clinic()


def test_nothing_is_left_of_a_transaction_that_fails(store):
    actor = an_actor()

    def fail() -> None:
        with store.write(CLINIC_ID, actor) as tx:
            tx.clinics.add(a_clinic())
            raise ValueError("fails")

    with pytest.raises(ValueError, match="fails"):
        fail()

    with store.read(CLINIC_ID, actor) as tx, pytest.raises(NotFoundError):
        tx.clinics.get()


def test_a_constraint_undoes_the_whole_transaction(store):
    actor = store_clinic(store)

    def add_twice() -> None:
        with store.write(CLINIC_ID, actor) as tx:
            tx.audit.record(AuditEvent("enrol", "Patient/1"))
            tx.patients.add(NANCY, "Nancy Berggren")
            tx.patients.add(NANCY, "Nancy Berggren")

    with pytest.raises(ConflictError):
        add_twice()

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.patients.find(NANCY) is None
        assert tx.audit.events() == ()


def test_a_transaction_knows_clinic_and_actor(store):
    actor = an_actor()

    with store.read(CLINIC_ID, actor) as tx:
        assert (tx.clinic_id, tx.actor) == (CLINIC_ID, actor)


def test_the_moment_of_a_transaction_is_taken_when_first_asked_for_and_then_stays(store, clock):
    with store.read(CLINIC_ID, an_actor()) as tx:
        asked_at = clock.move(seconds=1)
        assert tx.now == asked_at
        clock.move(seconds=1)
        assert tx.now == asked_at


def test_a_reading_transaction_changes_nothing(store):
    actor = store_clinic(store)

    with store.read(CLINIC_ID, actor) as tx:
        for change in (
            lambda: tx.clinics.add_opt_in(an_opt_in("LRS")),
            lambda: tx.patients.add(NANCY, "Nancy Berggren"),
            lambda: tx.drafts.remove(RequestId("request-1")),
            lambda: tx.schedule.cancel_planned(SeriesId("series-1")),
            lambda: tx.schedule.close_slots(OccasionId("occasion-1"), SlotState.EXPIRED),
            lambda: tx.events.add("webpatient", "msg_1", b"{}"),
        ):
            with pytest.raises(RuntimeError, match="for reading"):
                change()


def test_a_value_that_fits_no_column_is_refused_and_nothing_is_kept(postgresql_url, keyring, clock, tmp_path):
    # On PostgreSQL alone: SQLite takes text of any length.
    with opened(postgresql_url, keyring, clock, tmp_path) as store:
        actor = store_clinic(store)

        with pytest.raises(InvalidInputError), store.write(CLINIC_ID, actor) as tx:
            tx.audit.record(AuditEvent("x" * 41, "Patient/1"))

        with store.read(CLINIC_ID, actor) as tx:
            assert tx.audit.events() == ()


def test_repositories_of_one_transaction_are_made_once(store):
    with store.read(CLINIC_ID, an_actor()) as tx:
        assert tx.patients is tx.patients
