"""FORGET: what is kept only for a while goes when its time is over, each class by the time in its content file."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from delivery.content import Content
from delivery.retention import RetentionClass
from flow.schedule import worker_of
from kernel.clock import Clock
from kernel.ids import ClinicId
from security.audit import AuditEvent
from store.database import Store
from store.retention import Expiry, Over

AT_A_TIME = 500
"""Rows of one class in one transaction."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One class.

    Args:
        life: how long it is kept after the last need, where a clinic has chosen nothing else.
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
        return sum(self._remove(one) for one in self._over())

    def shown(self) -> tuple[Kept, ...]:
        """Tell how long each class is kept, and how much of it waits for the tick."""
        over: Counter[RetentionClass] = Counter()
        classes = self._over()
        with self.store.queue() as queue:
            expiry = Expiry(queue.connection, queue.within)
            for one in classes:
                over[one.kind] += expiry.count(one)
        lives = self.content.retention.lives
        return tuple(Kept(one, life, over[one] if one.goes_by_itself else None) for one, life in lives.items())

    def _over(self) -> tuple[Over, ...]:
        """List what to look for: each class by the content file, and by each time that clinics have chosen instead."""
        with self.store.queue() as queue:
            choices = Expiry(queue.connection, queue.within).choices()
        every = [*((one, None) for one in RetentionClass), *choices]
        return tuple(Over(one, self._until(one, days), days) for one, days in every if one.goes_by_itself)

    def _until(self, one: RetentionClass, days: int | None) -> datetime:
        """Tell before which moment rows were last needed; the audit is cut by whole days, so once a day at most."""
        before = self.clock.now() - self.content.retention.life(one, days)
        is_audit = one is RetentionClass.AUDIT
        return before.replace(hour=0, minute=0, second=0, microsecond=0) if is_audit else before

    def _remove(self, over: Over) -> int:
        with self.store.queue() as queue:
            gone = Expiry(queue.connection, queue.within).remove(over, AT_A_TIME, worker_of)
            for clinic_id in gone:
                if clinic_id:
                    tx = queue.within(ClinicId(clinic_id), worker_of(ClinicId(clinic_id)))
                    tx.audit.record(AuditEvent(f"forget-{over.kind}", f"Rows/{gone[clinic_id]}", purpose="retention"))
        return gone.total()
