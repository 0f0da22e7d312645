"""The key file: whole, private, and the same for everybody who asks."""

import json
import os
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest

from kernel.errors import SettingsError
from security.keys import KeyRing, ensure_key_file, read_key_file, write_key_file


def test_fresh_keys_are_256_bits_and_all_different():
    ring = KeyRing.generate(("webpatient",))

    keys = [*ring.keks.values(), ring.index_key, ring.link_key, ring.session_key]
    assert [len(key) for key in keys] == [32] * 4
    assert len(set(keys)) == 4
    assert list(ring.keks) == [ring.current]
    (secret,) = ring.webhook_secrets["webpatient"]
    assert secret.startswith("whsec_")


def test_two_rings_share_nothing():
    one, other = KeyRing.generate(), KeyRing.generate()

    assert one.current != other.current
    assert one.index_key != other.index_key
    assert one.webhook_secrets != other.webhook_secrets


def test_keys_come_back_from_their_file_as_they_were_written(tmp_path):
    ring = KeyRing.generate()

    write_key_file(tmp_path / "keys.json", ring)

    assert read_key_file(tmp_path / "keys.json") == ring


def test_a_key_file_is_readable_by_its_owner_only_and_leaves_nothing_beside_it(tmp_path):
    old_mask = os.umask(0)
    try:
        write_key_file(tmp_path / "keys.json", KeyRing.generate())
    finally:
        os.umask(old_mask)

    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o700], ids=oct)
def test_a_key_file_with_a_wider_mode_is_refused(tmp_path, mode):
    write_key_file(tmp_path / "keys.json", KeyRing.generate())
    (tmp_path / "keys.json").chmod(mode)

    with pytest.raises(SettingsError, match="open to others"):
        read_key_file(tmp_path / "keys.json")


def test_a_key_file_that_only_its_owner_can_read_is_taken(tmp_path):
    write_key_file(tmp_path / "keys.json", KeyRing.generate())
    (tmp_path / "keys.json").chmod(0o400)

    assert read_key_file(tmp_path / "keys.json").keks


def test_writing_replaces_the_older_keys(tmp_path):
    newer = KeyRing.generate()
    write_key_file(tmp_path / "keys.json", KeyRing.generate())

    write_key_file(tmp_path / "keys.json", newer)

    assert read_key_file(tmp_path / "keys.json") == newer


def test_a_missing_key_file_is_told(tmp_path):
    with pytest.raises(SettingsError, match="cannot be opened"):
        read_key_file(tmp_path / "keys.json")


def broken(**changed: object) -> str:
    return json.dumps({**json.loads(KeyRing.generate().to_json()), **changed})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no keys at all",
        "[]",
        "{}",
        broken(current="another"),
        broken(index_key="not base64!"),
        broken(index_key=b64encode(b"short").decode()),
        broken(keks=[]),
        broken(webhook_secrets=None),
        broken(link_key=None),
    ],
    ids=["empty", "text", "list", "nothing", "no current", "no base64", "short", "no keks", "no secrets", "null"],
)
def test_what_is_no_key_file_is_refused_without_quoting_it(text):
    with pytest.raises(SettingsError) as caught:
        KeyRing.from_json(text)

    assert str(caught.value) == "The key file cannot be read as keys."
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_keys_are_made_once_although_many_ask_at_the_same_time(tmp_path):
    path = tmp_path / "keys.json"

    with ThreadPoolExecutor(20) as pool:
        rings = list(pool.map(lambda _: ensure_key_file(path), range(20)))

    assert rings == [read_key_file(path)] * 20
    assert [one.name for one in tmp_path.iterdir()] == ["keys.json"]


def test_keys_that_are_there_stay(tmp_path):
    ring = KeyRing.generate()
    write_key_file(tmp_path / "keys.json", ring)

    assert ensure_key_file(tmp_path / "keys.json") == ring


def test_keys_do_not_show_when_printed():
    ring = KeyRing.generate()

    assert repr(ring) == f"KeyRing(current={ring.current!r})"
