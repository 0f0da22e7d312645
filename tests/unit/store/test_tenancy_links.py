"""Tenancy: rows of two clinics never link, neither by our code nor by the database."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from delivery.outbox import MessageState
from delivery.schedule import OccasionState
from kernel.errors import ConflictError, NotFoundError
from store.base import Base
from store.engine import open_engine
from store.transaction import Tx
from tests.builders import (
    CLINIC_ID,
    MMRC,
    NANCY,
    NOW,
    OTHER_CLINIC_ID,
    RAW,
    SVERRE,
    a_decision,
    a_message,
    a_request,
    a_response,
    a_scored,
    a_series,
    a_slot,
    a_suggestion,
    an_enrolment,
    an_occasion,
)
from tests.unit.store.two_clinics import STATUS, a_candidate, fill, stranger


@pytest.fixture
def filled(store):
    return fill(store)


LINKS: dict[str, Callable[[Tx, dict[str, Any]], object]] = {
    "enrolment": lambda tx, f: tx.enrolments.add(an_enrolment(f["a"].patient_ref)),
    "series": lambda tx, f: tx.schedule.add_series(a_series(f["a"].enrolment.id, n=2)),
    "slot": lambda tx, f: tx.schedule.add_slot(a_slot(f["a"].series, f["a"].patient_ref, k=1)),
    "status": lambda tx, f: tx.statuses.record(f["a"].patient_ref, STATUS, "cpr"),
    "candidate": lambda tx, f: tx.candidates.add_all([a_candidate(f["a"])]),
    "occasion": lambda tx, f: tx.occasions.add(an_occasion(f["a"].patient_ref), "c" * 64),
    "request": lambda tx, f: tx.requests.add(a_request(f["a"].occasion, MMRC)),
    "response": lambda tx, f: tx.responses.add(a_response(f["a"].request, version=2), RAW),
    "scores": lambda tx, f: tx.scores.add(f["r"], a_scored()),
    "suggestion": lambda tx, f: tx.suggestions.add(a_suggestion(f["a"].enrolment.id, f["a"].occasion.id, n=2)),
    "decision": lambda tx, f: tx.decisions.add(a_decision(f["s"])),
    "message": lambda tx, f: tx.outbox.add(a_message(f["a"].patient_ref)),
}


def test_no_row_is_hung_on_another_clinic_s_row(store, filled):
    for add in LINKS.values():
        with pytest.raises((ConflictError, NotFoundError)), stranger(store) as tx:
            add(tx, filled)


def test_the_database_itself_refuses_a_link_between_two_clinics(store, filled, database_url):
    engine = open_engine(database_url)
    other = an_occasion(filled["a"].patient_ref)
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(
            Base.metadata.tables["occasion"].insert(),
            {
                "clinic_id": OTHER_CLINIC_ID,
                "id": other.id,
                "patient_ref": other.patient_ref,
                "state": OccasionState.OPEN,
                "opened_at": NOW,
                "expires_at": NOW,
                "link_hash": "d" * 64,
            },
        )
    engine.dispose()


DEPLOYMENT = {
    *("content_approval", "content_revision", "licence_record", "wording"),
    *("receipt_mark", "stray_receipt", "rate_window"),
}
"""What is the same for every clinic of a deployment, and holds no person."""


def test_every_table_of_a_clinic_has_the_clinic_first_in_its_key():
    for name, table in Base.metadata.tables.items():
        if name not in {"clinic", "heartbeat", "receiver_state", *DEPLOYMENT}:
            assert next(iter(table.primary_key)).name == "clinic_id", name


def test_every_foreign_key_carries_the_clinic():
    for name, table in Base.metadata.tables.items():
        for key in table.foreign_key_constraints if name not in DEPLOYMENT else ():
            assert "clinic_id" in key.column_keys, f"{name}: {key.column_keys}"


def test_a_message_of_one_clinic_is_claimed_with_its_clinic(store, filled):
    with store.queue() as queue:
        (message,) = queue.claim("w1", NOW, NOW, 10)

    assert (message.clinic_id, message.state) == (CLINIC_ID, MessageState.LEASED)


def test_the_same_person_has_unrelated_indexes_in_two_clinics(store, filled):
    with stranger(store) as tx:
        tx.patients.add(NANCY, "Nancy Berggren")
        tx.patients.add(SVERRE, "Sverre Mosebryggeren")
    with store.queue() as queue:
        rows = queue.connection.execute(Base.metadata.tables["patient_identifier"].select()).all()

    assert len({row.cpr_index for row in rows}) == 3
