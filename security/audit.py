"""What an audit row says: who did what to whose data, and why."""

from dataclasses import dataclass
from datetime import datetime

from kernel.ids import PatientRef


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One act, written in the transaction that does it.

    Args:
        action: verb, such as `enrol`, `receive`, `decide`, `read`.
        entity: kind and id of what was touched, such as `Enrolment/0190…`.
        patients: pseudonyms concerned.
        purpose: why, such as `treatment`, `delivery`, `setup`.
        at: aware UTC; the store fills it in from the clock.
    """

    action: str
    entity: str
    patients: tuple[PatientRef, ...] = ()
    purpose: str = "treatment"
    at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse an act without a purpose: what nobody can give a reason for is not done."""
        if not self.purpose:
            raise ValueError("An act has a purpose.")
