"""Transactions: whole or not at all, at one moment, reading without writing."""

import pytest

from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from security.audit import AuditEvent
from tests.builders import CLINIC_ID, NANCY, a_clinic, an_actor, store_clinic


def test_a_transaction_is_committed_at_the_end_of_its_block(store):
    actor = an_actor()

    with store.write(CLINIC_ID, actor) as tx:
        tx.clinics.add(a_clinic())

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.clinics.get() == a_clinic()


def test_nothing_is_left_of_a_transaction_that_fails(store):
    actor = an_actor()

    with pytest.raises(ValueError, match="fails"), store.write(CLINIC_ID, actor) as tx:
        tx.clinics.add(a_clinic())
        raise ValueError("fails")

    with store.read(CLINIC_ID, actor) as tx, pytest.raises(NotFoundError):
        tx.clinics.get()


def test_a_constraint_undoes_the_whole_transaction(store):
    actor = store_clinic(store)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, actor) as tx:
        tx.audit.record(AuditEvent("enrol", "Patient/1"))
        tx.patients.add(NANCY, "Nancy Berggren")
        tx.patients.add(NANCY, "Nancy Berggren")

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.patients.find(NANCY) is None
        assert tx.audit.events() == ()


def test_a_transaction_knows_clinic_actor_and_moment(store, clock):
    actor = an_actor()

    with store.read(CLINIC_ID, actor) as tx:
        clock.move(seconds=1)
        assert (tx.clinic_id, tx.actor) == (CLINIC_ID, actor)
        assert (clock.now() - tx.now).total_seconds() == 1


def test_a_reading_transaction_changes_nothing(store):
    actor = store_clinic(store)

    with store.read(CLINIC_ID, actor) as tx:
        for change in (
            lambda: tx.clinics.add_opt_in(None),
            lambda: tx.patients.add(NANCY, "Nancy Berggren"),
            lambda: tx.drafts.remove("request-1"),
            lambda: tx.schedule.cancel_planned("series-1"),
            lambda: tx.schedule.close_slots("occasion-1", "expired"),
            lambda: tx.events.add("webpatient", "msg_1", b"{}"),
        ):
            with pytest.raises((RuntimeError, TypeError)):
                change()


def test_a_value_that_fits_no_column_is_refused_and_nothing_is_kept(store, database_url):
    actor = store_clinic(store)

    if database_url.startswith("sqlite"):
        pytest.skip("SQLite takes text of any length.")
    with pytest.raises(InvalidInputError), store.write(CLINIC_ID, actor) as tx:
        tx.audit.record(AuditEvent("x" * 41, "Patient/1"))


def test_repositories_of_one_transaction_are_made_once(store):
    with store.read(CLINIC_ID, an_actor()) as tx:
        assert tx.patients is tx.patients
