"""The port to whoever holds the key-encryption keys, and the adapter for keys that this process holds itself."""

from dataclasses import dataclass
from typing import Protocol

from kernel.errors import UnavailableError
from security.keys import Keys
from security.vault import WrappedKey, unwrap, wrap


class KeyServiceError(UnavailableError):
    """Whoever holds the key does not answer, or not us; nothing was done, and it can be tried again."""


class KeyEncryption(Protocol):
    """Wraps data keys; a key management service does it without giving its keys out."""

    @property
    def current(self) -> str:
        """Id of the key that wraps now."""
        ...

    def wrap(self, data_key: bytes, context: str) -> WrappedKey:
        """Wrap a data key for its place.

        Raises:
            KeyServiceError: nothing was wrapped; try again.
        """
        ...

    def unwrap(self, wrapped: WrappedKey, context: str) -> bytes:
        """Open a wrapped data key.

        Raises:
            SealBrokenError: its key is lost, or it was wrapped for another place.
            KeyServiceError: it is not known whether it opens; try again.
        """
        ...


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """Wraps with the keys of a key file or of the environment."""

    keys: Keys

    @property
    def current(self) -> str:
        """Id of the key that wraps now."""
        return self.keys.current

    def wrap(self, data_key: bytes, context: str) -> WrappedKey:
        """Wrap a data key for its place."""
        return wrap(self.keys, data_key, context)

    def unwrap(self, wrapped: WrappedKey, context: str) -> bytes:
        """Open a wrapped data key."""
        return unwrap(self.keys, wrapped, context)
