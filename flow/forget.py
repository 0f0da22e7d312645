"""FORGET: what is kept only for a while goes when its time is over; so far that is drafts."""

from dataclasses import dataclass
from datetime import timedelta

from flow.schedule import worker_of
from kernel.clock import Clock
from security.audit import AuditEvent
from store.database import Store

DRAFT_LIFE = timedelta(days=30)
"""A draft that was not sent and not touched for so long is deleted (docs/operations.md, one patient's data)."""
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class ForgetDrafts:
    """The tick that deletes drafts."""

    store: Store
    clock: Clock

    def __call__(self) -> int:
        """Delete a few of those whose time is over; return how many there were."""
        with self.store.queue() as queue:
            forgotten = queue.forget_drafts(self.clock.now() - DRAFT_LIFE, AT_A_TIME)
            for clinic_id, number in forgotten.items():
                tx = queue.within(clinic_id, worker_of(clinic_id))
                tx.audit.record(AuditEvent("forget-drafts", f"Drafts/{number}", purpose="retention"))
        return sum(forgotten.values())
