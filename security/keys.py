"""The keys of a deployment: kept in one file that only its owner can read."""

import json
import os
import secrets
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from kernel.errors import ConflictError, SettingsError
from kernel.ids import new_id

KEY_BYTES = 32
SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix of Standard Webhooks, no secret
OWNER_ONLY = 0o600
CHANNELS = ("webpatient", "minlaege")
SEALED = "sealed"
"""Stands in a key file that only a key management service opens, and in no other."""


class Keys(Protocol):
    """All keys of one deployment, wherever they are kept; see `KeyRing`."""

    @property
    def ring(self) -> "KeyRing":
        """All of them as they are at this moment: what needs several that belong together takes them from one ring."""
        ...

    @property
    def keks(self) -> Mapping[str, bytes]:
        """Key-encryption keys by id."""
        ...

    @property
    def current(self) -> str:
        """Id of the key-encryption key that wraps now."""
        ...

    @property
    def index_key(self) -> bytes:
        """Key of the blind index."""
        ...

    @property
    def link_key(self) -> bytes:
        """Key of new personal links."""
        ...

    @property
    def older_link_keys(self) -> tuple[bytes, ...]:
        """Keys of links that were given out before."""
        ...

    @property
    def session_key(self) -> bytes:
        """Key that signs sessions now."""
        ...

    @property
    def older_session_keys(self) -> tuple[bytes, ...]:
        """Keys of sessions that began before."""
        ...

    @property
    def webhook_secrets(self) -> Mapping[str, tuple[str, ...]]:
        """Active secrets of each channel."""
        ...


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of one deployment.

    Args:
        keks: key-encryption keys by id; old ones stay readable until everything is wrapped anew.
        current: id of the key-encryption key that wraps new data keys.
        index_key: keys the blind index of personal identifiers.
        link_key: makes personal links.
        session_key: signs the session cookies of the pages.
        webhook_secrets: channel -> active secrets `whsec_<base64>`; the first signs, every one verifies.
        older_link_keys: made links that are still out.
        older_session_keys: signed sessions that still run.
    """

    keks: Mapping[str, bytes] = field(repr=False)
    current: str
    index_key: bytes = field(repr=False)
    link_key: bytes = field(repr=False)
    session_key: bytes = field(repr=False)
    webhook_secrets: Mapping[str, tuple[str, ...]] = field(repr=False)
    older_link_keys: tuple[bytes, ...] = field(default=(), repr=False)
    older_session_keys: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def ring(self) -> "KeyRing":
        """These keys."""
        return self

    @classmethod
    def generate(cls, channels: Iterable[str] = CHANNELS) -> "KeyRing":
        """Make fresh keys, with one webhook secret per channel."""
        current = f"kek-{new_id()}"
        return cls(
            keks={current: secrets.token_bytes(KEY_BYTES)},
            current=current,
            index_key=secrets.token_bytes(KEY_BYTES),
            link_key=secrets.token_bytes(KEY_BYTES),
            session_key=secrets.token_bytes(KEY_BYTES),
            webhook_secrets={channel: (new_webhook_secret(),) for channel in channels},
        )

    @classmethod
    def from_json(cls, text: str) -> "KeyRing":
        """Read the keys from the text of a key file.

        Raises:
            SettingsError: the text is no key file; the message never quotes it.
        """
        try:
            raw = json.loads(text)
            if SEALED in raw:
                raise SettingsError("The key file is sealed: name the key management service that opens it.")
            return _from_mapping(raw)
        except (ValueError, KeyError, TypeError, AttributeError):
            # The chain is cut: the error of a parser quotes what it could not read.
            raise SettingsError("The key file cannot be read as keys.") from None

    def to_json(self) -> str:
        """Write the keys as the text of a key file."""
        return json.dumps(
            {
                "keks": {key_id: _text(key) for key_id, key in self.keks.items()},
                "current": self.current,
                "index_key": _text(self.index_key),
                "link_key": _text(self.link_key),
                "session_key": _text(self.session_key),
                "webhook_secrets": {channel: list(active) for channel, active in self.webhook_secrets.items()},
                "older_link_keys": [_text(key) for key in self.older_link_keys],
                "older_session_keys": [_text(key) for key in self.older_session_keys],
            },
            indent=2,
        )


def new_webhook_secret() -> str:
    """Make a secret for a channel, in the form that Standard Webhooks gives it."""
    return SECRET_PREFIX + _text(secrets.token_bytes(KEY_BYTES))


class RingForm(Protocol):
    """How a key ring stands in its file."""

    def text_of(self, ring: KeyRing) -> str:
        """Write a key ring as text."""
        ...

    def ring_of(self, text: str) -> KeyRing:
        """Read a key ring from its text.

        Raises:
            SettingsError: it is none; the message never quotes it.
        """
        ...


class PlainForm:
    """The keys themselves: whoever reads the file has them."""

    def text_of(self, ring: KeyRing) -> str:
        """Write a key ring as text."""
        return ring.to_json()

    def ring_of(self, text: str) -> KeyRing:
        """Read a key ring from its text."""
        return KeyRing.from_json(text)


PLAIN = PlainForm()


def write_key_file(path: Path, ring: KeyRing, form: RingForm = PLAIN) -> None:
    """Put the keys into a file, whole or not at all, readable by its owner only; an older file is replaced."""
    draft = _draft(path, form.text_of(ring))
    draft.replace(path)


def create_key_file(path: Path, form: RingForm = PLAIN) -> None:
    """Make a file with fresh keys.

    Raises:
        ConflictError: there is one; nobody's keys are ever replaced by fresh ones.
    """
    draft = _draft(path, form.text_of(KeyRing.generate()))
    try:
        path.hardlink_to(draft)
    except FileExistsError as error:
        raise ConflictError("There is a key file already.") from error
    finally:
        draft.unlink()


def ensure_key_file(path: Path, form: RingForm = PLAIN) -> KeyRing:
    """Return the keys of a file; make the file with fresh keys where there is none.

    Several processes may do this at once: the first one's keys are everybody's.

    Raises:
        SettingsError: the file is open to others, or holds no keys.
    """
    if not path.exists():
        with suppress(ConflictError):
            create_key_file(path, form)
    return read_key_file(path, form)


def read_key_file(path: Path, form: RingForm = PLAIN) -> KeyRing:
    """Return the keys of a file.

    Raises:
        SettingsError: there is none, it is open to others than its owner, or it holds no keys.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~OWNER_ONLY:
            raise SettingsError(f"The key file is open to others (mode {mode:04o}); make it 0600.")
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise SettingsError("The key file cannot be opened.") from error
    return form.ring_of(text)


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{new_id()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _from_mapping(raw: Mapping[str, Any]) -> KeyRing:
    keks = {key_id: _key(text) for key_id, text in raw["keks"].items()}
    if raw["current"] not in keks:
        raise ValueError("current")
    return KeyRing(
        keks=keks,
        current=raw["current"],
        index_key=_key(raw["index_key"]),
        link_key=_key(raw["link_key"]),
        session_key=_key(raw["session_key"]),
        webhook_secrets={channel: tuple(active) for channel, active in raw["webhook_secrets"].items()},
        older_link_keys=tuple(_key(text) for text in raw.get("older_link_keys", ())),
        older_session_keys=tuple(_key(text) for text in raw.get("older_session_keys", ())),
    )


def _key(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("length")
    return key


def _text(key: bytes) -> str:
    return b64encode(key).decode("ascii")
