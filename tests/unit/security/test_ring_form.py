"""The sealed key file: nobody reads it without the service, and no fault of the service costs a key."""

import json
from base64 import b64encode
from dataclasses import dataclass, field

import pytest

from kernel.errors import ConflictError, SettingsError
from security.kek import KeyServiceError, OwnKeys
from security.key_change import with_new_key
from security.key_file import PAUSE_S, KeyFile
from security.keys import PLAIN, KeyRing, create_key_file, read_key_file, write_key_file
from security.ring_form import SealedForm
from security.vault import SealBrokenError, WrappedKey

RING = KeyRing.generate()


@dataclass
class Service:
    """A key management service that can be away, or forgetful."""

    own: OwnKeys = field(default_factory=lambda: OwnKeys(KeyRing.generate()))
    is_away: bool = False
    gives: bytes | None = None
    asked: int = 0

    @property
    def current(self) -> str:
        return self.own.current

    def wrap(self, data_key: bytes, context: str) -> WrappedKey:
        self._answer()
        return self.own.wrap(data_key, context)

    def unwrap(self, wrapped: WrappedKey, context: str) -> bytes:
        self._answer()
        return self.gives or self.own.unwrap(wrapped, context)

    def _answer(self) -> None:
        self.asked += 1
        if self.is_away:
            raise KeyServiceError("away")


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def path(tmp_path, service):
    write_key_file(tmp_path / "keys.json", RING, SealedForm(service))
    return tmp_path / "keys.json"


def test_a_sealed_file_opens_with_the_service_and_holds_no_key(path, service):
    text = path.read_text()

    assert read_key_file(path, SealedForm(service)) == RING
    keys = [*RING.keks.values(), RING.index_key, RING.link_key, RING.session_key]
    secrets = [secret for active in RING.webhook_secrets.values() for secret in active]
    assert not [key for key in keys if b64encode(key).decode() in text]
    assert not [secret for secret in secrets if secret in text]
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_its_service_a_sealed_file_says_what_is_missing(path):
    with pytest.raises(SettingsError, match="name the key management service"):
        read_key_file(path)
    with pytest.raises(SettingsError, match="does not open"):
        read_key_file(path, SealedForm(Service()))


def test_a_plain_file_is_not_taken_for_a_sealed_one(path, service):
    write_key_file(path, RING)

    with pytest.raises(SettingsError, match="keys seal"):
        read_key_file(path, SealedForm(service))


@pytest.mark.parametrize("part", ["key", "ring", "key_id"])
def test_a_change_of_any_part_is_noticed(path, service, part):
    raw = json.loads(path.read_text())
    text = raw["sealed"][part]
    raw["sealed"][part] = text[:8] + ("A" if text[8] != "A" else "B") + text[9:]
    path.write_text(json.dumps(raw))

    with pytest.raises(SettingsError):
        read_key_file(path, SealedForm(service))


HALF = '{"sealed": {"key_id": "a", "key": 7, "ring": "%"}}'


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sealed": {}}', HALF])
def test_what_is_no_sealed_file_is_refused_without_being_quoted(path, service, text):
    path.write_text(text)

    with pytest.raises(SettingsError) as told:
        read_key_file(path, SealedForm(service))
    assert not text or text not in str(told.value)


def test_each_writing_has_a_key_of_its_own(path, service):
    first = path.read_text()

    write_key_file(path, RING, SealedForm(service))

    assert path.read_text() != first


@pytest.mark.parametrize("fault", ["away", "forgetful"])
def test_a_service_that_fails_while_keys_are_changed_leaves_the_file_as_it_is(path, service, fault):
    before = path.read_text()
    service.is_away, service.gives = fault == "away", b"x" * 32 if fault == "forgetful" else None

    with pytest.raises((KeyServiceError, SealBrokenError)):
        write_key_file(path, with_new_key(RING, "kek"), SealedForm(service))

    assert path.read_text() == before
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]


def test_fresh_keys_never_take_the_place_of_others(path, service):
    with pytest.raises(ConflictError):
        create_key_file(path, SealedForm(service))

    assert read_key_file(path, SealedForm(service)) == RING
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]


def test_a_fresh_file_can_be_sealed_from_the_beginning(tmp_path, service):
    create_key_file(tmp_path / "new.json", SealedForm(service))

    assert read_key_file(tmp_path / "new.json", SealedForm(service)).keks
    with pytest.raises(SettingsError):
        read_key_file(tmp_path / "new.json", PLAIN)


def test_the_service_is_asked_once_for_each_change_of_the_file_however_often_keys_are_used(path, service):
    service.asked = 0
    live = KeyFile(path, SealedForm(service))
    for _ in range(100):
        assert live.current == RING.current
    assert service.asked == 1

    write_key_file(path, with_new_key(RING, "kek"), SealedForm(service))
    service.asked = 0

    assert {live.current for _ in range(100)} == {live.current} != {RING.current}
    assert service.asked == 1


def test_while_the_service_is_away_what_was_opened_is_used_on_until_the_file_changes(path, service):
    live = KeyFile(path, SealedForm(service))

    service.is_away = True

    assert live.ring == RING


def test_changed_keys_that_cannot_be_opened_are_asked_for_again_after_a_pause_and_never_guessed(path, service):
    now = [100.0]
    live = KeyFile(path, SealedForm(service), timer=lambda: now[0])
    changed = with_new_key(RING, "kek")
    write_key_file(path, changed, SealedForm(service))
    service.is_away, service.asked = True, 0

    for _ in range(10):
        with pytest.raises(KeyServiceError):
            _ = live.ring
    assert service.asked == 1

    service.is_away = False
    now[0] += PAUSE_S - 0.01
    with pytest.raises(KeyServiceError):
        _ = live.ring
    now[0] += 0.01
    assert live.ring == changed
