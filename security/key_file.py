"""The key file as running processes see it: what an operator changes there counts from the next use on."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from kernel.errors import UnavailableError
from security.kek import KeyServiceError
from security.keys import PLAIN, KeyRing, RingForm, read_key_file

Stamp = tuple[int, int, int]
PAUSE_S = 5.0
"""So long nobody asks again a service that did not answer: whoever needs a key is told at once to come again."""


class KeyFile:
    """All keys of a deployment, read again whenever the file is another one; a file is always replaced as a whole.

    Args:
        path: of the key file, mode 0600.
        form: how the keys stand in it; a sealed one is opened by an outside call, once for each change.
        timer: monotonic seconds.
    """

    def __init__(self, path: Path, form: RingForm = PLAIN, timer: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._form = form
        self._timer = timer
        self._not_before = 0.0
        self._lock = threading.Lock()
        self._stamp = self._now()
        self._ring = self._read()

    @property
    def ring(self) -> KeyRing:
        """The keys as they are at this moment.

        Raises:
            SettingsError: the file was replaced by something else.
            KeyServiceError: it was changed, and what opens it does not answer. What was read before is not used on: an
                older key may be retired meanwhile, and what is wrapped with it then would be lost.
        """
        if self._now() != self._stamp:
            with self._lock:
                stamp = self._now()
                if stamp != self._stamp:
                    self._ring, self._stamp = self._read(), stamp
        return self._ring

    def _read(self) -> KeyRing:
        if self._timer() < self._not_before:
            raise KeyServiceError("The key file changed, and cannot be opened now.")
        try:
            return read_key_file(self._path, self._form)
        except UnavailableError:
            self._not_before = self._timer() + PAUSE_S
            raise

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
