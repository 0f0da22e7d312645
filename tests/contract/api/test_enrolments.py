"""Enrolling through the JSON door."""

import pytest

from tests.contract.doors import PERSONS

PATH = "/api/v1/enrolments"
NOTHING = {"enrolment": 0, "patient": 0, "slot": 0}
ORDER = {"identifier": PERSONS[0][0], "name": PERSONS[0][1], "package": "KOL"}


@pytest.fixture
def post(house):
    def post(body, token=None, **headers):
        return house.post(PATH, body, token, headers={"Content-Type": "application/json", **headers})

    return post


def counted(house):
    return {table: house.counted(table) for table in NOTHING}


def refused(answer, status):
    """Check that an answer is problem JSON with this status; return its errors by field."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail", "instance"} <= body.keys()
    return {error.get("field"): error["code"] for error in body["errors"]}


def test_a_patient_is_enrolled_and_the_first_questionnaires_are_planned(house, post):
    answer = post(ORDER)

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{PATH}/{body['id']}"
    assert body["firstDueAt"]
    assert PERSONS[0][0] not in answer.text
    assert house.counted("enrolment") == 1


def test_an_enrolment_is_shown_as_it_stands(house, post):
    made = post({**ORDER, "start": "2026-11-20"}).json()

    shown = house.get(f"{PATH}/{made['id']}").json()

    assert (shown["id"], shown["patient"]) == (made["id"], made["patient"])
    assert (shown["package"], shown["programme"], shown["state"]) == ("KOL", "kol", "active")
    assert shown["nextDueAt"] == made["firstDueAt"]
    assert shown["awaiting"] is False
    assert PERSONS[0][1] not in str(shown)


def test_a_second_enrolment_in_the_package_is_a_conflict(house, post):
    post(ORDER)
    before = counted(house)

    refused(post({**ORDER, "identifier": "251248-9996"}), 409)

    assert counted(house) == before


def test_the_same_person_may_be_a_patient_of_two_clinics(house, post):
    assert post(ORDER).status_code == 201
    assert post(ORDER, house.other.system_token).status_code == 201


@pytest.mark.parametrize("identifier", ["3113489996", "2512489", "251248+9996", "abc", "", "0000000000"])
def test_a_bad_cpr_number_is_named_and_never_echoed(house, post, identifier):
    answer = post({**ORDER, "identifier": identifier})

    assert refused(answer, 422).keys() == {"identifier"}
    assert not identifier or identifier not in answer.text
    assert counted(house) == NOTHING


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"package": "LRS"}, {"package": "unknown-package"}),
        ({"name": ""}, {"name": "invalid-field"}),
        ({"name": "x" * 201}, {"name": "invalid-field"}),
        ({"name": 7}, {"name": "invalid-field"}),
        ({"start": "20-11-2026"}, {"start": "invalid-field"}),
        ({"colour": "RED"}, {"colour": "unknown-field"}),
        ({"2512489996": 1}, {"(unprintable)": "unknown-field"}),
        ({"identifier": None, "package": None}, {"identifier": "invalid-field", "package": "invalid-field"}),
    ],
    ids=["package", "no-name", "long-name", "number", "date", "unknown", "cpr-as-name", "nulls"],
)
def test_every_field_that_cannot_be_used_is_named(house, post, change, errors):
    answer = post({**ORDER, **change})

    assert refused(answer, 422) == errors
    assert "2512489996" not in answer.text
    assert counted(house) == NOTHING


def test_a_blank_name_is_no_name(house, post):
    assert refused(post({**ORDER, "name": "  "}), 422) == {"name": "required"}


def test_all_missing_fields_are_named_at_once(house, post):
    assert refused(post({}), 422) == {"identifier": "required", "name": "required", "package": "required"}
    assert counted(house) == NOTHING


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"name": "a", "name": "b"}', b"\xff"])
def test_what_is_no_json_object_is_refused(house, post, body):
    refused(post(body), 400)
    assert counted(house) == NOTHING


def test_what_is_not_said_to_be_json_is_not_read(house):
    refused(house.post(PATH, ORDER, headers={"Content-Type": "text/plain"}), 415)


def test_a_compressed_or_a_large_body_is_not_read(post):
    refused(post(b"{}", **{"Content-Encoding": "gzip"}), 415)
    refused(post(b" " * 262_145), 413)


def test_an_enrolment_of_another_clinic_looks_like_none(house, post):
    made = post(ORDER).json()

    foreign = house.get(f"{PATH}/{made['id']}", house.other.system_token)
    unknown = house.get(f"{PATH}/nobody", house.other.system_token)

    refused(foreign, 404)
    assert foreign.json()["detail"] == unknown.json()["detail"]
    refused(house.get(f"{PATH}/%00"), 404)


def test_nobody_unknown_and_nobody_without_the_right_gets_in(house, post):
    made = post(ORDER).json()

    refused(post(ORDER, ""), 401)
    refused(house.get(PATH, ""), 401)
    refused(house.get(f"{PATH}/{made['id']}", house.one.admin_token), 403)
    refused(house.get("/api/v1/nowhere"), 404)
    refused(house.get(PATH), 405)


def test_a_programme_of_the_package_may_be_chosen(house, post):
    made = post({**ORDER, "programme": "kol"}).json()

    assert house.get(f"{PATH}/{made['id']}").json()["programme"] == "kol"


@pytest.mark.parametrize(
    ("choice", "errors"),
    [
        ({"programme": "nothing"}, {"programme": "unknown-programme"}),
        ({"slots": {"nothing": "cat"}}, {"slots.nothing": "not-a-choice"}),
        ({"slots": {"nothing": 7}}, {"slots.nothing.value": "invalid-field"}),
        ({"slots": []}, {"slots": "invalid-field"}),
    ],
)
def test_a_choice_that_there_is_not_is_named(house, post, choice, errors):
    assert refused(post({**ORDER, **choice}), 422) == errors
    assert counted(house) == NOTHING
