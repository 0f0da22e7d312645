"""The JSON door `/api/v1`: small orders in, small facts out, with an OpenAPI 3.1 document."""

from flask import Flask
from flask_smorest import Api

from flow.use_cases import UseCases
from web.api.actions import blueprint as actions
from web.api.candidates import blueprint as candidates
from web.api.decisions import blueprint as decisions
from web.api.enrolment_state import blueprint as enrolment_state
from web.api.enrolments import blueprint as enrolments
from web.api.launches import blueprint as launches
from web.api.orders import blueprint as orders
from web.api.outbox import blueprint as outbox
from web.api.patients import blueprint as patients
from web.api.schemas import ProblemSchema
from web.api.scope_demands import DEMANDS
from web.api.unmatched import blueprint as unmatched
from web.scopes import add_demands

VERSION = "1.0.0"
SETTINGS = {
    "API_TITLE": "Svarbro",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {"description": "Enrol patients in care packages and carry clinicians' decisions."},
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "security": [{"bearer": []}],
    },
}


class JsonApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest's API whose errors go to `web.errors` like all others."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Leave the errors to `web.errors`: one place turns an error into an answer."""


def init_api(app: Flask, use_cases: UseCases) -> None:
    """Open the JSON door of an app."""
    app.config.update(SETTINGS)
    api = JsonApi(app)
    api.register_blueprint(enrolments(use_cases.enrol, use_cases.records))
    api.register_blueprint(decisions(use_cases.decide))
    api.register_blueprint(actions(use_cases.move_action))
    api.register_blueprint(orders(use_cases.order, use_cases.appointment, use_cases.discharge))
    api.register_blueprint(enrolment_state(use_cases.change_enrolment_state, use_cases.control_month))
    api.register_blueprint(candidates(use_cases.candidates, use_cases.import_candidates))
    api.register_blueprint(patients(use_cases.record_status, use_cases.around_work.appointments))
    api.register_blueprint(unmatched(use_cases.unmatched))
    api.register_blueprint(launches(use_cases.launch))
    api.register_blueprint(outbox(use_cases.operate))
    add_demands(app, DEMANDS)
