import json

from structlog.testing import capture_logs

from tests.contract.doors import House


def test_every_call_is_logged_by_its_route_and_never_by_its_path(house: House):
    with capture_logs() as logged:
        house.get("/p/i/0123456789abcdefghij-secret?next=251248-9996", token="")
        house.get("/nowhere/251248-9996", token="")

    handled = [line for line in logged if line["event"] == "handled"]
    assert [(line["method"], line["route"], line["status"]) for line in handled] == [
        ("GET", "/p/i/<token>", 404),
        ("GET", "none", 404),
    ]
    assert all(line["duration_ms"] >= 0 and line["request_id"] for line in handled)
    assert not {"secret", "251248"} & set(json.dumps(logged, default=str).replace("-", " ").split())
