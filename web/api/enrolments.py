"""Enrolments of the JSON door."""

from typing import Any

from flow.enrol import Enrol, Enrolled, EnrolmentOrder
from flow.record import Record, RecordKind
from flow.records import Records
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.schemas import EnrolledSchema, EnrolmentOrderSchema, EnrolmentSchema
from web.auth import current_actor


def blueprint(enrol: Enrol, records: Records) -> JsonBlueprint:
    """Build `/api/v1/enrolments`."""
    enrolments = JsonBlueprint("enrolments", __name__, url_prefix=f"{PREFIX}/enrolments", description="Enrolments")

    @enrolments.taking("", EnrolmentOrderSchema, EnrolledSchema, {409: "The patient is in this package already"})
    def create(order: EnrolmentOrder) -> tuple[Enrolled, int, dict[str, Any]]:
        """Enrol a patient in a care package and plan the first questionnaires."""
        enrolled = enrol(current_actor(), order)
        return enrolled, 201, {"Location": f"{PREFIX}/enrolments/{enrolled.enrolment_id}"}

    @enrolments.giving("/<enrolment_id>", EnrolmentSchema, {404: "No such enrolment in this clinic"})
    def read(enrolment_id: str) -> Record:
        """Show an enrolment as it stands."""
        return records.read(current_actor(), RecordKind.PLAN, enrolment_id)

    return enrolments
