"""The key file as running processes see it: what an operator changes there counts from the next use on."""

import threading
from collections.abc import Mapping
from pathlib import Path

from security.keys import KeyRing, read_key_file

Stamp = tuple[int, int, int]


class KeyFile:
    """All keys of a deployment, read again whenever the file is another one; a file is always replaced as a whole.

    Args:
        path: of the key file, mode 0600.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp = self._now()
        self._ring = read_key_file(path)

    @property
    def ring(self) -> KeyRing:
        """The keys as they are at this moment.

        Raises:
            SettingsError: the file was replaced by something else.
        """
        stamp = self._now()
        if stamp != self._stamp:
            with self._lock:
                self._ring, self._stamp = read_key_file(self._path), stamp
        return self._ring

    @property
    def keks(self) -> Mapping[str, bytes]:
        """Key-encryption keys by id."""
        return self.ring.keks

    @property
    def current(self) -> str:
        """Id of the key-encryption key that wraps now."""
        return self.ring.current

    @property
    def index_key(self) -> bytes:
        """Key of the blind index."""
        return self.ring.index_key

    @property
    def link_key(self) -> bytes:
        """Key of new personal links."""
        return self.ring.link_key

    @property
    def older_link_keys(self) -> tuple[bytes, ...]:
        """Keys of links that were given out before."""
        return self.ring.older_link_keys

    @property
    def session_key(self) -> bytes:
        """Key that signs sessions now."""
        return self.ring.session_key

    @property
    def older_session_keys(self) -> tuple[bytes, ...]:
        """Keys of sessions that began before."""
        return self.ring.older_session_keys

    @property
    def webhook_secrets(self) -> Mapping[str, tuple[str, ...]]:
        """Active secrets of each channel."""
        return self.ring.webhook_secrets

    def _now(self) -> Stamp:
        found = self._path.stat() if self._path.exists() else None
        return (found.st_ino, found.st_mtime_ns, found.st_size) if found else (0, 0, 0)
