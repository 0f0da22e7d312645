"""The door of the channels: signature first, then the envelope, then the use case."""

from flask import Blueprint, Response, jsonify, request

from delivery.content import Content
from flow.event import EventOutcome, ReceiveEvent
from web.channels.schemas import event_of
from web.media import demand_readable


def blueprint(event: ReceiveEvent, content: Content) -> Blueprint:
    """Build `POST /channels/<name>/events`.

    Args:
        event: checks who signed, and applies what was said.
        content: knows how large a response may be.
    """
    channels = Blueprint("channels", __name__, url_prefix="/channels")

    @channels.post("/<name>/events")
    def events(name: str) -> Response:
        most_bytes = content.questionnaires.most_bytes
        demand_readable(request, "application/json", most_bytes=most_bytes)
        call = event.authenticate(name, request.headers, request.get_data())
        outcome = event(call, event_of(call.raw, most_bytes=most_bytes))
        return jsonify(status=_status(outcome), response=outcome.response_id)

    return channels


def _status(outcome: EventOutcome) -> str:
    if outcome.is_unmatched:
        return "unmatched"
    return "duplicate" if outcome.duplicate else "applied"
