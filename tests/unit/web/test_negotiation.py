"""Which forms the FHIR door reads and writes."""

import pytest
from flask import Flask, request

from web.fhir.negotiation import demand_resource, demand_writable, preferences
from web.media import NotAcceptableError, UnsupportedMediaError, demand_readable

app = Flask("door")


def asked(**headers):
    return app.test_request_context("/", headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    "accept",
    ["*/*", "application/*", "application/fhir+json", "application/json", "text/html, application/fhir+json;q=0.5",
     "application/fhir+json; fhirVersion=4.0", "application/fhir+json; charset=utf-8", ""],
)  # fmt: skip
def test_json_is_written_for_whoever_takes_it(accept):
    with asked(Accept=accept):
        demand_writable(request)


@pytest.mark.parametrize(
    "accept",
    ["application/fhir+xml", "text/html", "application/fhir+json;q=0", "application/fhir+json; fhirVersion=5.0"],
)
def test_nothing_else_is_written(accept):
    with asked(Accept=accept), pytest.raises(NotAcceptableError):
        demand_writable(request)


@pytest.mark.parametrize("form", ["json", "application/fhir%2Bjson", "application/fhir+json", "application/json"])
def test_a_format_parameter_wins_over_the_header(form):
    with app.test_request_context(f"/?_format={form}", headers={"Accept": "text/html"}):
        demand_writable(request)


def test_a_format_parameter_for_xml_is_refused():
    with app.test_request_context("/?_format=xml"), pytest.raises(NotAcceptableError):
        demand_writable(request)


@pytest.mark.parametrize(
    "content_type",
    ["application/fhir+json", "application/json", "application/fhir+json; charset=utf-8",
     "Application/FHIR+JSON", "application/fhir+json; fhirVersion=4.0"],
)  # fmt: skip
def test_json_in_r4_is_read(content_type):
    with asked(Content_Type=content_type):
        demand_resource(request)


@pytest.mark.parametrize(
    "content_type", ["application/fhir+xml", "text/plain", "", "application/fhir+json; fhirVersion=5.0"]
)
def test_nothing_else_is_read(content_type):
    with asked(Content_Type=content_type), pytest.raises(UnsupportedMediaError):
        demand_resource(request)


def test_a_compressed_body_is_not_read():
    with asked(Content_Type="application/json", Content_Encoding="gzip"), pytest.raises(UnsupportedMediaError):
        demand_readable(request, "application/json")


def test_a_body_is_read_up_to_a_quarter_of_a_mebibyte():
    with asked(Content_Type="application/json", Content_Encoding="identity"):
        demand_readable(request, "application/json")

        assert request.max_content_length == 262_144


@pytest.mark.parametrize(
    ("prefer", "returned", "strict"),
    [
        (None, "representation", False),
        ("return=minimal", "minimal", False),
        ("handling=strict", "representation", True),
        ("return=OperationOutcome, handling=strict", "OperationOutcome", True),
        ("return=minimal; handling=lenient", "minimal", False),
        ("respond-async, , wait=5", "representation", False),
    ],
)
def test_preferences_are_read_and_unknown_ones_passed_over(prefer, returned, strict):
    with asked(**({"Prefer": prefer} if prefer else {})):
        read = preferences(request)

    assert (read.returned, read.strict) == (returned, strict)
