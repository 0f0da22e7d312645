"""The JSON of the outbox."""

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from delivery.backlog import MOST_LISTED, Wanted
from delivery.outbox import MessageState
from flow.operate import LONGEST_REASON
from web.api.schemas import StrictSchema

STATES = [state.value for state in MessageState]
REASON = validate.Length(min=1, max=LONGEST_REASON)


class WantedSchema(StrictSchema):
    """What is wanted of the outbox."""

    state = fields.List(
        fields.String(validate=validate.OneOf(STATES)),
        load_default=list,
        metadata={"description": "May be given again; if absent, all that is not finished and whose time has come"},
    )
    target = fields.List(
        fields.String(validate=validate.Length(min=1, max=40)),
        load_default=list,
        metadata={"description": "Name of a channel or plan target; may be given again"},
    )
    before = fields.AwareDateTime(load_default=None, metadata={"description": "Only what is older than this moment"})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST_LISTED))

    @post_load
    def wanted(self, data: dict[str, Any], **_options: Any) -> Wanted:
        """Build what is wanted."""
        states = tuple(MessageState(state) for state in data["state"])
        before: datetime | None = data["before"]
        return Wanted(states or None, tuple(data["target"]), before, data["limit"])


class EntrySchema(Schema):
    """One message; nothing of its content, and nobody's name."""

    id = fields.String(metadata={"description": "Also the idempotency key of every transmission"})
    kind = fields.String(attribute="kind.value")
    target = fields.String()
    state = fields.String(attribute="state.value")
    created_at = fields.AwareDateTime(data_key="createdAt")
    due_at = fields.AwareDateTime(data_key="dueAt", metadata={"description": "Not tried before"})
    expires_at = fields.AwareDateTime(allow_none=True, data_key="expiresAt")
    closed_at = fields.AwareDateTime(allow_none=True, data_key="closedAt")
    attempts = fields.Integer()
    in_doubt = fields.Boolean(data_key="inDoubt", metadata={"description": "An attempt may have arrived"})
    last_error = fields.String(allow_none=True, data_key="lastError")
    held_because = fields.String(
        allow_none=True,
        attribute="held_because.value",
        data_key="heldBecause",
        metadata={"description": "The gate that holds it: no-agreement, opted-out, status-stale or patient-status"},
    )


class OutboxSchema(Schema):
    """Messages, oldest first."""

    messages = fields.List(fields.Nested(EntrySchema))


class AttemptSchema(Schema):
    """One transmission of a message."""

    number = fields.Integer(attribute="fence", metadata={"description": "Grows with each transmission"})
    worker = fields.String(attribute="owner")
    started_at = fields.AwareDateTime(data_key="startedAt")
    ended_at = fields.AwareDateTime(allow_none=True, data_key="endedAt", metadata={"description": "null: cut short"})
    outcome = fields.String(allow_none=True, attribute="outcome.value", dump_default=None)
    counted = fields.Boolean(metadata={"description": "false: ended after its lease and changed nothing"})
    http_status = fields.Integer(allow_none=True, data_key="httpStatus")
    error = fields.String(allow_none=True)
    retry_at = fields.AwareDateTime(allow_none=True, data_key="retryAt")


class ReceiptSchema(Schema):
    """What the receiver told of a message."""

    event = fields.String()
    at = fields.AwareDateTime(metadata={"description": "When it happened, as the receiver says"})
    recorded_at = fields.AwareDateTime(data_key="recordedAt")


class ActSchema(Schema):
    """What a person did to a message; the reason stays sealed."""

    act = fields.String(attribute="act.value")
    by = fields.String(attribute="actor_id")
    at = fields.AwareDateTime()
    renewed_as = fields.String(
        allow_none=True, data_key="renewedAs", metadata={"description": "The message that took its place"}
    )


class TraceSchema(Schema):
    """One message with all that happened to it; nothing of its content, and nobody's name."""

    message = fields.Nested(EntrySchema)
    attempts = fields.List(fields.Nested(AttemptSchema))
    receipts = fields.List(fields.Nested(ReceiptSchema))
    acts = fields.List(fields.Nested(ActSchema))


class RetrySchema(StrictSchema):
    """How a message is sent again."""

    force_new_key = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        data_key="forceNewKey",
        metadata={"description": "A receiver that has the old key may take it twice; needs a reason"},
    )
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))


class CancelSchema(StrictSchema):
    """Why a message is given up."""

    reason = fields.String(required=True, validate=REASON)
