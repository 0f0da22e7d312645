"""The print service: takes letters by key, stops those that are withdrawn, and shows what it has."""

import base64
import binascii
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from delivery.instants import instant
from delivery.simulator.letters import Letter
from delivery.simulator.parts import Simulator, bears

TARGET = "letter"
PDF = "application/pdf"


def letters_blueprint(simulator: Simulator) -> Blueprint:
    """Build the print service's endpoints, and the pages that show what it has."""
    letters = Blueprint("letters", __name__)
    letters.register_blueprint(_service(simulator))

    @letters.get("/letters")
    def page() -> str:
        return render_template("letters.html", letters=simulator.letters.all())

    @letters.get("/letters/<int:n>.pdf")
    def pdf(n: int) -> Response:
        found = next((one for one in simulator.letters.all() if one.n == n and one.pdf), None)
        if found is None:
            abort(404)
        return Response(found.pdf, content_type=PDF)

    @letters.get("/api/letters")
    def listed() -> Response:
        return jsonify({"letters": [_shown(letter) for letter in simulator.letters.all()]})

    return letters


def _service(simulator: Simulator) -> Blueprint:
    service = Blueprint("print", __name__, url_prefix="/print/v1")

    @service.before_request
    def refuse_strangers() -> Response | None:
        return None if bears(simulator.settings.print_token) else _said(401, {"error": "unknown token"})

    @service.post("/letters")
    def take() -> Response:
        return simulator.faults.guard(TARGET, partial(_taken, simulator), _in_hand)

    @service.get("/letters/<key>")
    def find(key: str) -> Response:
        return simulator.faults.ask(TARGET, partial(_found, simulator, key))

    @service.delete("/letters/<key>")
    def withdraw(key: str) -> Response:
        stopped = partial(_withdrawn, simulator, key)
        return simulator.faults.guard(TARGET, stopped, _in_hand, key=f"withdrawal of {key}")

    return service


def _taken(simulator: Simulator) -> Response:
    key = request.headers.get("Idempotency-Key", "")
    body: Any = request.get_json(silent=True)
    try:
        if not key or body["letterId"] != key or not body["recipient"]["identifier"]["value"]:
            return _said(422, {"error": "letterId is not the idempotency key, or there is no recipient"})
        name, pdf = str(body["recipient"]["name"]), base64.b64decode(body["document"]["data"], validate=True)
    except (KeyError, TypeError, binascii.Error, ValueError):
        return _said(422, {"error": "letterId, recipient and document are needed"})
    if not pdf.startswith(b"%PDF-"):
        return _said(422, {"error": "document is no PDF"})
    is_new = simulator.letters.take(key, name, pdf, at=simulator.settings.clock.now())
    letter = simulator.letters.find(key)
    if letter is None or letter.pdf is None:
        return _said(410, {"error": "the letter was withdrawn"})
    if is_new:
        simulator.arrivals.accepted(TARGET, key)
    return _said(201 if is_new else 200, {"reference": letter.reference, "duplicate": not is_new})


def _found(simulator: Simulator, key: str) -> Response:
    letter = simulator.letters.find(key)
    known = letter is not None and letter.pdf is not None
    return _said(200, {"reference": letter.reference}) if letter and known else _said(404, {"error": "no such letter"})


def _withdrawn(simulator: Simulator, key: str) -> Response:
    if simulator.letters.withdraw(key, at=simulator.settings.clock.now()):
        simulator.arrivals.accepted(TARGET, f"withdrawal of {key}")
    return Response(status=204)


def _in_hand() -> Response:
    return _said(409, {"error": "the same key is just being handled"})


def _shown(letter: Letter) -> dict[str, Any]:
    return {
        "n": letter.n,
        "key": letter.key,
        "reference": letter.reference,
        "patientName": letter.name,
        "bytes": len(letter.pdf or b""),
        "withdrawn": letter.is_withdrawn,
        "receivedAt": instant(letter.received_at),
    }


def _said(status: int, body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response
