"""Key sets that systems publish: fetched from allowed hosts alone, kept for minutes, never named by a caller."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from delivery.transport import Transport
from kernel.clock import Clock
from kernel.errors import HandoverError, InvalidInputError
from security.client import ClientKey, public_keys

KEPT_S = 300
"""A key set is asked for again after so many seconds."""
RETRY_S = 30
"""After a failure, or for a kid that is not in the set, it is asked for again no sooner than this."""


class KeySource(Protocol):
    """Knows the keys that a system publishes."""

    def keys(self, url: str, kid: str) -> tuple[ClientKey, ...]:
        """Return the keys at a registered address; nothing where they cannot be had.

        Args:
            kid: the key that is looked for; one that is new is a reason to ask again.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Fetched:
    at: float
    keys: tuple[ClientKey, ...]


@dataclass(slots=True)
class PublishedKeys:
    """Fetches key sets over HTTPS, without redirects and with a limit of size and time.

    Args:
        hosts: the only ones that are ever called.
        transports: by origin, made at the first call; tests give their own.
    """

    hosts: frozenset[str]
    clock: Clock
    timeout_s: float
    transports: dict[str, Transport] = field(default_factory=dict)
    _known: dict[str, _Fetched] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keys(self, url: str, kid: str) -> tuple[ClientKey, ...]:
        """Return the keys at a registered address; nothing where they cannot be had."""
        now = self.clock.now().timestamp()
        with self._lock:
            known = self._known.get(url)
            if known is not None and now - known.at < (KEPT_S if _has(known, kid) else RETRY_S):
                return known.keys
            # Whoever comes meanwhile gets what was known: a receiver that hangs holds up one call, not all.
            self._known[url] = _Fetched(now, known.keys if known and now - known.at < KEPT_S else ())
        fetched = _Fetched(now, self._fetched(url))
        with self._lock:
            self._known[url] = fetched
        return fetched.keys

    def _fetched(self, url: str) -> tuple[ClientKey, ...]:
        parts = urlsplit(url)
        # Looked at again: the list may have become shorter since the client was registered.
        if parts.scheme != "https" or parts.hostname not in self.hosts:
            return ()
        try:
            answer = self._transport(f"https://{parts.netloc}").exchange("GET", parts.path)
            return public_keys(_object(answer.raw))
        except (HandoverError, InvalidInputError):
            return ()

    def _transport(self, origin: str) -> Transport:
        made = Transport(origin, None, timeout_s=self.timeout_s, error=HandoverError, receiver="A key set")
        return self.transports.setdefault(origin, made)


def _has(fetched: _Fetched, kid: str) -> bool:
    return any(key.kid == kid for key in fetched.keys)


def _object(raw: bytes) -> Mapping[str, object]:
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
