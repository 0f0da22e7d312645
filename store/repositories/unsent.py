"""Danger answers in drafts: watched from the saving, told once, gone when the form is sent."""

from dataclasses import dataclass
from datetime import datetime

from delivery.schedule import Request
from delivery.unsent import UnsentDanger
from kernel.ids import PatientRef, RequestId, UnsentId, new_id
from store.base import table_of
from store.scope import Found, Scope
from store.tables.unsent_danger import UnsentDangerRow

UNSENT = table_of(UnsentDangerRow)


@dataclass(frozen=True, slots=True)
class Unsent:
    """Reads and writes what was not sent in one clinic."""

    scope: Scope

    def watch(self, request: Request, tell_at: datetime) -> bool:
        """Watch a request from now on; False if it is watched already, so that saving again starts no new clock."""
        columns = {
            "id": new_id(),
            "patient_ref": request.patient_ref,
            "request_id": request.id,
            "since": self.scope.now,
            "tell_at": tell_at,
        }
        return self.scope.insert_once(UNSENT, ("clinic_id", "request_id"), columns)

    def calm(self, request_id: RequestId) -> None:
        """Watch no longer, because the patient took the answer back before anybody was told."""
        self.scope.delete(UNSENT, UNSENT.c.request_id == request_id, UNSENT.c.told_at.is_(None))

    def sent(self, request_id: RequestId) -> None:
        """Watch no longer, because the form was sent: from now on the answer speaks."""
        self.scope.delete(UNSENT, UNSENT.c.request_id == request_id)

    def tell(self, unsent_id: UnsentId) -> UnsentDanger | None:
        """Record that the clinic is told now; None if it was sent, taken back or told meanwhile."""
        untold = (UNSENT.c.id == unsent_id, UNSENT.c.told_at.is_(None))
        rows = self.scope.update_returning(UNSENT, untold, {"told_at": self.scope.now})
        return _unsent(rows[0]) if rows else None

    def handle(self, unsent_id: UnsentId) -> UnsentDanger | None:
        """Record that somebody has acted; None if it was sent or handled meanwhile."""
        told = (UNSENT.c.id == unsent_id, UNSENT.c.told_at.is_not(None), UNSENT.c.handled_at.is_(None))
        rows = self.scope.update_returning(UNSENT, told, {"handled_at": self.scope.now})
        return _unsent(rows[0]) if rows else None

    def told(self, patient_ref: PatientRef | None = None) -> tuple[UnsentDanger, ...]:
        """Return what the clinic was told of and nobody has acted on, the longest waiting first.

        Args:
            patient_ref: of one patient; None = of all.
        """
        query = self.scope.select(UNSENT, UNSENT.c.told_at.is_not(None), UNSENT.c.handled_at.is_(None))
        if patient_ref is not None:
            query = query.where(UNSENT.c.patient_ref == patient_ref)
        return tuple(_unsent(row) for row in self.scope.all(query.order_by(UNSENT.c.since, UNSENT.c.id)))


def _unsent(row: Found) -> UnsentDanger:
    return UnsentDanger(
        UnsentId(row.id), PatientRef(row.patient_ref), RequestId(row.request_id), row.since, row.told_at
    )
