"""Launches of the JSON door: a practice system prepares to open one patient's page (docs/signing-in.md)."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from flow.launch import LaunchOrder, LaunchPatient, Prepared
from security.actor import Role
from security.claims import LONGEST, Assurance
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.schemas import StrictSchema
from web.auth import current_actor

REFUSALS = {404: "The clinic has enrolled no such patient"}
NAMED = validate.Length(min=1, max=LONGEST)


class LaunchStaffSchema(StrictSchema):
    """Who of the clinic's staff opens the page, as the practice system signed that person in."""

    subject = fields.String(required=True, validate=NAMED, metadata={"description": "The same at each launch"})
    name = fields.String(required=True, validate=NAMED)
    role = fields.String(required=True, validate=validate.OneOf([Role.CLINICIAN.value, Role.CLINIC_STAFF.value]))
    assurance = fields.String(
        required=True,
        validate=validate.OneOf([level.name.lower() for level in Assurance]),
        metadata={"description": "Level of NSIS of that sign-in; below substantial nobody is let in"},
    )


class LaunchOrderSchema(StrictSchema):
    """An order to open one patient's page."""

    identifier = fields.String(required=True, metadata={"description": "CPR number, X-eCPR or D-eCPR"})
    staff = fields.Nested(LaunchStaffSchema, required=True)

    @post_load
    def ordered(self, data: dict[str, Any], **_options: Any) -> LaunchOrder:
        """Build the order."""
        staff = data["staff"]
        role, assurance = Role(staff["role"]), Assurance[staff["assurance"].upper()]
        return LaunchOrder(data["identifier"], staff["subject"], staff["name"], role, assurance)


class PreparedSchema(Schema):
    """What the browser is sent to `/oauth/authorize` with."""

    launch = fields.String(metadata={"description": "Parameter `launch`; counts once, and with your own key alone"})
    patient = fields.String(attribute="patient_ref", metadata={"description": "Pseudonym of the patient"})
    expires_in = fields.Integer(data_key="expiresIn", metadata={"description": "Seconds"})


def blueprint(launch: LaunchPatient) -> JsonBlueprint:
    """Build `/api/v1/launches`."""
    launches = JsonBlueprint("launches", __name__, url_prefix=f"{PREFIX}/launches", description="Launches")

    @launches.taking("", LaunchOrderSchema, PreparedSchema, REFUSALS)
    def prepare(order: LaunchOrder) -> Prepared:
        """Prepare to open one patient's page for one of the staff, who does not sign in again."""
        return launch.prepare(current_actor(), order)

    return launches
