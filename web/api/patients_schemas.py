"""The JSON of patients' status."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from flow.appointments import AppointmentEntry, Calendar
from flow.status import KINDS, StatusDelivery, StatusEntry
from web.api.schemas import StrictSchema

MOST_ENTRIES = 1_000
MOST_APPOINTMENTS = 5_000


class StatusEntrySchema(StrictSchema):
    """One thing that a source tells of a patient."""

    identifier = fields.String(required=True, metadata={"description": "CPR number, X-eCPR or D-eCPR"})
    kind = fields.String(
        required=True, data_key="status", metadata={"description": "One of the names", "enum": list(KINDS)}
    )
    value = fields.Boolean(load_default=True, truthy={True}, falsy={False}, metadata={"description": "Yes or no"})
    since = fields.Date(load_default=None, allow_none=True, metadata={"description": "Danish date; today if absent"})


class StatusDeliverySchema(StrictSchema):
    """What a source tells at one time; an empty list says that nothing has changed."""

    source = fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z][a-z0-9-]{0,39}\Z"),
        metadata={"description": "Name of the feed, such as cpr"},
    )
    statuses = fields.List(fields.Nested(StatusEntrySchema), required=True, validate=validate.Length(max=MOST_ENTRIES))

    @post_load
    def delivered(self, data: dict[str, Any], **_options: Any) -> StatusDelivery:
        """Build the delivery."""
        entries = tuple(StatusEntry(place, **entry) for place, entry in enumerate(data["statuses"]))
        return StatusDelivery(data["source"], entries)


class AppointmentSchema(StrictSchema):
    """One appointment of a patient."""

    identifier = fields.String(required=True, metadata={"description": "CPR number, X-eCPR or D-eCPR"})
    starts_at = fields.String(
        required=True,
        data_key="startsAt",
        metadata={"description": "2027-01-31T10:15, Danish time unless it says which"},
    )


class CalendarSchema(StrictSchema):
    """All appointments that a source knows of; an empty list says that there are none."""

    source = fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z][a-z0-9-]{0,39}\Z"),
        metadata={"description": "Name of the calendar, such as lps"},
    )
    appointments = fields.List(
        fields.Nested(AppointmentSchema), required=True, validate=validate.Length(max=MOST_APPOINTMENTS)
    )

    @post_load
    def told(self, data: dict[str, Any], **_options: Any) -> Calendar:
        """Build the calendar."""
        entries = tuple(AppointmentEntry(place, **entry) for place, entry in enumerate(data["appointments"]))
        return Calendar(data["source"], entries)


class CalendarOutcomeSchema(Schema):
    """What came of a calendar."""

    received = fields.Integer()
    kept = fields.Integer()
    nobody = fields.List(
        fields.Integer(),
        attribute="unknown",
        data_key="unknown",
        metadata={"description": "Places, from 0, of entries about nobody of this clinic"},
    )


class StatusOutcomeSchema(Schema):
    """What came of a delivery."""

    received = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer()
    nobody = fields.List(
        fields.Integer(),
        attribute="unknown",
        data_key="unknown",
        metadata={"description": "Places, from 0, of entries about nobody of this clinic"},
    )
