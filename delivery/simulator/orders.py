"""The side of the apps that takes orders: idempotent by key, receipts follow by webhook."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request

from delivery.simulator.apps import APPS, App
from delivery.simulator.parts import Simulator, bears

LONGEST_TEXT = 160
"""Characters of a notification, as NemSMS allows."""


def orders_blueprint(simulator: Simulator) -> Blueprint:
    """Build the endpoints for orders, one per app."""
    blueprint = Blueprint("orders", __name__)
    for app in APPS:
        blueprint.add_url_rule(
            f"/{app.channel}/v1/orders",
            endpoint=app.channel,
            view_func=partial(_take_order, simulator, app),
            methods=["POST"],
        )
    return blueprint


def _take_order(simulator: Simulator, app: App) -> Response:
    if not bears(simulator.settings.apps[app.channel].token):
        return _refusal(401, "unknown token")
    return simulator.faults.guard(
        app.channel, lambda: _taken(simulator, app), lambda: _refusal(409, "the same key is just being handled")
    )


def _taken(simulator: Simulator, app: App) -> Response:
    key = request.headers.get("Idempotency-Key", "")
    order = request.get_json(silent=True)
    if not isinstance(order, dict):
        return _refusal(400, "the body is no JSON object")
    fault = _fault(key, order)
    if fault:
        return _refusal(422, fault)
    reference, is_new = simulator.messages.take(app, key, order, at=simulator.settings.clock.now())
    if is_new:
        simulator.arrivals.accepted(app.channel, key)
        simulator.tell(app.channel, key, reference, "accepted")
        simulator.messages.advance(reference, "notified")
        simulator.tell(app.channel, key, reference, "notified")
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
