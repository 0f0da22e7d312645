"""When patients come next, as calendars told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kernel.ids import PatientRef, new_id
from store.base import table_of
from store.scope import Scope
from store.tables.appointment import AppointmentRow

APPOINTMENT = table_of(AppointmentRow)


@dataclass(frozen=True, slots=True)
class Appointments:
    """Reads and writes the appointments of one clinic."""

    scope: Scope

    def replace(self, patient_ref: PatientRef, source: str, starts: Iterable[datetime]) -> None:
        """Keep what a source tells of a patient in place of what it told before."""
        self.scope.delete(APPOINTMENT, APPOINTMENT.c.patient_ref == patient_ref, APPOINTMENT.c.source == source)
        same = {"patient_ref": patient_ref, "source": source}
        self.scope.insert_all(APPOINTMENT, [{"id": new_id(), **same, "starts_at": at} for at in sorted(set(starts))])

    def of_patient(self, patient_ref: PatientRef) -> tuple[datetime, ...]:
        """Return a patient's appointments, earliest first."""
        query = self.scope.select(APPOINTMENT, APPOINTMENT.c.patient_ref == patient_ref)
        return tuple(row.starts_at for row in self.scope.all(query.order_by(APPOINTMENT.c.starts_at)))
