"""`$validate`: a response alone or in Parameters; 200 whatever is found, and nothing is filed."""

import json

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from tests.contract.doors import cat

PATH = "/fhir/QuestionnaireResponse/$validate"


@pytest.fixture(scope="module")
def house(shared_house):
    return shared_house


def refused(answer, status):
    assert answer.status_code == status, answer.text
    OperationOutcome.model_validate_json(answer.content)
    issues = answer.json()["issue"]
    return [{name: value for name, value in issue.items() if name != "diagnostics"} for issue in issues]


def wrapped(*parameters):
    return {"resourceType": "Parameters", "parameter": list(parameters)}


def resource(points=1, **other):
    return {"name": "resource", "resource": cat("somebody", points) | other}


def severities(answer):
    return {issue["severity"] for issue in refused(answer, 200)}


def test_a_response_in_parameters_is_checked_as_it_is_alone(house):
    well = house.post(PATH, wrapped({"name": "mode", "valueCode": "create"}, resource()))
    ill = house.post(PATH, wrapped(resource(points=9)))

    assert severities(well) == {"information"}
    assert refused(ill, 200) == refused(house.post(PATH, cat("somebody", 9)), 200)
    assert house.counted("response") == 0


def test_the_response_is_checked_as_it_was_written(house):
    body = json.dumps(wrapped(resource())).replace(
        '"status": "completed"', '"status": "completed", "status": "amended"'
    )

    issues = refused(house.post(PATH, body.encode()), 200)

    assert [issue["details"]["coding"][0]["code"] for issue in issues] == ["duplicate-key"]


@pytest.mark.parametrize("status", ["in-progress", "amended", "entered-in-error", "stopped"])
def test_every_status_of_fhir_is_valid(house, status):
    assert severities(house.post(PATH, cat("somebody") | {"status": status})) == {"information"}


@pytest.mark.parametrize(
    "profile",
    [
        "http://hl7.org/fhir/StructureDefinition/QuestionnaireResponse",
        "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaireresponse",
    ],
)
def test_profiles_that_every_valid_response_conforms_to_may_be_asked_for(house, profile):
    answer = house.post(PATH, wrapped({"name": "profile", "valueUri": profile}, resource()))

    assert severities(answer) == {"information"}


@pytest.mark.parametrize(
    ("parameters", "rule", "expression"),
    [
        pytest.param([], "missing-parameter", "Parameters.parameter", id="no resource"),
        pytest.param([resource(), resource()], "duplicate-parameter", "Parameters.parameter[1]", id="two"),
        pytest.param([{"name": "mood"}], "unknown-parameter", "Parameters.parameter[0].name", id="unknown"),
        pytest.param([7], "unknown-parameter", "Parameters.parameter[0].name", id="no parameter"),
        pytest.param([{"name": "mode"}], "parameter-value", "Parameters.parameter[0]", id="no value"),
        pytest.param(
            [{"name": "profile", "valueUri": "urn:mood"}, resource()],
            "unknown-profile",
            "Parameters.parameter",
            id="another profile",
        ),
        pytest.param(
            [{"name": "profile", "valueInteger": 7}, resource()], "wrong-type", "Parameters.parameter", id="no text"
        ),
    ],
)
def test_parameters_that_are_not_understood_are_named(house, parameters, rule, expression):
    (issue,) = refused(house.post(PATH, wrapped(*parameters)), 400)

    assert issue["details"]["coding"][0]["code"] == rule
    assert issue["expression"] == [expression]


def test_parameters_whose_list_is_no_list_hold_nothing(house):
    (issue,) = refused(house.post(PATH, {"resourceType": "Parameters", "parameter": {"name": "resource"}}), 400)

    assert issue["details"]["coding"][0]["code"] == "missing-parameter"
