"""Patients of the JSON door: what feeds and calendars tell of them."""

from flow.appointments import Calendar, CalendarOutcome, KeepAppointments
from flow.status import RecordStatus, StatusDelivery, StatusOutcome
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.patients_schemas import CalendarOutcomeSchema, CalendarSchema, StatusDeliverySchema, StatusOutcomeSchema
from web.auth import current_actor


def blueprint(record_status: RecordStatus, appointments: KeepAppointments) -> JsonBlueprint:
    """Build `/api/v1/patients`."""
    patients = JsonBlueprint("patients", __name__, url_prefix=f"{PREFIX}/patients", description="Patients")

    @patients.taking("/status", StatusDeliverySchema, StatusOutcomeSchema, {}, status=200)
    def report(delivery: StatusDelivery) -> StatusOutcome:
        """Tell who is dead, has moved, is protected, declined, or digital; whoever may not be written to is not."""
        return record_status(current_actor(), delivery)

    @patients.taking("/appointments", CalendarSchema, CalendarOutcomeSchema, {}, status=200)
    def keep(calendar: Calendar) -> CalendarOutcome:
        """Tell when patients come next: the whole calendar of a source, in place of what it told before."""
        return appointments(current_actor(), calendar)

    return patients
