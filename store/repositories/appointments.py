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

    def replace(self, source: str, appointments: Iterable[tuple[PatientRef, datetime]]) -> None:
        """Keep what a source tells in place of what it told before; each patient and moment once."""
        self.scope.delete(APPOINTMENT, APPOINTMENT.c.source == source)
        rows = [
            {"id": new_id(), "patient_ref": patient_ref, "source": source, "starts_at": starts_at}
            for patient_ref, starts_at in appointments
        ]
        self.scope.insert_all(APPOINTMENT, rows)

    def of_patient(self, patient_ref: PatientRef) -> tuple[datetime, ...]:
        """Return a patient's appointments, earliest first."""
        query = self.scope.select(APPOINTMENT, APPOINTMENT.c.patient_ref == patient_ref)
        return tuple(row.starts_at for row in self.scope.all(query.order_by(APPOINTMENT.c.starts_at)))
