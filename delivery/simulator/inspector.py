"""The inspector: what arrived, how the plans stand, and which faults wait; as pages and as JSON."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from delivery.simulator.behaviours import TARGETS, Behaviour, Fault, is_possible
from delivery.simulator.masking import without_identifier
from delivery.simulator.messages import STATE_WORDS
from delivery.simulator.parts import Simulator
from delivery.simulator.plan_view import PlanView, view_plan

MOST_FAULTS = 1000
RECEIVERS = {
    "webpatient": "WebPatient",
    "minlaege": "Min Læge",
    "letter": "Printtjeneste",
    "flp": "Plansystem",
    "lps-note": "Journal i LPS",
    "lps-inbox": "Indbakke i LPS",
}


def inspector_blueprint(simulator: Simulator) -> Blueprint:
    """Build the inspector's pages and endpoints."""
    blueprint = Blueprint("inspector", __name__)

    @blueprint.get("/")
    def overview() -> str:
        return render_template(
            "inspector.html",
            received=_received(simulator),
            messages=simulator.messages.all(),
            words=STATE_WORDS,
            receivers=RECEIVERS,
            plans=_views(simulator),
            waiting=simulator.faults.waiting(),
            down=simulator.faults.down(),
            behaviours=list(Behaviour),
            targets=TARGETS,
            svarbro_url=simulator.settings.svarbro_url,
        )

    @blueprint.post("/faults")
    def add_faults() -> Answer:
        if _add_faults(simulator, request.form.to_dict()):
            abort(400)
        return redirect(url_for("inspector.overview"), 303)

    @blueprint.post("/receivers/<target>")
    def switch_receiver(target: str) -> Answer:
        _switch(simulator, target, request.form.get("state"))
        return redirect(url_for("inspector.overview"), 303)

    @blueprint.get("/plan")
    def plans() -> str:
        return render_template("plans.html", plans=_views(simulator))

    @blueprint.get("/plan/<plan_id>")
    def plan(plan_id: str) -> str:
        history = simulator.plans.history("CarePlan", plan_id)
        if not history:
            abort(404)
        beside = simulator.plans.beside(plan_id)
        views = [view_plan(held.body, beside) for held in reversed(history)]
        resources = [without_identifier(body) for body in (history[-1].body, *beside)]
        return render_template("plan.html", plan=views[0], earlier=views[1:], resources=resources)

    _add_endpoints(blueprint, simulator)
    return blueprint


def _add_endpoints(blueprint: Blueprint, simulator: Simulator) -> None:
    @blueprint.get("/api/plan/<plan_id>")
    def plan_json(plan_id: str) -> Response:
        versions = [without_identifier(held.body) for held in simulator.plans.history("CarePlan", plan_id)]
        resources = [without_identifier(body) for body in simulator.plans.beside(plan_id)]
        return jsonify({"versions": versions, "resources": resources})

    @blueprint.get("/api/plans")
    def plans_json() -> Response:
        return jsonify({"plans": list(simulator.plans.plan_ids())})

    @blueprint.get("/api/received")
    def received() -> Response:
        return jsonify(_received(simulator))

    @blueprint.post("/api/receivers/<target>")
    def switched(target: str) -> Response:
        sent = request.get_json(silent=True)
        _switch(simulator, target, sent.get("state") if isinstance(sent, dict) else None)
        return jsonify({"down": sorted(simulator.faults.down())})

    @blueprint.post("/api/faults")
    def faults() -> Response:
        fault = _add_faults(simulator, request.get_json(silent=True))
        response = jsonify({"error": fault} if fault else simulator.faults.waiting())
        response.status_code = 400 if fault else 200
        return response


def _switch(simulator: Simulator, target: str, state: str | None) -> None:
    """Stop or start a receiver."""
    if target not in TARGETS:
        abort(404)
    if state not in ("up", "down"):
        abort(400)
    simulator.faults.switch(target, down=state == "down")


def _received(simulator: Simulator) -> dict[str, Any]:
    return {target: simulator.arrivals.summary(target) for target in TARGETS}


def _views(simulator: Simulator) -> list[PlanView]:
    plans = simulator.plans
    return [view_plan(plans.history("CarePlan", one)[-1].body, plans.beside(one)) for one in plans.plan_ids()]


def _add_faults(simulator: Simulator, wanted: Any) -> str | None:
    """Queue the faults that are asked for, or say what is wrong with the asking."""
    if not isinstance(wanted, dict) or wanted.get("target") not in TARGETS:
        return f"target must be one of {', '.join(TARGETS)}"
    if str(wanted.get("behaviour")) not in list(Behaviour):
        return f"behaviour must be one of {', '.join(Behaviour)}"
    if not is_possible(wanted["target"], Behaviour(str(wanted["behaviour"]))):
        return "behaviour is of receipts, and this target sends none"
    try:
        count, seconds = int(wanted.get("count", 1)), wanted.get("seconds")
        fault = Fault(Behaviour(str(wanted["behaviour"])), None if seconds is None else float(seconds))
    except (TypeError, ValueError):
        return "count and seconds must be numbers"
    if not 1 <= count <= MOST_FAULTS:
        return f"count must be from 1 to {MOST_FAULTS}"
    simulator.faults.add(wanted["target"], fault, count)
    return None
