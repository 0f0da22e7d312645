"""Sealing: nothing opens with another key, in another place, or after a change."""

from dataclasses import replace

import pytest

from security.keys import KeyRing
from security.vault import SealBrokenError, WrappedKey, blind_index, new_data_key, open_sealed, seal, unwrap, wrap

PLACE = "clinic-1/patient.name/patient-1"


def test_what_was_sealed_opens_again():
    key = new_data_key()

    assert open_sealed(key, seal(key, b"Nancy Berggren", PLACE), PLACE) == b"Nancy Berggren"


def test_nothing_can_be_sealed_too():
    key = new_data_key()

    assert open_sealed(key, seal(key, b"", PLACE), PLACE) == b""


def test_the_same_content_never_looks_the_same_twice():
    key = new_data_key()

    assert len({seal(key, b"same", PLACE) for _ in range(100)}) == 100


def test_a_sealed_content_opens_in_no_other_place():
    key = new_data_key()
    sealed = seal(key, b"content", PLACE)

    with pytest.raises(SealBrokenError):
        open_sealed(key, sealed, "clinic-2/patient.name/patient-1")


def test_a_sealed_content_opens_with_no_other_key():
    sealed = seal(new_data_key(), b"content", PLACE)

    with pytest.raises(SealBrokenError):
        open_sealed(new_data_key(), sealed, PLACE)


def test_a_change_of_any_byte_is_noticed():
    key = new_data_key()
    sealed = seal(key, b"content", PLACE)

    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealBrokenError):
            open_sealed(key, bytes(changed), PLACE)


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28], ids=str)
def test_a_cut_off_seal_is_noticed(length):
    key = new_data_key()

    with pytest.raises(SealBrokenError):
        open_sealed(key, seal(key, b"content", PLACE)[:length], PLACE)


def test_data_keys_are_256_bits_and_differ():
    assert len({new_data_key() for _ in range(100)}) == 100
    assert len(new_data_key()) == 32


def test_a_wrapped_key_opens_with_the_ring_that_wrapped_it():
    ring, key = KeyRing.generate(), new_data_key()

    wrapped = wrap(ring, key, PLACE)

    assert unwrap(ring, wrapped, PLACE) == key
    assert wrapped.key_id == ring.current
    assert key not in wrapped.blob


def test_an_older_key_still_opens_what_it_wrapped():
    old, new = KeyRing.generate(), KeyRing.generate()
    key = new_data_key()
    wrapped = wrap(old, key, PLACE)
    rotated = replace(new, keks={**old.keks, **new.keks})

    assert unwrap(rotated, wrapped, PLACE) == key
    assert wrap(rotated, key, PLACE).key_id == new.current


def test_a_lost_key_is_told():
    with pytest.raises(SealBrokenError, match="not in the key file"):
        unwrap(KeyRing.generate(), WrappedKey("kek-lost", b""), PLACE)


def test_a_blind_index_is_the_same_for_the_same_person_in_the_same_clinic_only():
    key = KeyRing.generate().index_key
    index = blind_index(key, "clinic-1", "cpr", "2512489996")

    assert index == blind_index(key, "clinic-1", "cpr", "2512489996")
    others = {
        blind_index(key, "clinic-2", "cpr", "2512489996"),
        blind_index(key, "clinic-1", "x-ecpr", "2512489996"),
        blind_index(key, "clinic-1", "cpr", "0104909995"),
        blind_index(KeyRing.generate().index_key, "clinic-1", "cpr", "2512489996"),
        blind_index(key, "clinic-1cpr", "", "2512489996"),
    }
    assert len(others) == 5
    assert index not in others
    assert len(index) == 64


def test_a_wrapped_key_does_not_show_its_content_when_printed():
    assert repr(WrappedKey("kek-1", b"secret")) == "WrappedKey(key_id='kek-1')"
