"""The JSON door `/api/v1`: small orders in, small facts out, with an OpenAPI 3.1 document."""

from flask import Flask
from flask_smorest import Api

from flow.decide import Decide
from flow.enrol import Enrol
from flow.records import Records
from web.api.decisions import blueprint as decisions
from web.api.enrolments import blueprint as enrolments
from web.api.schemas import ProblemSchema

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


def init_api(app: Flask, *, enrol: Enrol, decide: Decide, records: Records) -> None:
    """Open the JSON door of an app."""
    app.config.update(SETTINGS)
    api = JsonApi(app)
    api.register_blueprint(enrolments(enrol, records))
    api.register_blueprint(decisions(decide))
