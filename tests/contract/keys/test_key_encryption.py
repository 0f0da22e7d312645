"""Whoever wraps data keys: our own keys and a service outside keep the same promises."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Response

from delivery.key_service import TransitService
from kernel.errors import UnavailableError
from security.kek import KeyEncryption, KeyServiceError, OwnKeys
from security.key_change import with_new_key, without_older_keys
from security.keys import KeyRing
from security.vault import SealBrokenError, WrappedKey, new_data_key
from tests.contract.keys.transit_engine import TOKEN, Engine

PLACE = "clinic-1/data_key/patient-1"


class Ring:
    """A key ring that is changed under way."""

    def __init__(self) -> None:
        self.ring = KeyRing.generate()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ring, name)


@dataclass(frozen=True)
class Kept:
    """A way to wrap, and what its operator does."""

    encryption: KeyEncryption
    rotate: Any
    retire: Any


def own() -> Kept:
    keys = Ring()

    def change(changed):
        keys.ring = changed(keys.ring, "kek")

    return Kept(OwnKeys(keys), lambda: change(with_new_key), lambda: change(without_older_keys))


def outside(service: TransitService, engine: Engine) -> Kept:
    def retire():
        engine.least = len(engine.versions)

    return Kept(service, engine.rotate, retire)


@pytest.fixture(params=["own", "outside"])
def kept(request, service, engine) -> Kept:
    return own() if request.param == "own" else outside(service, engine)


def test_what_was_wrapped_opens_again(kept):
    data_key = new_data_key()

    wrapped = kept.encryption.wrap(data_key, PLACE)

    assert kept.encryption.unwrap(wrapped, PLACE) == data_key
    assert wrapped.key_id == kept.encryption.current
    assert len(wrapped.key_id) <= 64


def test_the_same_key_never_looks_the_same_twice_and_is_not_to_be_seen(kept):
    data_key = new_data_key()

    blobs = {kept.encryption.wrap(data_key, PLACE).blob for _ in range(5)}

    assert len(blobs) == 5
    assert not any(data_key in blob for blob in blobs)


def test_a_wrapped_key_opens_in_no_other_place(kept):
    wrapped = kept.encryption.wrap(new_data_key(), PLACE)

    for place in ("clinic-2/data_key/patient-1", "", f"{PLACE} "):
        with pytest.raises(SealBrokenError):
            kept.encryption.unwrap(wrapped, place)


def test_a_change_of_a_wrapped_key_is_noticed(kept):
    wrapped = kept.encryption.wrap(new_data_key(), PLACE)

    for position in (0, 1, 8, 20, len(wrapped.blob) // 2, len(wrapped.blob) - 5):
        changed = bytearray(wrapped.blob)
        changed[position] ^= 1
        with pytest.raises(SealBrokenError):
            kept.encryption.unwrap(WrappedKey(wrapped.key_id, bytes(changed)), PLACE)


def test_a_new_key_wraps_at_once_and_what_an_older_one_wrapped_still_opens(kept):
    data_key = new_data_key()
    before = kept.encryption.wrap(data_key, PLACE)

    kept.rotate()

    after = kept.encryption.wrap(data_key, PLACE)
    assert after.key_id == kept.encryption.current != before.key_id
    assert [kept.encryption.unwrap(one, PLACE) for one in (before, after)] == [data_key, data_key]


def test_what_a_retired_key_wrapped_is_told_as_lost_and_nothing_else(kept):
    before = kept.encryption.wrap(new_data_key(), PLACE)
    kept.rotate()
    after = kept.encryption.wrap(new_data_key(), PLACE)

    kept.retire()

    with pytest.raises(SealBrokenError):
        kept.encryption.unwrap(before, PLACE)
    assert kept.encryption.unwrap(after, PLACE)


def test_what_another_key_wrapped_opens_for_nobody_else(kept, service):
    foreign = OwnKeys(KeyRing.generate()).wrap(new_data_key(), PLACE)

    with pytest.raises(SealBrokenError):
        kept.encryption.unwrap(foreign, PLACE)


REPLIES = {
    "is sealed or down": Response(status=503),
    "fails": Response(status=500),
    "does not let us": Response('{"errors": ["permission denied"]}', 403),
    "sends us elsewhere": Response(status=307, headers={"Location": "http://127.0.0.1:1/"}),
    "says no JSON": Response("<html>"),
    "says a list": Response("[]"),
    "says nothing": Response("{}"),
    "says no data": Response('{"data": null}'),
    "says data of another kind": Response('{"data": {"plaintext": 7, "ciphertext": 7, "latest_version": "x"}}'),
    "says half a ciphertext": Response('{"data": {"plaintext": "%%%", "ciphertext": "vault:v1:"}}'),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_a_service_that_does_not_serve_is_told_as_such_and_never_as_a_broken_seal(service, engine, reply):
    wrapped = service.wrap(new_data_key(), PLACE)
    engine.fault = reply

    asks = (lambda: service.wrap(b"k" * 32, PLACE), lambda: service.unwrap(wrapped, PLACE), lambda: service.current)
    for ask in asks:
        with pytest.raises(KeyServiceError) as told:
            ask()
        assert isinstance(told.value, UnavailableError)
        assert TOKEN not in str(told.value)


def test_a_service_that_is_not_there_is_told_as_such():
    with pytest.raises(KeyServiceError):
        TransitService("http://127.0.0.1:1", "svarbro", TOKEN, timeout_s=10).wrap(b"k" * 32, PLACE)


def test_what_opens_to_something_that_is_no_key_is_a_broken_seal(service, engine):
    wrapped = service.wrap(new_data_key(), PLACE)
    engine.fault = Response('{"data": {"plaintext": "c2hvcnQ="}}')

    with pytest.raises(SealBrokenError):
        service.unwrap(wrapped, PLACE)


def test_a_token_that_the_service_does_not_know_is_refused(served_engine, engine):
    with pytest.raises(KeyServiceError):
        TransitService(served_engine[1], "svarbro", "another", timeout_s=10).wrap(b"k" * 32, PLACE)
