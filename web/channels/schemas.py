"""The envelope of a webhook, read strictly: what it may hold is listed, and nothing else is let in."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from flow.event import ChannelEvent, ReceiptEvent, ResponseEvent
from kernel.errors import InvalidInputError
from kernel.ids import MessageId, RequestId
from questionnaires.strict_json import MOST_BYTES, parse_object
from web.api.problem import issues_of_messages
from web.api.schemas import StrictSchema

RECEIPTS = ("accepted", "notified", "opened", "completed", "rejected")
ID = validate.Length(min=1, max=36)


class ReceiptSchema(StrictSchema):
    """What became of an invitation."""

    order_id = fields.String(required=True, validate=ID, data_key="orderId")
    event = fields.String(required=True, validate=validate.OneOf(RECEIPTS))
    reference = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    at = fields.AwareDateTime(required=True, format="iso")

    @post_load
    def built(self, data: dict[str, Any], **_options: Any) -> ReceiptEvent:
        """Build the value."""
        return ReceiptEvent(MessageId(data["order_id"]), data["event"], data["reference"], data["at"])


class DocumentSchema(StrictSchema):
    """A document in an envelope."""

    content_type = fields.String(
        required=True,
        data_key="contentType",
        validate=validate.OneOf(("application/fhir+json", "application/json")),
    )
    data = fields.String(required=True)

    @post_load
    def decoded(self, data: dict[str, Any], **_options: Any) -> bytes:
        """Return the bytes of the document."""
        try:
            return base64.b64decode(data["data"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError("Not base64.", "data") from error


class ResponseSchema(StrictSchema):
    """An answer."""

    order_id = fields.String(required=True, validate=ID, data_key="orderId")
    document = fields.Nested(DocumentSchema, required=True)

    @post_load
    def built(self, data: dict[str, Any], **_options: Any) -> ResponseEvent:
        """Build the value."""
        return ResponseEvent(RequestId(data["order_id"]), data["document"])


DATA_OF_TYPE: Mapping[str, type[Schema]] = {"receipt": ReceiptSchema, "response": ResponseSchema}


class EnvelopeSchema(StrictSchema):
    """What every webhook has around its data."""

    type = fields.String(required=True, validate=validate.OneOf(DATA_OF_TYPE))
    timestamp = fields.AwareDateTime(required=True, format="iso")
    data = fields.Dict(required=True)


def event_of(raw: bytes, *, most_bytes: int = MOST_BYTES) -> ChannelEvent:
    """Read the body of a webhook.

    Args:
        most_bytes: how large it may be.

    Raises:
        MalformedInputError: not a JSON object.
        InvalidInputError: names every field that is missing, unknown or unusable.
    """
    try:
        envelope = EnvelopeSchema().load(parse_object(raw, most_bytes=most_bytes))
    except ValidationError as error:
        raise _refused(error.messages) from error
    try:
        event: ChannelEvent = DATA_OF_TYPE[envelope["type"]]().load(envelope["data"])
    except ValidationError as error:
        raise _refused({"data": error.messages}) from error
    return event


def _refused(messages: Any) -> InvalidInputError:
    return InvalidInputError("The webhook cannot be used.", issues=issues_of_messages(messages))
