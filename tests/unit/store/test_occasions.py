"""Occasions: at most one open per patient, closed once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from delivery.schedule import OccasionState
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import OccasionId
from tests.builders import CLINIC_ID, NOW, SVERRE, an_occasion
from tests.stored import store_asked, store_patient

SECOND = timedelta(seconds=1)


def test_a_patient_has_at_most_one_open_occasion(store):
    asked = store_asked(store)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.occasions.add(an_occasion(asked.patient_ref), "b" * 64)


def test_two_occasions_never_share_a_link(store):
    asked = store_asked(store)
    other = store_patient(store, asked.actor, SVERRE)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.occasions.add(an_occasion(other), "b" * 64)
        tx.occasions.close(asked.occasion.id, OccasionState.CANCELLED, NOW)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.occasions.add(an_occasion(asked.patient_ref), "b" * 64)


@pytest.mark.parametrize(
    ("state", "completed_at"),
    [(OccasionState.COMPLETED, NOW), (OccasionState.EXPIRED, None), (OccasionState.CANCELLED, None)],
)
def test_an_occasion_is_closed_once(store, state, completed_at):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        assert tx.occasions.open_of(asked.patient_ref) == asked.occasion
        assert tx.occasions.close(asked.occasion.id, state, NOW)
        assert not tx.occasions.close(asked.occasion.id, OccasionState.EXPIRED, NOW)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.occasions.open_of(asked.patient_ref) is None
        assert tx.occasions.get(asked.occasion.id) == replace(asked.occasion, state=state, completed_at=completed_at)


@pytest.mark.parametrize(
    ("state", "since", "is_found"),
    [
        (OccasionState.EXPIRED, NOW, True),
        (OccasionState.EXPIRED, NOW + SECOND, False),
        (OccasionState.CANCELLED, NOW, False),
        (None, NOW + SECOND, True),
    ],
    ids=["from then on", "before", "cancelled", "open still"],
)
def test_what_was_sent_counts_from_a_moment_on_and_what_is_open_always(store, state, since, is_found):
    asked = store_asked(store)
    with store.write(CLINIC_ID, asked.actor) as tx:
        if state:
            tx.occasions.close(asked.occasion.id, state, NOW)
        other = tx.patients.add(SVERRE, "Sverre Mosebryggeren")

    with store.read(CLINIC_ID, asked.actor) as tx:
        found = tx.occasions.sent_since([other, asked.patient_ref], since)
    assert [one.id for one in found] == ([asked.occasion.id] if is_found else [])


def test_the_newest_occasion_is_found_open_or_not(store):
    asked = store_asked(store)
    later = an_occasion(asked.patient_ref, opened_at=NOW + timedelta(days=1))

    with store.write(CLINIC_ID, asked.actor) as tx:
        assert tx.occasions.newest_of(asked.patient_ref) == asked.occasion
        tx.occasions.close(asked.occasion.id, OccasionState.EXPIRED, NOW)
        tx.occasions.add(later, "b" * 64)
        assert tx.occasions.newest_of(asked.patient_ref) == later
        other = tx.patients.add(SVERRE, "Sverre Mosebryggeren")
        assert tx.occasions.newest_of(other) is None


def test_an_occasion_serves_the_enrolments_of_its_slots(store):
    asked = store_asked(store)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.occasions.enrolments_of(asked.occasion.id) == (asked.enrolment.id,)
        assert tx.occasions.enrolments_of(OccasionId("unknown")) == ()
        with pytest.raises(NotFoundError):
            tx.occasions.get(OccasionId("unknown"))
