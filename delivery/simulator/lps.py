"""The practice system's doors for Svarbro: record notes and inbox entries, idempotent by key."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request

from delivery.simulator.lps_records import INBOX, NOTES
from delivery.simulator.parts import Simulator, bears

LONGEST_NOTE = 600
EVENTS = ("answer", "decision", "not-answered", "undelivered", "escalation", "refused", "unsent", "left", "wish")
_DOORS = {"notes": NOTES, "inbox": INBOX}


def lps_blueprint(simulator: Simulator) -> Blueprint:
    """Build the endpoints below `/lps/v1`."""
    blueprint = Blueprint("lps", __name__, url_prefix="/lps/v1")

    @blueprint.before_request
    def refuse_strangers() -> Response | None:
        return None if bears(simulator.settings.lps_token) else _said(401, {"error": "unknown token"})

    for path, place in _DOORS.items():
        view = partial(_guarded, simulator, place)
        blueprint.add_url_rule(f"/{path}", endpoint=path, view_func=view, methods=["POST"])
    return blueprint


def _guarded(simulator: Simulator, place: str) -> Response:
    return simulator.faults.guard(
        place,
        lambda: _taken(simulator, place),
        lambda: _said(409, {"error": "the same key is just being handled"}),
    )


def _taken(simulator: Simulator, place: str) -> Response:
    key = request.headers.get("Idempotency-Key", "")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        return _said(400, {"error": "the body is no JSON object"})
    if fault := _fault(place, key, body):
        return _said(422, {"error": fault})
    reference, is_new = simulator.lps.take(place, key, body, at=simulator.settings.clock.now())
    if is_new:
        simulator.arrivals.accepted(place, key)
    return _said(201 if is_new else 200, {"reference": reference, "duplicate": not is_new})


def _fault(place: str, key: str, body: dict[str, Any]) -> str | None:
    """Name what is wrong with an entry, without a value of it."""
    patient = body.get("patient")
    number = patient.get("identifier", {}).get("value") if isinstance(patient, dict) else None
    if not key or body.get("key") != key:
        return "key is not the idempotency key"
    if not isinstance(number, str) or not isinstance(patient, dict) or not patient.get("name"):
        return "patient is missing"
    return _fault_of_note(body, number) if place == NOTES else _fault_of_inbox(body)


def _fault_of_note(body: dict[str, Any], number: str) -> str | None:
    text = body.get("text")
    if not isinstance(text, str) or not text or not body.get("author"):
        return "text and author are needed"
    if number in text or f"{number[:6]}-{number[6:]}" in text:
        return "text holds the patient's number"
    return "text is too long" if len(text) > LONGEST_NOTE else None


def _fault_of_inbox(body: dict[str, Any]) -> str | None:
    if body.get("event") not in EVENTS:
        return f"event must be one of {', '.join(EVENTS)}"
    return None if body.get("link") else "link is missing"


def _said(status: int, body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response
