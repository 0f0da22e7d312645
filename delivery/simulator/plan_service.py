"""The plan service's FHIR side: read, history, PUT and transaction, with ETag and 412."""

import json
from typing import Any

from flask import Blueprint, Response, request

from delivery.simulator.parts import Simulator, bears
from delivery.simulator.plans import KINDS, Held, PreconditionError, Write

FHIR_JSON = "application/fhir+json"


def plan_service_blueprint(simulator: Simulator) -> Blueprint:
    """Build the endpoints below `/plan/fhir`."""
    blueprint = Blueprint("plan_service", __name__, url_prefix="/plan/fhir")

    @blueprint.before_request
    def refuse_strangers() -> Response | None:
        return None if bears(simulator.settings.flp_token) else _outcome(401, "login", "unknown token")

    @blueprint.get("/<kind>/<resource_id>")
    def read(kind: str, resource_id: str) -> Response:
        held = simulator.plans.read(kind, resource_id)
        return _fhir(held.body, 200, held) if held else _outcome(404, "not-found", f"no such {kind}")

    @blueprint.get("/<kind>/<resource_id>/_history")
    def history(kind: str, resource_id: str) -> Response:
        versions = simulator.plans.history(kind, resource_id)
        entries = [{"resource": held.body} for held in reversed(versions)]
        return _fhir({"resourceType": "Bundle", "type": "history", "total": len(entries), "entry": entries}, 200)

    @blueprint.put("/<kind>/<resource_id>")
    def put(kind: str, resource_id: str) -> Response:
        guards = {"ifMatch": request.headers.get("If-Match"), "ifNoneMatch": request.headers.get("If-None-Match")}
        entry = {"resource": _sent(), "request": {"method": "PUT", "url": f"{kind}/{resource_id}"} | guards}
        return _guarded(simulator, [entry], as_bundle=False)

    @blueprint.post("", strict_slashes=False)
    @blueprint.post("/", strict_slashes=False)
    def transaction() -> Response:
        bundle = _sent()
        if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "transaction":
            return _outcome(400, "structure", "a transaction Bundle is expected")
        return _guarded(simulator, bundle.get("entry", []), as_bundle=True)

    return blueprint


def _guarded(simulator: Simulator, entries: list[dict[str, Any]], *, as_bundle: bool) -> Response:
    try:
        writes = [_write(entry) for entry in entries]
    except (KeyError, TypeError, ValueError):
        return _outcome(400, "structure", "an entry is no PUT of a resource that this service keeps")

    def handle() -> Response:
        return _written(simulator, writes, as_bundle=as_bundle)

    def conflict() -> Response:
        """Let another party change each plan first: the sender's ETag is then a stale one."""
        others = [_by_another_party(simulator, write) for write in writes if write.kind == "CarePlan"]
        simulator.plans.write(others, simulator.settings.clock.now())
        return handle()

    return simulator.faults.guard("flp", handle, conflict)


def _written(simulator: Simulator, writes: list[Write], *, as_bundle: bool) -> Response:
    try:
        held = simulator.plans.write(writes, simulator.settings.clock.now())
    except PreconditionError as error:
        return _outcome(412, "conflict", str(error))
    simulator.arrivals.accepted("flp", request.headers.get("Idempotency-Key", ""))
    if not as_bundle:
        return _fhir(held[0].body, 201 if held[0].version == 1 else 200, held[0])
    entries = [{"response": {"status": "201" if one.version == 1 else "200", "etag": one.etag}} for one in held]
    return _fhir({"resourceType": "Bundle", "type": "transaction-response", "entry": entries}, 200)


def _write(entry: dict[str, Any]) -> Write:
    """Read one entry of a transaction.

    Raises:
        KeyError, TypeError, ValueError: it is not a PUT that this service understands.
    """
    asked, body = entry["request"], entry["resource"]
    kind, _, resource_id = asked["url"].partition("/")
    if asked["method"] != "PUT" or kind not in KINDS or (body["resourceType"], body["id"]) != (kind, resource_id):
        raise ValueError("not a PUT of this resource")
    return Write(kind, resource_id, body, if_match=asked.get("ifMatch"), if_none_match=asked.get("ifNoneMatch"))


def _by_another_party(simulator: Simulator, write: Write) -> Write:
    held = simulator.plans.read(write.kind, write.id)
    body: dict[str, Any] = dict(held.body) if held else {"resourceType": write.kind, "id": write.id, "status": "active"}
    body["note"] = [{"text": "Ændret af en anden part (simuleret)"}]
    return Write(write.kind, write.id, body)


def _sent() -> dict[str, Any]:
    sent = request.get_json(force=True, silent=True)
    return sent if isinstance(sent, dict) else {}


def _fhir(body: dict[str, Any], status: int, held: Held | None = None) -> Response:
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=FHIR_JSON)
    if held:
        response.headers["ETag"] = held.etag
    return response


def _outcome(status: int, code: str, text: str) -> Response:
    issue = {"severity": "error", "code": code, "diagnostics": text}
    return _fhir({"resourceType": "OperationOutcome", "issue": [issue]}, status)
