"""Headers of every answer."""

import pytest
from flask import Flask

from web.headers import init_headers, request_id


@pytest.fixture
def app():
    app = Flask("door")
    init_headers(app)
    for path in ("/fhir/Task", "/p/start", "/static/site.css", "/fhirish", "/healthz"):
        app.add_url_rule(path, path, lambda: {"reference": request_id()})
    return app


@pytest.mark.parametrize("path", ["/fhir/Task", "/p/start", "/healthz", "/nowhere"])
def test_every_answer_forbids_guessing_framing_referring_and_keeping(app, path):
    headers = app.test_client().get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_machine_door_lets_a_browser_load_nothing(app):
    assert (
        app.test_client().get("/fhir/Task").headers["Content-Security-Policy"].startswith("default-src 'none'; frame")
    )


def test_a_page_may_load_our_own_files_and_no_inline_script(app):
    policy = app.test_client().get("/p/start").headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_a_path_that_only_begins_like_a_door_is_a_page(app):
    assert "script-src" in app.test_client().get("/fhirish").headers["Content-Security-Policy"]


def test_files_without_data_may_be_kept(app):
    assert app.test_client().get("/static/site.css").headers.get("Cache-Control") != "no-store"


@pytest.mark.parametrize(
    "offered",
    ["0192f3a4-7b1c-7c3d-8e2f-012345678901", "0123456789abcdef0123456789abcdef", "my-test.1_a"],
    ids=["uuid", "trace", "word"],
)
def test_a_safe_number_of_the_caller_is_echoed(app, offered):
    response = app.test_client().get("/fhir/Task", headers={"X-Request-Id": offered})

    assert response.headers["X-Request-Id"] == offered
    assert response.json["reference"] == offered


@pytest.mark.parametrize(
    "offered",
    ["251248-9996", "2512489996", "x2512489996x", "a b", "<script>", "x" * 65, "", "æ"],
    ids=["cpr", "cpr-plain", "cpr-inside", "space", "tag", "long", "empty", "letter"],
)
def test_an_unsafe_number_of_the_caller_gives_way_to_ours(app, offered):
    response = app.test_client().get("/fhir/Task", headers={"X-Request-Id": offered})

    assert response.headers["X-Request-Id"] != offered
    assert len(response.headers["X-Request-Id"]) == 36


def test_one_call_keeps_one_number(app):
    response = app.test_client().get("/fhir/Task")

    assert response.headers["X-Request-Id"] == response.json["reference"]
