"""CONTENT: what is done to a deployment's content concerns every clinic, and stands in every clinic's audit log."""

from security.actor import Actor, Role
from security.audit import AuditEvent
from store.database import Store
from store.queue import QueueTx


def record_for_all(queue: QueueTx, store: Store, by: str, event: AuditEvent) -> None:
    """Write an act on the deployment's content into the audit log of every clinic.

    Args:
        by: name of the person who did it.
    """
    for clinic_id in store.clinics():
        queue.within(clinic_id, Actor(Role.OPERATOR, by, clinic_id, by)).audit.record(event)
