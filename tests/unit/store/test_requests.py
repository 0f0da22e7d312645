"""Requests: each questionnaire once per occasion, moved on by conditional updates."""

from dataclasses import replace
from datetime import timedelta

import pytest

from delivery.schedule import OccasionState, RequestState
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import RequestId
from tests.builders import CAT, CLINIC_ID, MMRC, NOW, a_request, an_occasion
from tests.stored import store_asked

OPEN = (RequestState.REQUESTED, RequestState.IN_PROGRESS)


def test_an_occasion_asks_a_questionnaire_once(store):
    asked = store_asked(store)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.requests.add(a_request(asked.occasion, CAT, position=1))


def test_requests_come_in_the_order_of_asking(store):
    asked = store_asked(store)
    second = a_request(asked.occasion, MMRC, position=1)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.requests.add(second)
        assert tx.requests.of_occasion(asked.occasion.id) == (asked.request, second)
        assert tx.requests.get(second.id) == second
        assert tx.requests.lock(second.id) == second


def test_an_unknown_request_is_not_found(store):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        for look in (tx.requests.get, tx.requests.lock):
            with pytest.raises(NotFoundError):
                look(RequestId("unknown"))


@pytest.mark.parametrize(
    ("to_state", "completed_at"),
    [(RequestState.IN_PROGRESS, None), (RequestState.COMPLETED, NOW), (RequestState.EXPIRED, None)],
)
def test_a_request_moves_on_from_the_states_named(store, to_state, completed_at):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        assert not tx.requests.move(asked.request.id, (RequestState.IN_PROGRESS,), to_state, NOW)
        assert tx.requests.move(asked.request.id, OPEN, to_state, NOW)
        assert tx.requests.get(asked.request.id) == replace(asked.request, state=to_state, completed_at=completed_at)


def test_a_completed_request_moves_no_more(store):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        assert tx.requests.move(asked.request.id, OPEN, RequestState.COMPLETED, NOW)
        assert not tx.requests.move(asked.request.id, OPEN, RequestState.COMPLETED, NOW)
        assert tx.requests.cancel_open(asked.occasion.id, RequestState.EXPIRED) == 0


def test_open_requests_of_an_occasion_are_closed_together(store):
    asked = store_asked(store)
    answered = a_request(asked.occasion, MMRC, position=1, state=RequestState.COMPLETED, completed_at=NOW)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.requests.add(answered)
        assert tx.requests.cancel_open(asked.occasion.id, RequestState.EXPIRED) == 1
        states = [request.state for request in tx.requests.of_occasion(asked.occasion.id)]

    assert states == [RequestState.EXPIRED, RequestState.COMPLETED]


def test_the_newest_request_for_a_questionnaire_is_found_open_or_not(store):
    asked = store_asked(store)
    later = an_occasion(asked.patient_ref, opened_at=NOW + timedelta(days=30))
    closed = a_request(later, CAT, state=RequestState.CANCELLED)

    with store.write(CLINIC_ID, asked.actor) as tx:
        assert tx.requests.newest_for(asked.patient_ref, CAT) == asked.request
        tx.occasions.close(asked.occasion.id, OccasionState.EXPIRED, NOW)
        tx.occasions.add(later, "b" * 64)
        tx.requests.add(closed)
        assert tx.requests.newest_for(asked.patient_ref, CAT) == closed
        assert tx.requests.newest_for(asked.patient_ref, MMRC) is None
