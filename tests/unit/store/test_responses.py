"""Responses: the very bytes, one current per request, older versions kept."""

from dataclasses import replace

import pytest

from kernel.errors import ConflictError, NotFoundError
from kernel.ids import RequestId, ResponseId
from tests.builders import CLINIC_ID, MMRC, RAW, a_request, a_response
from tests.stored import store_asked


def test_a_response_comes_back_with_its_vector_and_its_very_bytes(store):
    asked = store_asked(store)
    response = a_response(asked.request)
    raw = b'{ "resourceType":"QuestionnaireResponse",\r\n "note": "\xc3\xa6" }'

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.responses.add(response, raw)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.responses.get(response.id) == response
        assert tx.responses.of_request(asked.request.id) == response
        assert tx.responses.raw(response.id) == raw


def test_a_vector_keeps_kinds_and_order_of_its_answers(store):
    asked = store_asked(store)
    vector = {"z": 1, "a": True, "m": "1", "skipped": None}

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.responses.add(a_response(asked.request, vector=vector), RAW)
        found = tx.responses.of_request(asked.request.id).vector

    assert list(found.items()) == list(vector.items())
    assert found["a"] is True


def test_a_request_is_answered_once(store):
    asked = store_asked(store)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.responses.add(a_response(asked.request), RAW)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.responses.add(a_response(asked.request), RAW)


def test_an_amendment_is_current_and_the_first_version_stays(store):
    asked = store_asked(store)
    first = a_response(asked.request)
    amended = replace(first, id=ResponseId("amended"), status="amended", version=2)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.responses.add(first, RAW)
        tx.responses.add(amended, RAW + b" ")

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.responses.of_request(asked.request.id) == amended
        assert tx.responses.of_occasion(asked.occasion.id) == (amended,)
        assert tx.responses.get(first.id) == first
        assert tx.responses.raw(first.id) == RAW


def test_an_older_version_does_not_become_current_again(store):
    asked = store_asked(store)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.responses.add(a_response(asked.request, version=2), RAW)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.responses.add(a_response(asked.request, version=1), RAW)


def test_responses_of_an_occasion_come_in_the_order_of_asking(store):
    asked = store_asked(store)
    second = a_request(asked.occasion, MMRC, position=1)
    late, early = a_response(asked.request), a_response(second)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.requests.add(second)
        tx.responses.add(early, RAW)
        tx.responses.add(late, RAW)
        assert tx.responses.of_occasion(asked.occasion.id) == (late, early)


def test_what_is_not_there_is_not_found(store):
    asked = store_asked(store)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.responses.of_request(RequestId("unknown")) is None
        for look in (tx.responses.get, tx.responses.raw):
            with pytest.raises(NotFoundError):
                look(ResponseId("unknown"))
