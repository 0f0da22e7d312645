"""State and control month of enrolments at the JSON door."""

from typing import Any

from marshmallow import Schema, fields, post_load

from delivery.schedule import Enrolment, EnrolmentState
from flow.enrolment_state import ChangeEnrolmentState, SetControlMonth
from kernel.ids import EnrolmentId
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.schemas import StrictSchema
from web.auth import current_actor

REFUSALS = {404: "No such enrolment in this clinic", 409: "The enrolment has ended"}


class StateOrderSchema(StrictSchema):
    """The state that an enrolment shall have."""

    state = fields.Enum(EnrolmentState, by_value=True, required=True)

    @post_load
    def wanted(self, data: dict[str, Any], **_options: Any) -> EnrolmentState:
        """Take the one field."""
        state: EnrolmentState = data["state"]
        return state


class ControlMonthOrderSchema(StrictSchema):
    """The month of the yearly control."""

    month = fields.Integer(
        required=True, allow_none=True, strict=True, metadata={"description": "1 to 12; null = no control month"}
    )


class EnrolmentStateSchema(Schema):
    """An enrolment after a change."""

    id = fields.String()
    state = fields.String(attribute="state.value")
    control_month = fields.Integer(allow_none=True, data_key="controlMonth")


def blueprint(change: ChangeEnrolmentState, control_month: SetControlMonth) -> JsonBlueprint:
    """Build `/api/v1/enrolments/<id>/state` and `/control-month`."""
    states = JsonBlueprint(
        "enrolment-state", __name__, url_prefix=f"{PREFIX}/enrolments", description="State of enrolments"
    )

    @states.setting("/<enrolment_id>/state", StateOrderSchema, EnrolmentStateSchema, REFUSALS)
    def set_state(state: EnrolmentState, enrolment_id: str) -> Enrolment:
        """Pause an enrolment, let it go on, or end it."""
        return change(current_actor(), EnrolmentId(enrolment_id), state)

    @states.setting("/<enrolment_id>/control-month", ControlMonthOrderSchema, EnrolmentStateSchema, REFUSALS)
    def set_control_month(order: dict[str, int | None], enrolment_id: str) -> Enrolment:
        """Agree on the month of the yearly control, or on none."""
        return control_month(current_actor(), EnrolmentId(enrolment_id), order["month"])

    return states
