"""The outbox of the JSON door, for operators: what has not left, sent again or given up; never what it says."""

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from delivery.backlog import MOST_LISTED, BacklogEntry, Wanted
from delivery.outbox import MessageState
from flow.operate import LONGEST_REASON, OperateOutbox
from kernel.ids import MessageId
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.schemas import StrictSchema
from web.auth import current_actor

REFUSALS = {404: "No such message in this clinic", 409: "The message is in another state; `errors` says which"}
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
        metadata={"description": "The gate that keeps a message to a patient: status-stale or patient-status"},
    )


class OutboxSchema(Schema):
    """Messages, oldest first."""

    messages = fields.List(fields.Nested(EntrySchema))


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


def blueprint(operate: OperateOutbox) -> JsonBlueprint:
    """Build `/api/v1/outbox`."""
    outbox = JsonBlueprint("outbox", __name__, url_prefix=f"{PREFIX}/outbox", description="What has not left yet")

    @outbox.giving("", OutboxSchema, {422: "A parameter is unknown or unusable"}, query=WantedSchema)
    def listed(wanted: Wanted) -> dict[str, tuple[BacklogEntry, ...]]:
        """List messages, oldest first."""
        return {"messages": operate.listed(current_actor(), wanted)}

    @outbox.taking("/<message_id>/retry", RetrySchema, EntrySchema, REFUSALS, status=200)
    def retry(order: dict[str, Any], message_id: str) -> BacklogEntry:
        """Send a dead, doubtful or failing message now: with its key, or as a new message with a new one."""
        if order["force_new_key"]:
            return operate.renew(current_actor(), MessageId(message_id), reason=order["reason"])
        return operate.retry(current_actor(), MessageId(message_id))

    @outbox.taking("/<message_id>/cancel", CancelSchema, EntrySchema, REFUSALS, status=200)
    def cancel(order: dict[str, str], message_id: str) -> BacklogEntry:
        """Give a message up, with a reason."""
        return operate.cancel(current_actor(), MessageId(message_id), reason=order["reason"])

    return outbox
