"""FORGET: what is kept only for a while goes when its time is over, each class by the time in its content file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from delivery.content import Content
from delivery.retention import RetentionClass
from flow.schedule import worker_of
from kernel.clock import Clock
from kernel.ids import ClinicId
from security.audit import AuditEvent
from store.database import Store
from store.retention import Expiry

AT_A_TIME = 500
"""Rows of one class in one transaction."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One class.

    Args:
        life: how long it is kept after the last need.
        over: how many rows have had their time; None where nothing of it goes by itself.
    """

    kind: RetentionClass
    life: timedelta
    over: int | None


@dataclass(frozen=True, slots=True)
class Forget:
    """The tick that removes what has had its time, and what shows it."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self) -> int:
        """Remove a few rows of each class whose time is over; return how many there were."""
        return sum(self._remove(one, life) for one, life in self._lives())

    def shown(self) -> tuple[Kept, ...]:
        """Tell how long each class is kept, and how much of it waits for the tick."""
        lives = self.content.retention.lives
        with self.store.queue() as queue:
            expiry = Expiry(queue.connection, queue.within)
            over = {one: expiry.count(one, self._until(one, life)) for one, life in self._lives()}
        return tuple(Kept(one, life, over.get(one)) for one, life in lives.items())

    def _lives(self) -> Iterator[tuple[RetentionClass, timedelta]]:
        return ((one, life) for one, life in self.content.retention.lives.items() if one.goes_by_itself)

    def _until(self, one: RetentionClass, life: timedelta) -> datetime:
        """Tell before which moment rows were last needed; the audit is cut by whole days, so once a day at most."""
        before = self.clock.now() - life
        is_audit = one is RetentionClass.AUDIT
        return before.replace(hour=0, minute=0, second=0, microsecond=0) if is_audit else before

    def _remove(self, one: RetentionClass, life: timedelta) -> int:
        with self.store.queue() as queue:
            expiry = Expiry(queue.connection, queue.within)
            gone = expiry.remove(one, self._until(one, life), AT_A_TIME, worker_of)
            for clinic_id in gone:
                if clinic_id:
                    tx = queue.within(ClinicId(clinic_id), worker_of(ClinicId(clinic_id)))
                    tx.audit.record(AuditEvent(f"forget-{one}", f"Rows/{gone[clinic_id]}", purpose="retention"))
        return gone.total()
