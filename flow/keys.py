"""KEYS: every kind of key is changed while the service runs, and an older one goes when nothing needs it any more."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flow.content_acts import record_for_all
from kernel.clock import Clock
from kernel.errors import ConflictError, SettingsError
from security.audit import AuditEvent
from security.key_change import KEK, with_new_key, without_older_keys
from security.keys import PLAIN, KeyRing, RingForm, read_key_file, write_key_file
from store.database import Store
from store.sole import sole_holder

BATCH = 500
"""Data keys of one transaction; other writers wait no longer than they take."""
REST = timedelta(minutes=10)
"""Longer than any transaction: when it is over, nobody still writes what an older key wraps."""


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """What a deployment's keys are used for; no key is in it.

    Args:
        current: id of the key-encryption key that wraps now.
        wraps: id of a key-encryption key -> data keys that it wraps.
        older: kind -> older keys that are still accepted; webhooks by channel.
    """

    current: str
    wraps: Mapping[str, int]
    older: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ChangeKeys:
    """The use cases; they change the key file, which running processes read again by themselves."""

    store: Store
    clock: Clock
    path: Path
    form: RingForm = PLAIN

    def status(self) -> KeyStatus:
        """Tell which keys there are and what they are used for."""
        ring = read_key_file(self.path, self.form)
        with self.store.queue() as queue:
            used = self.store.rewrapping(queue).used()
        older = {
            "kek": len(ring.keks) - 1,
            "session": len(ring.older_session_keys),
            "link": len(ring.older_link_keys),
            **{f"webhook:{name}": len(active) - 1 for name, active in ring.webhook_secrets.items()},
        }
        return KeyStatus(ring.current, {**dict.fromkeys(ring.keks, 0), **used}, older)

    def rotate(self, by: str, kind: str, channel: str | None = None) -> int:
        """Put a new key in front; for a key-encryption key, wrap every data key anew.

        Killed in between, it is finished by `rewrap`: what is not wrapped anew yet still opens with the older key.

        Returns:
            Number of data keys that were wrapped anew.

        Raises:
            InvalidInputError: no such kind of key, or channel.
            ConflictError: somebody else changes keys now.
        """
        self._change(lambda ring: with_new_key(ring, kind, channel), by, f"rotate-{kind}")
        return self.rewrap() if kind == KEK else 0

    def rewrap(self) -> int:
        """Wrap every data key anew that an older key wraps; return how many."""
        total = 0
        while True:
            with self.store.queue() as queue:
                done = self.store.rewrapping(queue).part(BATCH)
            total += done
            if not done:
                return total

    def retire(self, by: str, kind: str, channel: str | None = None) -> None:
        """Remove the older keys of a kind.

        Raises:
            InvalidInputError: no such kind of key, or channel.
            ConflictError: there is none, it still wraps something, the new one is not in use long enough, or somebody
                else changes keys now.
        """

        def changed(ring: KeyRing) -> KeyRing:
            after = without_older_keys(ring, kind, channel)
            if kind == KEK:
                self._refuse_needed(ring)
            return after

        self._change(changed, by, f"retire-{kind}")

    def seal(self, by: str) -> None:
        """Close the key file anew: with a key of its own, wrapped by the newest key of whoever wraps it.

        Raises:
            KeyServiceError: that one does not answer; the file is as it was.
            ConflictError: somebody else changes keys now.
        """
        self._change(lambda ring: ring, by, "seal-keys")

    def _refuse_needed(self, ring: KeyRing) -> None:
        self.rewrap()
        with self.store.queue() as queue:
            used = self.store.rewrapping(queue).used()
        if set(used) - {ring.current}:
            raise ConflictError("An older key still wraps data keys.")
        if self.clock.now() - made_at(ring.current) < REST:
            raise ConflictError(f"The new key is younger than {REST.seconds // 60} minutes.")

    def _change(self, changed: Callable[[KeyRing], KeyRing], by: str, act: str) -> None:
        """Write the file first: a key that is used before it is kept would be lost, and so would one of two at once."""
        with _alone(self.path):
            ring = changed(read_key_file(self.path, self.form))
            write_key_file(self.path, ring, self.form)
        with self.store.queue() as queue:
            record_for_all(queue, self.store, by, AuditEvent(act, f"Key/{ring.current}", purpose="security"))


def seal_first(path: Path, form: RingForm) -> bool:
    """Seal a key file that is still plain; tell whether it was.

    Raises:
        KeyServiceError: whoever is to open it does not answer; the file is as it was.
        ConflictError: somebody else changes keys now.
    """
    with _alone(path):
        try:
            ring = read_key_file(path)
        except SettingsError:
            return False
        write_key_file(path, ring, form)
    return True


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with sole_holder(path.with_name(f".{path.name}.lock"), "Somebody else changes keys now."):
        yield


def made_at(kek_id: str) -> datetime:
    """Return when a key was made: its id is `kek-` and a UUID of version 7, which begins with the moment."""
    milliseconds = int(kek_id.removeprefix("kek-").replace("-", "")[:12], 16)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
