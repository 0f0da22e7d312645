"""The JSON of patients' status."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from flow.status import KINDS, StatusDelivery, StatusEntry
from web.api.schemas import StrictSchema

MOST_ENTRIES = 1_000


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
