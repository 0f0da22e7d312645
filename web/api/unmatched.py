"""Unmatched answers of the JSON door: what waits, and what a person says it is."""

from typing import Any

from marshmallow import Schema, fields, validate

from flow.receive import Received
from flow.unmatched import SortUnmatched, TrayEntry
from kernel.ids import RequestId, UnmatchedId
from web.api.blueprint import PREFIX, JsonBlueprint
from web.api.schemas import LONGEST_TEXT, StrictSchema
from web.auth import current_actor

REFUSALS = {
    404: "No such answer in this clinic",
    409: "It has been assigned or discarded already, or the request is closed",
}


class PossibleRequestSchema(Schema):
    """An open request for the same questionnaire."""

    request_id = fields.String(data_key="requestId")
    patient = fields.String(attribute="patient_ref", metadata={"description": "Pseudonym of the patient"})
    name = fields.String()
    requested_at = fields.AwareDateTime(data_key="requestedAt")


class TrayEntrySchema(Schema):
    """One answer that fits no request; never what was answered."""

    id = fields.String(attribute="unmatched.id")
    channel = fields.String(attribute="unmatched.channel")
    questionnaire = fields.String(attribute="unmatched.questionnaire")
    title = fields.String(attribute="title.da")
    received_at = fields.AwareDateTime(attribute="unmatched.received_at", data_key="receivedAt")
    possible = fields.List(fields.Nested(PossibleRequestSchema))


class TraySchema(Schema):
    """What waits, oldest first."""

    entries = fields.List(fields.Nested(TrayEntrySchema))


class AssignSchema(StrictSchema):
    """The request that an answer belongs to."""

    request_id = fields.String(required=True, data_key="requestId", validate=validate.Length(min=1, max=36))


class DiscardSchema(StrictSchema):
    """Why an answer belongs to nobody here."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_TEXT))


class SortedSchema(Schema):
    """What came of it."""

    id = fields.String()
    response_id = fields.String(allow_none=True, data_key="responseId")


def blueprint(tray: SortUnmatched) -> JsonBlueprint:
    """Build `/api/v1/unmatched`."""
    unmatched = JsonBlueprint("unmatched", __name__, url_prefix=f"{PREFIX}/unmatched", description="Unmatched answers")

    @unmatched.giving("", TraySchema, {})
    def listed() -> dict[str, tuple[TrayEntry, ...]]:
        """List the answers that fit no request, without what was answered."""
        return {"entries": tray.listed(current_actor())}

    @unmatched.taking("/<unmatched_id>/assignment", AssignSchema, SortedSchema, REFUSALS)
    def assign(order: dict[str, str], unmatched_id: str) -> tuple[dict[str, str], int, dict[str, Any]]:
        """File an answer as the answer to a request."""
        received: Received = tray.assign(current_actor(), UnmatchedId(unmatched_id), RequestId(order["request_id"]))
        location = {"Location": f"/fhir/QuestionnaireResponse/{received.response_id}"}
        return {"id": unmatched_id, "response_id": received.response_id}, 201, location

    @unmatched.taking("/<unmatched_id>/discard", DiscardSchema, SortedSchema, REFUSALS)
    def discard(order: dict[str, str], unmatched_id: str) -> dict[str, str | None]:
        """Close an answer that belongs to nobody here."""
        tray.discard(current_actor(), UnmatchedId(unmatched_id), order["reason"])
        return {"id": unmatched_id, "response_id": None}

    return unmatched
