"""Changes of keys: the new one in front, the older ones accepted, and nothing else touched."""

import threading
from dataclasses import replace

import pytest

from kernel.errors import ConflictError, InvalidInputError, SettingsError
from security.kek import OwnKeys
from security.key_change import with_new_key, without_older_keys
from security.key_file import KeyFile
from security.keys import KeyRing, read_key_file, write_key_file
from security.links import fitting_token, link_token, token_hash
from security.vault import SealBrokenError, new_data_key, unwrap, wrap

RING = KeyRing.generate()


def test_a_new_key_encryption_key_wraps_and_the_older_one_still_opens():
    wrapped = OwnKeys(RING).wrap(b"k" * 32, "place")

    changed = with_new_key(RING, "kek")

    assert OwnKeys(changed).unwrap(wrapped, "place") == b"k" * 32
    assert OwnKeys(changed).wrap(b"k" * 32, "place").key_id == OwnKeys(changed).current != RING.current
    with pytest.raises(SealBrokenError):
        OwnKeys(without_older_keys(changed, "kek")).unwrap(wrapped, "place")


@pytest.mark.parametrize(
    ("kind", "channel"), [("kek", None), ("session", None), ("link", None), ("webhook", "minlaege")]
)
def test_a_change_touches_its_kind_alone_and_survives_the_file(kind, channel):
    changed = with_new_key(RING, kind, channel)
    fields = {"kek": {"keks", "current"}, "webhook": {"webhook_secrets"}}
    own = fields.get(kind, {f"{kind}_key", f"older_{kind}_keys"})

    touched = {name for name in RING.__slots__ if getattr(RING, name) != getattr(changed, name)}

    assert touched == own
    assert KeyRing.from_json(changed.to_json()) == changed


def test_two_changes_keep_both_older_keys_newest_first():
    twice = with_new_key(with_new_key(RING, "session"), "session")

    assert twice.older_session_keys[1] == RING.session_key
    assert len({twice.session_key, *twice.older_session_keys}) == 3


@pytest.mark.parametrize("kind", ["kek", "session", "link"])
def test_where_there_is_no_older_key_none_is_removed(kind):
    with pytest.raises(ConflictError):
        without_older_keys(RING, kind)
    with pytest.raises(ConflictError):
        without_older_keys(RING, "webhook", "minlaege")


@pytest.mark.parametrize(("kind", "channel"), [("webhook", None), ("webhook", "nobody"), ("other", None)])
def test_what_has_no_key_is_refused(kind, channel):
    with pytest.raises(InvalidInputError):
        with_new_key(RING, kind, channel)
    with pytest.raises(InvalidInputError):
        without_older_keys(RING, kind, channel)


def test_a_link_of_before_is_made_again_by_the_key_that_made_it():
    given_out = link_token(RING.link_key, "occasion-1")
    changed = with_new_key(RING, "link")

    assert fitting_token(changed, "occasion-1", token_hash(given_out)) == given_out
    with pytest.raises(SealBrokenError):
        fitting_token(without_older_keys(changed, "link"), "occasion-1", token_hash(given_out))


def test_a_running_process_takes_what_was_written_since(tmp_path):
    path = tmp_path / "keys.json"
    write_key_file(path, RING)
    live = KeyFile(path)
    first = (live.keks, live.current, live.index_key, live.link_key, live.session_key, live.webhook_secrets)

    changed = replace(with_new_key(with_new_key(RING, "link"), "session"), index_key=b"i" * 32)
    write_key_file(path, changed)

    assert first == (RING.keks, RING.current, RING.index_key, RING.link_key, RING.session_key, RING.webhook_secrets)
    assert (live.link_key, live.older_link_keys) == (changed.link_key, (RING.link_key,))
    assert (live.session_key, live.older_session_keys) == (changed.session_key, (RING.session_key,))
    assert live.index_key == b"i" * 32


class Restless(KeyFile):
    """Its file gets a new key each time that somebody looks."""

    def __init__(self, path, kind):
        self._kind = kind
        super().__init__(path)

    def _now(self):
        write_key_file(self._path, with_new_key(read_key_file(self._path), self._kind))
        return super()._now()


def test_a_key_that_changes_in_the_midst_of_wrapping_loses_nothing(tmp_path):
    path = tmp_path / "keys.json"
    write_key_file(path, RING)
    data_key = new_data_key()

    wrapped = wrap(Restless(path, "kek"), data_key, "place")

    assert unwrap(KeyFile(path), wrapped, "place") == data_key


class TurnedBehind(KeyFile):
    """Its file gets a new key for links right after each time that somebody looked."""

    @property
    def ring(self):
        seen = super().ring
        write_key_file(self._path, with_new_key(seen, "link"))
        return seen


@pytest.mark.parametrize("made_by", ["the newest key", "an older key"])
def test_a_link_is_found_while_its_key_changes(tmp_path, made_by):
    path, ring = tmp_path / "keys.json", with_new_key(RING, "link")
    write_key_file(path, ring)
    given_out = link_token({"the newest key": ring, "an older key": RING}[made_by].link_key, "occasion-1")

    # A look at the older keys and a later one at the newest would both miss the key that was the newest in between.
    assert fitting_token(TurnedBehind(path), "occasion-1", token_hash(given_out)) == given_out
    assert read_key_file(path).link_key != ring.link_key


def test_a_key_file_that_vanished_is_told_at_the_next_use(tmp_path):
    path = tmp_path / "keys.json"
    write_key_file(path, RING)
    live = KeyFile(path)
    path.unlink()

    with pytest.raises(SettingsError):
        _ = live.current


class Waited(KeyFile):
    """While somebody waits to read its file anew, another thread has read it."""

    def __init__(self, path):
        super().__init__(path)
        self.reads = 0

    def __enter__(self):
        self._lock = threading.Lock()
        assert super().ring

    def __exit__(self, *_):
        pass

    def _read(self):
        self.reads = getattr(self, "reads", 0) + 1
        return super()._read()


def test_who_waited_while_another_read_the_changed_file_does_not_read_it_again(tmp_path, monkeypatch):
    path = tmp_path / "keys.json"
    write_key_file(path, RING)
    live = Waited(path)
    monkeypatch.setattr(live, "_lock", live)
    write_key_file(path, with_new_key(RING, "link"))

    assert live.ring.link_key != RING.link_key
    assert live.reads == 1
