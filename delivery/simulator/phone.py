"""The patient's phone: a page to look at, and the same as JSON for tests and the demo."""

import json
from typing import Any

import requests
from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from delivery.instants import instant
from delivery.simulator.apps import APPS
from delivery.simulator.messages import STATE_WORDS, PhoneMessage
from delivery.simulator.parts import Simulator


def phone_blueprint(simulator: Simulator) -> Blueprint:
    """Build the phone's page and endpoints."""
    blueprint = Blueprint("phone", __name__)

    @blueprint.get("/phone")
    def page() -> str:
        messages = simulator.messages.all()
        phones = [(app, [message for message in messages if message.app == app.channel]) for app in APPS]
        return render_template("phone.html", phones=phones, words=STATE_WORDS, now=simulator.settings.clock.now())

    @blueprint.post("/phone/<reference>/open")
    def open_link(reference: str) -> Answer:
        message = _message_or_404(simulator, reference)
        if simulator.messages.advance(reference, "opened"):
            simulator.tell(message.app, message.key, reference, "opened")
        return redirect(message.order["deepLink"], 303)

    @blueprint.get("/api/phone")
    def listed() -> Response:
        return jsonify({"messages": [_shown(message) for message in simulator.messages.all()]})

    @blueprint.post("/api/phone/<reference>/answer")
    def answer(reference: str) -> Response:
        return _answered(simulator, _message_or_404(simulator, reference))

    return blueprint


def _answered(simulator: Simulator, message: PhoneMessage) -> Response:
    """Send a form's answer to Svarbro and tell what Svarbro said."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or "questionnaireResponse" not in sent or "orderId" not in sent:
        return _said(400, {"error": "orderId and questionnaireResponse are expected"})
    document = json.dumps(sent["questionnaireResponse"], ensure_ascii=False, separators=(",", ":")).encode()
    try:
        reply = simulator.webhooks[message.app].answer(str(sent["orderId"]), document)
    except requests.RequestException:
        return _said(502, {"error": "Svarbro cannot be reached"})
    if reply.ok:
        _note_answer(simulator, message, str(sent["orderId"]))
    return _said(200, {"status": reply.status_code, "body": _body(reply)})


def _note_answer(simulator: Simulator, message: PhoneMessage, order_id: str) -> None:
    simulator.messages.mark_answered(message.reference, order_id)
    is_complete = set(message.order_ids) <= message.answered | {order_id}
    if is_complete and simulator.messages.advance(message.reference, "completed"):
        simulator.tell(message.app, message.key, message.reference, "completed")


def _body(reply: requests.Response) -> Any:
    try:
        return reply.json()
    except requests.JSONDecodeError:
        return reply.text


def _shown(message: PhoneMessage) -> dict[str, Any]:
    return {
        "app": message.app,
        "reference": message.reference,
        "key": message.key,
        "text": message.order["notify"]["text"],
        "link": message.order["deepLink"],
        "forms": message.order["forms"],
        "state": message.state,
        "patientName": message.order["patient"]["name"],
        "clinicName": message.order["requester"]["name"],
        "receivedAt": instant(message.received_at),
        "answered": sorted(message.answered),
    }


def _message_or_404(simulator: Simulator, reference: str) -> PhoneMessage:
    message = simulator.messages.find(reference)
    if message is None:
        abort(404)
    return message


def _said(status: int, body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response
