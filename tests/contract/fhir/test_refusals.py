"""Every refusal of the FHIR door is an OperationOutcome, whatever went wrong."""

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome


@pytest.fixture(scope="module")
def house(shared_house):
    return shared_house


JSON = "application/fhir+json"


def refused(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == JSON
    OperationOutcome.model_validate_json(answer.content)
    issue = answer.json()["issue"][0]
    assert issue["code"] == code
    assert answer.headers["X-Request-Id"] in issue["diagnostics"]
    return issue


@pytest.mark.parametrize("path", ["/fhir", "/fhir/", "/fhir/Device", "/fhir/Task/a/b", "/fhir/Task/%00", "/fhir/x"])
def test_an_address_that_is_none_is_not_found(house, path):
    refused(house.get(path), 404, "not-found")


def test_a_questionnaire_that_is_none_is_not_found(house):
    refused(house.get("/fhir/Questionnaire/cat-9.9.9"), 404, "not-found")


@pytest.mark.parametrize(("method", "path"), [("PUT", "/fhir/Task/x"), ("DELETE", "/fhir/Task"), ("POST", "/fhir/Task"),
                                              ("OPTIONS", "/fhir/Task")])  # fmt: skip
def test_a_method_that_is_not_taken_is_told_with_those_that_are(house, method, path):
    answer = house.call(method, path)

    refused(answer, 405, "not-supported")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("accept", ["application/fhir+xml", "text/html"])
def test_another_form_than_json_is_not_written(house, accept):
    refused(house.get("/fhir/Task", headers={"Accept": accept}), 406, "not-supported")


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": "application/fhir+xml"}, {"Content-Type": ""}, {"Content-Type": JSON, "Content-Encoding": "gzip"},
     {"Content-Type": f"{JSON}; fhirVersion=5.0"}],
    ids=["xml", "none", "gzip", "r5"],
)  # fmt: skip
def test_another_form_than_json_is_not_read(house, headers):
    refused(house.post("/fhir/QuestionnaireResponse", b"{}", headers=headers), 415, "not-supported")


def test_a_form_is_read_where_a_form_belongs_and_nothing_else(house):
    refused(house.post("/fhir/Task/_search", b"{}"), 415, "not-supported")


def test_a_body_up_to_a_quarter_mebibyte_is_looked_at_and_a_larger_one_is_not(house):
    fits, is_too_large = b" " * 262_144, b" " * 262_145

    refused(house.post("/fhir/QuestionnaireResponse", fits), 400, "structure")
    refused(house.post("/fhir/QuestionnaireResponse", is_too_large), 413, "too-long")


@pytest.mark.parametrize("path", ["/fhir/Task", "/fhir/x", "/fhir/QuestionnaireResponse/$validate", "/fhir"])
@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer unknown", "Basic dXNlcjpwYXNz", f"Bearer {'x' * 600}"],
    ids=["none", "scheme", "blank", "unknown", "basic", "long"],
)
def test_nobody_unknown_gets_in(house, path, authorization):
    headers = {"Authorization": authorization} if authorization else {}

    answer = house.get(path, "", headers=headers)

    refused(answer, 401, "login")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="svarbro"'


def test_a_token_in_the_address_is_no_token(house):
    refused(house.get(f"/fhir/Task?access_token={house.one.system_token}", ""), 401, "login")


def test_a_token_that_has_run_out_is_no_token(house):
    house.travel(days=366)

    answer = house.get("/fhir/Task")

    house.travel(days=0)
    refused(answer, 401, "login")


@pytest.mark.parametrize(
    "search",
    [
        "_count=x",
        "_count=-1",
        "_cursor=!",
        "_total=all",
        "patient:identifier=x",
        "patient=2512489996",
        "_id=",
        "_id=%00",
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(house, search):
    answer = house.get(f"/fhir/Task?{search}")

    assert answer.status_code == 400
    OperationOutcome.model_validate_json(answer.content)
    assert answer.json()["issue"][0]["expression"] == [f"http.{search.partition('=')[0]}"]
    assert "251248" not in answer.text


def test_the_callers_number_comes_back(house):
    answer = house.get("/fhir/Task/nobody", headers={"X-Request-Id": "connectathon-7"})

    assert answer.headers["X-Request-Id"] == "connectathon-7"
    assert answer.json()["issue"][0]["diagnostics"] == "Reference connectathon-7"
