"""How an error is answered at each door."""

import json

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from flask import Flask
from structlog.testing import capture_logs
from werkzeug.exceptions import ImATeapot, default_exceptions

from kernel.errors import (
    AccessError,
    ConflictError,
    ContentError,
    InvalidResponseError,
    Issue,
    NotFoundError,
    NotOpenError,
    PlanError,
    SettingsError,
    TokenExpiredError,
    UnauthenticatedError,
    UnavailableError,
)
from tests.databases import START
from tests.fakes import FakeClock
from web.errors import init_errors
from web.headers import init_headers
from web.pages import init_pages
from web.patient.statement import blueprint
from web.visit import init_idle

DOORS = ("/fhir/x", "/api/v1/x", "/channels/x", "/healthz", "/p/x")
MACHINES = {"/fhir/x": "application/fhir+json", "/api/v1/x": "application/problem+json",
            "/channels/x": "application/problem+json", "/healthz": "application/problem+json"}  # fmt: skip
SECRET = "Nancy Berggren 251248-9996"


@pytest.fixture
def ask():
    """Let every door raise one error, and return its answers."""

    def ask(error, path="/fhir/x", **headers):
        def view():
            raise error

        app = Flask("web", root_path="web")
        app.config["SECRET_KEY"] = "test"
        app.config["TESTING"] = True
        init_errors(app)
        init_headers(app)
        init_pages(app)
        init_idle(app, FakeClock(START))
        app.register_blueprint(blueprint())
        for door in DOORS:
            app.add_url_rule(door, door, view)
        return app.test_client().get(path, headers=headers)

    return ask


@pytest.mark.parametrize("path", MACHINES)
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFoundError("No such thing."), 404, "not-found"),
        (ConflictError("Changed meanwhile."), 409, "conflict"),
        (NotOpenError("Too late."), 409, "business-rule"),
        (AccessError("You may not."), 403, "forbidden"),
        (TokenExpiredError("Gone."), 410, "expired"),
    ],
    ids=["not-found", "conflict", "closed", "access", "expired"],
)
def test_an_error_of_ours_is_told_with_its_status_and_code(ask, path, error, status, code):
    answer = ask(error, path)

    body = answer.json
    assert answer.status_code == status
    assert answer.content_type == MACHINES[path]
    if path.startswith("/fhir"):
        OperationOutcome.model_validate(body)
        assert body["issue"][0]["code"] == code
    else:
        assert body["errors"][0]["code"] == code
    assert error.text in answer.text


def test_every_issue_is_told(ask):
    issues = [Issue("value", "a", "item[0]", "q-1", "not-an-option"), Issue("required", "b", "item[1]")]

    answer = ask(InvalidResponseError("Wrong.", issues=issues))

    assert [issue["expression"] for issue in answer.json["issue"]] == [["item[0]"], ["item[1]"]]


def test_who_is_unknown_is_told_how_to_become_known(ask):
    answer = ask(UnauthenticatedError("Who are you?"))

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="svarbro"'


@pytest.mark.parametrize("path", DOORS)
def test_a_busy_database_is_told_and_when_to_come_back(ask, path):
    answer = ask(UnavailableError("The database is busy."), path)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize(
    "error",
    [RuntimeError(SECRET), ContentError(SECRET), SettingsError(SECRET), PlanError(SECRET), ImATeapot(SECRET)],
    ids=["unknown", "content", "settings", "plan", "teapot"],
)
def test_a_fault_of_ours_shows_the_number_of_the_call_and_nothing_else(ask, path, error):
    answer = ask(error, path, **{"X-Request-Id": "call-7"})

    assert answer.status_code == 500
    assert "call-7" in answer.text
    assert "Nancy" not in answer.text
    assert type(error).__name__ not in answer.text


@pytest.mark.parametrize("status", [400, 404, 405, 406, 411, 413, 414, 415, 429, 431])
def test_a_refusal_of_the_web_server_is_told_in_our_words(ask, status):
    answer = ask(default_exceptions[status](SECRET))

    assert answer.status_code == status
    OperationOutcome.model_validate(answer.json)
    assert "Nancy" not in answer.text


@pytest.mark.parametrize("path", ["/p/x", "/nowhere"])
def test_a_person_gets_a_page(ask, path):
    answer = ask(NotFoundError("No such thing."), path)

    assert answer.status_code == 404
    assert answer.content_type.startswith("text/html")
    assert "No such thing" not in answer.text


def test_a_machine_that_knocks_beside_a_door_gets_its_form_too(ask):
    assert ask(RuntimeError(), "/fhir/nowhere").content_type == "application/fhir+json"
    assert ask(RuntimeError(), "/fhir/nowhere").status_code == 404


def test_a_fault_is_logged_with_its_kind_place_and_number_and_without_its_words(ask):
    with capture_logs() as logs:
        ask(RuntimeError(SECRET), "/fhir/x", **{"X-Request-Id": "call-7"})

    (line,) = logs
    assert (line["event"], line["reference"], line["route"], line["status"]) == ("failed", "call-7", "/fhir/x", 500)
    assert line["error"].startswith("RuntimeError")
    assert "Nancy" not in json.dumps(line)


def test_the_place_of_a_fault_is_ours_and_relative(ask):
    with capture_logs() as logs:
        ask(RuntimeError(SECRET))

    assert " at tests/unit/web/test_errors.py:" in logs[0]["error"]


def test_a_refusal_is_logged_by_its_route_not_its_path(ask):
    with capture_logs() as logs:
        ask(NotFoundError("x"), "/fhir/x")
        ask(NotFoundError("x"), "/fhir/2512489996")

    assert [line["route"] for line in logs] == ["/fhir/x", None]
    assert "2512489996" not in json.dumps(logs)
