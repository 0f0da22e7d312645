"""Patients of the JSON door: what feeds tell of them."""

from flow.status import RecordStatus, StatusDelivery, StatusOutcome
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.patients_schemas import StatusDeliverySchema, StatusOutcomeSchema
from web.auth import current_actor


def blueprint(record_status: RecordStatus) -> JsonBlueprint:
    """Build `/api/v1/patients`."""
    patients = JsonBlueprint("patients", __name__, url_prefix=f"{PREFIX}/patients", description="Patients")

    @patients.taking("/status", StatusDeliverySchema, StatusOutcomeSchema, {}, status=200)
    def report(delivery: StatusDelivery) -> StatusOutcome:
        """Tell who is dead, has moved, is protected, declined, or digital; whoever may not be written to is not."""
        return record_status(current_actor(), delivery)

    return patients
