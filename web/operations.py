"""What an operator's probes ask: is the process alive, and can it do its work."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from flow.health import Health


def blueprint(health: Callable[[], Health]) -> Blueprint:
    """Build `/healthz` (alive, asks nothing) and `/readyz` (looks at database, migration, worker and outbox)."""
    operations = Blueprint("operations", __name__)

    @operations.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @operations.get("/readyz")
    def readyz() -> tuple[Response, int]:
        state = health()
        body = {"status": "ok" if state.ready else "not ready", "checks": dict(state.checks)}
        return jsonify(body), 200 if state.ready else 503

    return operations
