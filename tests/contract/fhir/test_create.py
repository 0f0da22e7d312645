"""Posting responses: once, twice, wrong, foreign and late."""

import json

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from tests.contract.doors import CANONICAL, PERSONS, cat, kol_status, mmrc

PATH = "/fhir/QuestionnaireResponse"
CPR = "urn:oid:1.2.208.176.1.2"
NOTHING = {"response": 0, "score": 0, "suggestion": 0}


@pytest.fixture
def asked(house):
    return house.asked(house.enrol())


def filed(house):
    return {table: house.counted(table) for table in NOTHING}


def refused(answer, status):
    """Check that an answer is an OperationOutcome with this status; return its issues."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    OperationOutcome.model_validate_json(answer.content)
    return answer.json()["issue"]


def expressions(issues):
    return [issue["expression"][0] for issue in issues if "expression" in issue]


def test_an_answer_is_filed_and_its_place_told(house, asked):
    answer = house.post(PATH, cat(asked["cat"].id))

    assert answer.status_code == 201
    assert answer.headers["ETag"] == 'W/"1"'
    assert answer.headers["Location"] == f"{house.address}/fhir/QuestionnaireResponse/{answer.json()['id']}"
    assert house.call("GET", answer.headers["Location"].removeprefix(house.address)).status_code == 200
    assert filed(house) == {"response": 1, "score": 1, "suggestion": 1}


def test_the_same_bytes_twice_are_one_response_at_one_place(house, asked):
    first = house.post(PATH, cat(asked["cat"].id))

    second = house.post(PATH, cat(asked["cat"].id))

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["Location"] == first.headers["Location"]
    assert filed(house) == {"response": 1, "score": 1, "suggestion": 1}


def test_another_answer_to_an_answered_request_is_a_conflict(house, asked):
    house.post(PATH, cat(asked["cat"].id, points=1))

    issues = refused(house.post(PATH, cat(asked["cat"].id, points=2)), 409)

    assert issues[0]["code"] == "conflict"
    assert expressions(issues) == ["QuestionnaireResponse.basedOn"]
    assert filed(house) == {"response": 1, "score": 1, "suggestion": 1}


def test_a_late_answer_is_refused_with_the_reason(house, asked):
    house.travel(days=60)

    issues = refused(house.post(PATH, cat(asked["cat"].id)), 409)

    assert issues[0]["code"] == "business-rule"
    assert issues[0]["details"]["coding"][0]["code"] == "too-late"
    assert filed(house) == NOTHING


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"[]", "not-an-object"),
        (b"\xff\xfe{}", "not-json"),
        (b'{"resourceType": "QuestionnaireResponse", "status": "completed", "status": "completed"}', "duplicate-key"),
        (b'{"resourceType": "Patient"}', "wrong-resource"),
        (b'{"status": "completed"}', "wrong-resource"),
        (b'{"a": NaN}', "not-json"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "too-deep"),
    ],
    ids=["empty", "cut", "list", "utf-16", "key-twice", "patient", "no-type", "nan", "deep"],
)
def test_what_cannot_be_read_is_refused_before_anything_else(house, body, rule):
    issues = refused(house.post(PATH, body), 400)

    assert issues[0]["details"]["coding"][0]["code"] == rule
    assert filed(house) == NOTHING


@pytest.mark.parametrize(
    "canonical",
    [CANONICAL.format("cat").replace("2.0.0", "9.9.9"), CANONICAL.format("cat").partition("|")[0],
     CANONICAL.format("unheard-of"), "cat"],
    ids=["version", "no-version", "unknown", "short"],
)  # fmt: skip
def test_an_unknown_canonical_or_version_is_named(house, asked, canonical):
    issues = refused(house.post(PATH, cat(asked["cat"].id, questionnaire=canonical)), 422)

    assert issues[0]["code"] == "not-found"
    assert expressions(issues) == ["QuestionnaireResponse.questionnaire"]
    assert filed(house) == NOTHING


def test_an_answer_outside_its_options_is_named_item_by_item(house, asked):
    issues = refused(house.post(PATH, cat(asked["cat"].id, points=6)), 422)

    assert expressions(issues) == [f"QuestionnaireResponse.item[{n}].answer[0].valueCoding" for n in range(8)]
    assert {issue["details"]["coding"][0]["code"] for issue in issues} == {"not-an-option"}
    assert issues[0]["extension"][0]["valueString"] == "cat-1"
    assert filed(house) == NOTHING


def test_a_number_where_a_code_belongs_and_a_text_where_a_number_belongs_are_named(house, asked):
    body = kol_status(asked["kol-status"].id)
    body["item"][0]["answer"] = [{"valueInteger": 1}]
    body["item"][8]["answer"] = [{"valueInteger": "3"}]

    issues = refused(house.post(PATH, body), 422)

    assert [expression.partition(".answer")[0] for expression in expressions(issues)] == [
        "QuestionnaireResponse.item[0]",
        "QuestionnaireResponse.item[8]",
    ]
    assert filed(house) == NOTHING


def test_a_missing_element_that_fhir_requires_is_named(house, asked):
    body = cat(asked["cat"].id)
    del body["status"]

    assert "QuestionnaireResponse.status" in expressions(refused(house.post(PATH, body), 422))


def test_an_unfinished_response_is_not_filed(house, asked):
    issues = refused(house.post(PATH, cat(asked["cat"].id, status="in-progress")), 422)

    assert expressions(issues) == ["QuestionnaireResponse.status"]
    assert filed(house) == NOTHING


def test_another_clinics_request_cannot_be_told_from_an_unknown_one(house):
    foreign = house.asked(house.enrol(tenant=house.other), tenant=house.other)

    to_foreign = house.post(PATH, cat(foreign["cat"].id))
    to_nobody = house.post(PATH, cat("0192f3a4-7b1c-7c3d-8e2f-012345678901"))

    assert without_reference(refused(to_foreign, 422)) == without_reference(refused(to_nobody, 422))
    assert expressions(to_foreign.json()["issue"]) == ["QuestionnaireResponse.basedOn"]
    assert filed(house) == NOTHING


def test_another_clinics_patient_cannot_be_told_from_an_unknown_one(house, asked):
    house.enrol(person=1, tenant=house.other)

    def by_cpr(value):
        return house.post(PATH, cat(None, subject={"identifier": {"system": CPR, "value": value}}))

    to_foreign, to_nobody = by_cpr(PERSONS[1][0]), by_cpr(PERSONS[2][0])

    assert without_reference(refused(to_foreign, 422)) == without_reference(refused(to_nobody, 422))
    assert expressions(to_foreign.json()["issue"]) == ["QuestionnaireResponse.subject.identifier"]
    assert filed(house) == NOTHING


def test_a_request_of_one_patient_cannot_be_answered_as_another(house, asked):
    somebody = house.enrol(person=1)

    answer = house.post(PATH, cat(asked["cat"].id, subject={"reference": f"Patient/{somebody.patient_ref}"}))

    assert expressions(refused(answer, 422)) == ["QuestionnaireResponse.subject"]
    assert filed(house) == NOTHING


def test_an_answer_may_name_its_subject_instead_of_its_request(house, asked):
    by_cpr = {"identifier": {"system": CPR, "value": PERSONS[0][0]}}
    by_pseudonym = {"reference": f"Patient/{asked['mmrc'].patient_ref}"}

    assert house.post(PATH, cat(None, subject=by_cpr)).status_code == 201
    assert house.post(PATH, mmrc(None, subject=by_pseudonym)).status_code == 201


def test_a_bad_cpr_number_is_named_and_never_echoed(house, asked):
    answer = house.post(PATH, cat(None, subject={"identifier": {"system": CPR, "value": "3113489996"}}))

    assert expressions(refused(answer, 422)) == ["QuestionnaireResponse.subject.identifier.value"]
    assert "311348" not in answer.text
    assert filed(house) == NOTHING


def test_a_role_that_may_not_submit_is_refused(house, asked):
    assert refused(house.post(PATH, cat(asked["cat"].id), token=house.one.admin_token), 403)[0]["code"] == "forbidden"
    assert filed(house) == NOTHING


@pytest.mark.parametrize(
    ("prefer", "body"),
    [("return=minimal", None), ("return=OperationOutcome", "OperationOutcome"),
     ("return=representation", "QuestionnaireResponse"), ("", "QuestionnaireResponse")],
)  # fmt: skip
def test_the_caller_chooses_what_comes_back(house, asked, prefer, body):
    answer = house.post(PATH, cat(asked["cat"].id), headers={"Prefer": prefer})

    assert answer.status_code == 201
    assert (answer.json()["resourceType"] if answer.content else None) == body


@pytest.mark.parametrize("header", ["If-None-Exist", "If-Match"])
def test_a_condition_that_is_not_kept_is_refused(house, asked, header):
    issues = refused(house.post(PATH, cat(asked["cat"].id), headers={header: 'W/"1"'}), 400)

    assert expressions(issues) == [f"http.{header}"]
    assert filed(house) == NOTHING


def test_validate_names_every_fault_and_files_nothing(house, asked):
    well = house.post(f"{PATH}/$validate", cat(asked["cat"].id))
    ill = house.post(f"{PATH}/$validate", cat(asked["cat"].id, points=9))
    unreadable = house.post(f"{PATH}/$validate", b"{")

    assert [issue["severity"] for issue in refused(well, 200)] == ["information"]
    assert len(refused(ill, 200)) == 8
    assert refused(unreadable, 200)[0]["details"]["coding"][0]["code"] == "not-json"
    assert filed(house) == NOTHING


def test_the_submitted_bytes_come_back_with_our_id_and_nothing_else_changed(house, asked):
    raw = json.dumps(mmrc(asked["mmrc"].id)).replace('"linkId"', '  "linkId"').replace("æ", "\\u00e6").encode()
    place = house.post(PATH, raw).headers["Location"].removeprefix(house.address)

    answer = house.get(place)

    assert answer.headers["ETag"] == 'W/"1"'
    assert raw[raw.index(b'"item"') : -1].decode() in answer.text
    assert answer.json()["id"] == place.rpartition("/")[2]


def without_reference(issues):
    """Leave out the number of the call: it differs for every call."""
    return [{name: value for name, value in issue.items() if name != "diagnostics"} for issue in issues]
