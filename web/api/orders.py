"""Orders of the JSON door: ask now, before an appointment, after a discharge."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields, post_load

from delivery.schedule import Slot
from flow.order import Ordered, OrderOccasion, When
from flow.order_event import PlanAppointment, RecordDischarge
from kernel.ids import EnrolmentId
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.schemas import StrictSchema
from web.auth import current_actor

REFUSALS = {
    404: "No such enrolment in this clinic",
    409: "The enrolment is paused or has ended, or nobody may write to the patient",
}


class OrderSchema(StrictSchema):
    """An order to ask a patient now."""

    when = fields.Enum(
        When,
        by_value=True,
        required=True,
        metadata={"description": "send-now invites the patient; fill-now gives the link for the clinic's own screen"},
    )

    @post_load
    def ordered(self, data: dict[str, Any], **_options: Any) -> When:
        """Take the one field."""
        when: When = data["when"]
        return when


class OrderedSchema(Schema):
    """What came of an order."""

    enrolment_id = fields.String(data_key="enrolment")
    occasion_id = fields.String(
        allow_none=True, data_key="occasion", metadata={"description": "null while the patient's open occasion lasts"}
    )
    result = fields.String(
        attribute="result.value",
        metadata={"description": "here, sent, later (when the window opens), call, already (asked before) or waits"},
    )
    link = fields.String(allow_none=True, metadata={"description": "Personal link of fill-now; never to be stored"})


class EventSchema(StrictSchema):
    """Something that happens to a patient on a day."""

    day = fields.Date(required=True, data_key="date", metadata={"description": "Danish date"})

    @post_load
    def dated(self, data: dict[str, Any], **_options: Any) -> date:
        """Take the one field."""
        day: date = data["day"]
        return day


class PlannedSchema(Schema):
    """When the questionnaires of an event are asked."""

    enrolment_id = fields.String(data_key="enrolment")
    nominal_date = fields.Date(data_key="nominalDate")
    due_at = fields.AwareDateTime(data_key="dueAt")
    state = fields.String(attribute="state.value")


def blueprint(order: OrderOccasion, appointment: PlanAppointment, discharge: RecordDischarge) -> JsonBlueprint:
    """Build `/api/v1/enrolments/<id>/orders`, `/appointments` and `/discharges`."""
    orders = JsonBlueprint("orders", __name__, url_prefix=f"{PREFIX}/enrolments", description="Orders and events")

    @orders.taking("/<enrolment_id>/orders", OrderSchema, OrderedSchema, REFUSALS)
    def ask(when: When, enrolment_id: str) -> Ordered:
        """Ask now what the programme asks on order."""
        return order(current_actor(), EnrolmentId(enrolment_id), when)

    @orders.taking("/<enrolment_id>/appointments", EventSchema, PlannedSchema, REFUSALS)
    def before(day: date, enrolment_id: str) -> Slot:
        """Plan what is asked before an appointment."""
        return appointment(current_actor(), EnrolmentId(enrolment_id), day)

    @orders.taking("/<enrolment_id>/discharges", EventSchema, PlannedSchema, REFUSALS)
    def after(day: date, enrolment_id: str) -> Slot:
        """Plan what is asked after a discharge from hospital."""
        return discharge(current_actor(), EnrolmentId(enrolment_id), day)

    return orders
