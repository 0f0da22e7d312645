"""The side of the apps that takes orders: idempotent by key, receipts follow by webhook and wait to be fetched."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request

from delivery.simulator.apps import APPS, App
from delivery.simulator.faults import told_wrongly
from delivery.simulator.parts import Simulator, bears

LONGEST_TEXT = 160
"""Characters of a notification, as NemSMS allows."""


def orders_blueprint(simulator: Simulator) -> Blueprint:
    """Build the endpoints of every app."""
    orders = Blueprint("orders", __name__)
    for app in APPS:
        orders.register_blueprint(_app_blueprint(simulator, app))
    return orders


def _app_blueprint(simulator: Simulator, app: App) -> Blueprint:
    blueprint = Blueprint(app.channel, __name__, url_prefix=f"/{app.channel}/v1")

    @blueprint.before_request
    def refuse_strangers() -> Response | None:
        known = bears(simulator.settings.apps[app.channel].token)
        return None if known else _refusal(401, "unknown token")

    @blueprint.post("/orders")
    def take() -> Response:
        return simulator.faults.guard(app.channel, partial(_taken, simulator, app), _in_hand)

    @blueprint.get("/orders/<key>")
    def find(key: str) -> Response:
        return simulator.faults.ask(app.channel, partial(_found, simulator, app, key))

    @blueprint.delete("/orders/<key>")
    def withdraw(key: str) -> Response:
        taken_back = partial(_withdrawn, simulator, app, key)
        return simulator.faults.guard(app.channel, taken_back, _in_hand, key=f"withdrawal of {key}")

    @blueprint.get("/receipts")
    def receipts() -> Response:
        since = request.args.get("since")
        return simulator.faults.ask(app.channel, lambda: _json(simulator.telling.fetched(app.channel, since), 200))

    return blueprint


def _in_hand() -> Response:
    return _refusal(409, "the same key is just being handled")


def _found(simulator: Simulator, app: App, key: str) -> Response:
    message = simulator.messages.of_key(app, key)
    return _json({"reference": message.reference}, 200) if message else _refusal(404, "no such order")


def _withdrawn(simulator: Simulator, app: App, key: str) -> Response:
    if simulator.messages.withdraw(app, key):
        simulator.arrivals.accepted(app.channel, f"withdrawal of {key}")
    return Response(status=204)


def _taken(simulator: Simulator, app: App) -> Response:
    key = request.headers.get("Idempotency-Key", "")
    order = request.get_json(silent=True)
    if not isinstance(order, dict):
        return _refusal(400, "the body is no JSON object")
    fault = _fault(key, order)
    if fault:
        return _refusal(422, fault)
    if simulator.messages.is_withdrawn(app, key):
        return _refusal(410, "the order was withdrawn")
    reference, is_new = simulator.messages.take(app, key, order, at=simulator.settings.clock.now())
    if is_new:
        simulator.arrivals.accepted(app.channel, key)
        simulator.messages.advance(reference, "notified")
        simulator.telling.tell(app.channel, key, reference, ("accepted", "notified"), told_wrongly())
    return _json({"reference": reference, "duplicate": not is_new}, 201 if is_new else 200)


def _fault(key: str, order: dict[str, Any]) -> str | None:
    """Name what is wrong with an order, without a value of it."""
    if not key or order.get("orderId") != key:
        return "orderId is not the idempotency key"
    missing = [path for path in _NEEDED if not _at(order, path)]
    if missing:
        return f"{missing[0]} is missing"
    forms = order.get("forms")
    if not isinstance(forms, list) or not forms or not all(_is_form(form) for form in forms):
        return "forms is no list of forms"
    return "notify.text is too long" if len(order["notify"]["text"]) > LONGEST_TEXT else None


_NEEDED = (
    *("patient.identifier.value", "patient.name", "requester.sor", "requester.name"),
    *("occasion.expires", "notify.text", "deepLink"),
)
_OF_A_FORM = ("orderId", "questionnaire", "title")


def _is_form(form: Any) -> bool:
    return isinstance(form, dict) and all(isinstance(form.get(name), str) for name in _OF_A_FORM)


def _at(value: Any, path: str) -> str | None:
    """Return the text at a path, if there is one."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _refusal(status: int, text: str) -> Response:
    return _json({"error": text}, status)


def _json(body: dict[str, Any], status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response
