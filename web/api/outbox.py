"""The outbox of the JSON door, for operators: what has not left, sent again or given up; never what it says."""

from typing import Any

from delivery.backlog import BacklogEntry, Wanted
from delivery.message_trace import MessageTrace
from flow.operate import OperateOutbox
from kernel.ids import MessageId
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.outbox_schemas import CancelSchema, EntrySchema, OutboxSchema, RetrySchema, TraceSchema, WantedSchema
from web.auth import current_actor

REFUSALS = {404: "No such message in this clinic", 409: "The message is in another state; `errors` says which"}


def blueprint(operate: OperateOutbox) -> JsonBlueprint:
    """Build `/api/v1/outbox`."""
    outbox = JsonBlueprint("outbox", __name__, url_prefix=f"{PREFIX}/outbox", description="What has not left yet")

    @outbox.giving("", OutboxSchema, {422: "A parameter is unknown or unusable"}, query=WantedSchema)
    def listed(wanted: Wanted) -> dict[str, tuple[BacklogEntry, ...]]:
        """List messages, oldest first."""
        return {"messages": operate.listed(current_actor(), wanted)}

    @outbox.giving("/<message_id>", TraceSchema, {404: "No such message in this clinic"})
    def trace(message_id: str) -> MessageTrace:
        """Show one message, its transmissions, what its receiver told, and what people did to it."""
        return operate.trace(current_actor(), MessageId(message_id))

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
