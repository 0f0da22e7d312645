"""Candidates through the JSON door."""

from datetime import date, timedelta

import pytest

from tests.contract.doors import PERSONS

PATH = "/api/v1/candidates"
LATER = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011  (any later day will do)
LIST = "identifier;name;package;diagnosis;own_patient\n" + "".join(
    f"{identifier};{name};KOL;R95;ja\n" for identifier, name in PERSONS
)


@pytest.fixture
def waiting(house):
    """Three candidates of the first clinic, by the order of the list."""
    house.services.use_cases.import_candidates(house.one.system, LIST.encode())
    return [one["id"] for one in house.get(PATH).json()["candidates"]]


@pytest.fixture
def post(house):
    def post(path, body, token=None):
        headers = {"Content-Type": "application/json"}
        return house.post(f"{PATH}/{path}", body, house.one.doctor_token if token is None else token, headers=headers)

    return post


def refused(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {error.get("field"): error["code"] for error in answer.json()["errors"]}


def test_candidates_are_listed_with_masked_numbers(house, waiting):
    answer = house.get(PATH)

    first = answer.json()["candidates"][0]
    assert (first["name"], first["identifier"], first["state"]) == ("Nancy Berggren", "251248-xxxx", "waiting")
    assert (first["package"], first["diagnosis"], first["ownPatient"]) == ("KOL", "R95", True)
    assert PERSONS[0][0] not in answer.text
    assert len(waiting) == 3


def test_a_list_is_turned_page_by_page(house, waiting):
    first = house.get(f"{PATH}?limit=2").json()
    rest = house.get(f"{PATH}?limit=2&after={first['next']}").json()

    assert [one["id"] for one in first["candidates"] + rest["candidates"]] == waiting
    assert rest["next"] is None


def told(number, **other):
    identifier, name = PERSONS[number]
    return {"identifier": identifier, "name": name, "diagnosis": "R95", "ownPatient": True, **other}


def bring(house, *entries):
    headers = {"Content-Type": "application/json"}
    return house.post(PATH, {"candidates": list(entries)}, headers=headers)


def test_a_system_brings_a_list_in_and_is_told_by_place_what_came_of_each(house):
    house.enrol()

    first = bring(house, told(0), told(1), told(2, diagnosis="Z99"))
    again = bring(house, told(1, package="kol"))

    nothing: dict[str, list[int]] = {
        "added": [],
        "waiting": [],
        "excluded": [],
        "enrolled": [],
        "left": [],
        "notProposed": [],
    }
    assert (first.status_code, first.json()) == (200, {**nothing, "enrolled": [0], "added": [1], "notProposed": [2]})
    assert again.json() == {**nothing, "waiting": [0]}
    (waits,) = house.get(PATH).json()["candidates"]
    assert (waits["name"], waits["package"], waits["diagnosis"]) == (PERSONS[1][1], "KOL", "R95")


def test_a_list_with_a_fault_is_refused_whole_and_each_fault_has_its_place(house):
    answer = bring(house, told(0), told(0), told(1, identifier="1", diagnosis="slem hoste", package="XXX"), told(2))

    assert refused(answer, 422) == {
        "candidates.1.identifier": "twice",
        "candidates.2.identifier": "not-an-identifier",
        "candidates.2.package": "unknown-package",
        "candidates.2.diagnosis": "not-a-code",
    }
    assert PERSONS[0][0] not in answer.text
    assert house.get(PATH).json()["candidates"] == []


@pytest.mark.parametrize("body", [{}, {"candidates": []}, {"candidates": [{**told(0), "ownPatient": "ja"}]}])
def test_what_is_no_list_is_refused(house, body):
    answer = house.post(PATH, body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("state=asleep", {"state": "invalid-field"}),
        ("limit=0", {"limit": "invalid-field"}),
        ("limit=501", {"limit": "invalid-field"}),
        ("cpr=1", {"cpr": "unknown-field"}),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(house, query, errors):
    assert refused(house.get(f"{PATH}?{query}"), 422) == errors


def test_a_clinician_orders_one(house, waiting, post):
    answer = post(f"{waiting[0]}/order", {})

    body = answer.json()
    assert (answer.status_code, body["outcome"]) == (201, "ordered")
    assert answer.headers["Location"] == f"/api/v1/enrolments/{body['enrolmentId']}"
    assert body["firstDueAt"]
    again = post(f"{waiting[0]}/order", {"start": LATER})
    assert (again.status_code, again.json()["enrolmentId"]) == (200, body["enrolmentId"])
    assert house.counted("enrolment") == 1
    assert [one["id"] for one in house.get(f"{PATH}?state=ordered").json()["candidates"]] == [waiting[0]]


def test_a_clinician_orders_many_and_is_told_of_each(waiting, post):
    post(f"{waiting[0]}/order", {})
    post(f"{waiting[1]}/exclude", {"reason": "Venter.", "reviewOn": LATER})

    answer = post("order", {"candidates": waiting})

    assert answer.status_code == 200
    assert [(one["id"], one["outcome"]) for one in answer.json()["candidates"]] == [
        (waiting[0], "already"),
        (waiting[1], "excluded"),
        (waiting[2], "ordered"),
    ]


def test_a_clinician_excludes_with_a_reason_until_a_day(house, waiting, post):
    answer = post(f"{waiting[0]}/exclude", {"reason": "Bor på plejehjem.", "reviewOn": LATER})

    assert (answer.status_code, answer.json()["state"]) == (200, "excluded")
    (shown,) = house.get(f"{PATH}?state=excluded").json()["candidates"]
    assert (shown["reason"], shown["reviewOn"]) == ("Bor på plejehjem.", LATER)
    assert shown["assessedBy"] == house.one.doctor.display
    assert refused(post(f"{waiting[0]}/order", {}), 409) == {"state": "excluded"}
    assert post(f"{waiting[0]}/order", {"despiteExclusion": True}).status_code == 201
    assert refused(post(f"{waiting[0]}/exclude", {"reason": "Nej.", "reviewOn": LATER}), 409) == {"state": "not-open"}


def test_who_left_is_not_ordered(house, waiting, post):
    body = {"source": "cpr", "statuses": [{"identifier": PERSONS[0][0], "status": "moved"}]}
    house.post("/api/v1/patients/status", body, headers={"Content-Type": "application/json"})

    assert refused(post(f"{waiting[0]}/order", {}), 409) == {"state": "left"}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"reason": "required", "reviewOn": "required"}),
        ({"reason": " ", "reviewOn": LATER}, {"reason": "no-reason"}),
        ({"reason": "x" * 501, "reviewOn": LATER}, {"reason": "invalid-field"}),
        ({"reason": "Venter.", "reviewOn": "2020-01-01"}, {"reviewOn": "not-later"}),
        ({"reason": "Venter.", "reviewOn": LATER, "by": "me"}, {"by": "unknown-field"}),
    ],
)
def test_an_exclusion_that_cannot_be_used_is_named(waiting, post, body, errors):
    assert refused(post(f"{waiting[0]}/exclude", body), 422) == errors


@pytest.mark.parametrize("path", ["order", "exclude"])
def test_another_clinic_s_candidate_is_none(house, waiting, post, path):
    bodies = {"order": {}, "exclude": {"reason": "Venter.", "reviewOn": LATER}}

    refused(post(f"{waiting[0]}/{path}", bodies[path], house.other.doctor_token), 404)
    refused(post(f"nobody/{path}", bodies[path]), 404)
    assert house.get(PATH, house.other.system_token).json()["candidates"] == []


def test_only_a_clinician_orders_and_excludes(house, waiting, post):
    for token in (house.one.system_token, house.one.admin_token):
        refused(post(f"{waiting[0]}/order", {}, token), 403)
        refused(post(f"{waiting[0]}/exclude", {"reason": "Venter.", "reviewOn": LATER}, token), 403)
    refused(house.get(PATH, house.one.admin_token), 403)
    refused(house.get(PATH, ""), 401)


def test_the_document_tells_of_candidates_and_status(house):
    paths = house.get("/api/v1/openapi.json", token="").json()["paths"]

    assert {
        "/api/v1/candidates",
        "/api/v1/candidates/order",
        "/api/v1/candidates/{candidate_id}/order",
        "/api/v1/candidates/{candidate_id}/exclude",
        "/api/v1/patients/status",
    } <= paths.keys()
