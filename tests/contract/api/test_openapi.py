"""The JSON door describes itself, and the operator's probes answer."""

import pytest


@pytest.fixture(scope="module")
def house(shared_house):
    return shared_house


def test_the_document_is_open_and_covers_every_route_of_the_door(house):
    answer = house.get("/api/v1/openapi.json", token="")

    document = answer.json()
    assert answer.status_code == 200
    assert document["openapi"] == "3.1.0"
    assert {(path, method) for path, methods in document["paths"].items() for method in methods} >= {
        ("/api/v1/enrolments", "post"),
        ("/api/v1/enrolments/{enrolment_id}", "get"),
        ("/api/v1/decisions", "post"),
    }


def test_the_document_tells_every_refusal_as_problem_json(house):
    document = house.get("/api/v1/openapi.json", token="").json()

    answers = document["paths"]["/api/v1/decisions"]["post"]["responses"]

    assert {"201", "400", "401", "403", "404", "409", "415", "422"} <= answers.keys()
    assert all("application/problem+json" in answers[status]["content"] for status in ("400", "409", "422"))


def test_alive_is_told_without_asking_anything(house):
    answer = house.get("/healthz", token="")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_is_told_with_every_check(house):
    answer = house.get("/readyz", token="")

    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert answer.json()["checks"]["database"] == "ok"
    assert answer.json()["checks"]["worker"] != "ok"


def test_ready_is_told_when_a_worker_lives(house):
    with house.services.store.queue() as queue:
        queue.beat("worker", house.services.clock.now())

    assert house.get("/readyz", token="").status_code == 200


def test_a_page_that_is_none_is_a_page_for_people(house):
    answer = house.get("/nowhere", token="")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
