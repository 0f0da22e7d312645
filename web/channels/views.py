"""The door of the channels: signature first, then the envelope, then the use case."""

from flask import Blueprint, Response, jsonify, request

from flow.event import EventOutcome, ReceiveEvent
from web.channels.schemas import event_of
from web.media import demand_readable


def blueprint(event: ReceiveEvent) -> Blueprint:
    """Build `POST /channels/<name>/events`.

    Args:
        event: checks who signed, and applies what was said.
    """
    channels = Blueprint("channels", __name__, url_prefix="/channels")

    @channels.post("/<name>/events")
    def events(name: str) -> Response:
        demand_readable(request, "application/json")
        call = event.authenticate(name, request.headers, request.get_data())
        outcome = event(call, event_of(call.raw))
        return jsonify(status=_status(outcome), response=outcome.response_id)

    return channels


def _status(outcome: EventOutcome) -> str:
    if outcome.is_unmatched:
        return "unmatched"
    return "duplicate" if outcome.duplicate else "applied"
