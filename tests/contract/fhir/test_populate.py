"""`$populate`: a response begun with what is known and still valid, and with nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from fhir.resources.R4B.parameters import Parameters

from tests.builders import CAT, KOL_STATUS
from tests.contract.doors import PERSONS
from tests.contract.fhir.changes import change, refused

PATH = "/fhir/Questionnaire/cat-2.0.0/$populate"
NUMBER = PERSONS[0][0]
CPR = "urn:oid:1.2.208.176.1.2"
VALID_DAYS = 30
"""For which the tables of KOL take an answer to CAT."""
FROM = "https://svarbro.example/fhir/StructureDefinition/populated-from"


@pytest.fixture
def answered(house):
    enrolled = house.enrol()
    return enrolled, house.answer_all(enrolled, cat_points=3)


def told(answer):
    """Return the response that was begun, and the text of its outcome."""
    assert answer.status_code == 200, answer.text
    Parameters.model_validate_json(answer.content)
    named = {parameter["name"]: parameter["resource"] for parameter in answer.json()["parameter"]}
    assert set(named) == {"response", "issues"}
    return named["response"], named["issues"]["issue"][0]["details"]["text"]


def by_get(house, enrolled, **options):
    return house.get(f"{PATH}?subject=Patient/{enrolled.patient_ref}", **options)


def body(subject, *more):
    return {"resourceType": "Parameters", "parameter": [{"name": "subject", "valueReference": subject}, *more]}


def test_known_answers_are_filled_in_and_each_names_where_it_is_from(house, answered):
    enrolled, ids = answered

    response, text = told(by_get(house, enrolled))

    assert (response["status"], response["questionnaire"]) == ("in-progress", CAT)
    assert response["subject"] == {"reference": f"Patient/{enrolled.patient_ref}"}
    answers = [item["answer"][0] for item in response["item"]]
    assert [answer["valueCoding"]["code"] for answer in answers] == ["3"] * 8
    mark = {"url": FROM, "valueReference": {"reference": f"QuestionnaireResponse/{ids['cat']}/_history/1"}}
    assert all(answer["extension"] == [mark] for answer in answers)
    assert text == "8 of 8 items have a known answer; each names where it is from."
    assert "basedOn" not in response


def test_what_comes_out_is_valid_as_it_is(house, answered):
    response, _ = told(by_get(house, answered[0]))

    outcome = house.post("/fhir/QuestionnaireResponse/$validate", response).json()

    assert [issue["severity"] for issue in outcome["issue"]] == ["information"]


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param(lambda enrolled: {"reference": f"Patient/{enrolled.patient_ref}"}, id="reference"),
        pytest.param(lambda _: {"identifier": {"system": CPR, "value": NUMBER}}, id="identifier"),
    ],
)
@pytest.mark.parametrize("on_type", [False, True], ids=["one", "type"])
def test_the_subject_is_named_in_the_body(house, answered, subject, on_type):
    enrolled, _ = answered
    more = [{"name": "canonical", "valueCanonical": CAT}, {"name": "local", "valueBoolean": True}]
    more.append({"name": "launchContext", "part": [{"name": "name", "valueString": "user"}]})

    path = "/fhir/Questionnaire/$populate" if on_type else PATH
    response, _ = told(house.post(path, body(subject(enrolled), *more)))

    assert len(response["item"]) == 8
    assert NUMBER not in str(response)


def test_the_newest_version_of_an_answer_is_known(house, answered):
    enrolled, ids = answered
    assert change(house, ids["cat"], points=5).status_code == 200

    response, _ = told(by_get(house, enrolled))

    (answer,) = response["item"][0]["answer"]
    assert answer["valueCoding"]["code"] == "5"
    assert answer["extension"][0]["valueReference"]["reference"].endswith("/_history/2")


def test_a_withdrawn_answer_is_not_known(house, answered):
    enrolled, ids = answered
    assert change(house, ids["cat"], status="entered-in-error").status_code == 200

    response, text = told(by_get(house, enrolled))

    assert "item" not in response
    assert text.startswith("0 of 8 ")


@pytest.mark.parametrize(("minutes", "known"), [(-5, 8), (5, 0)], ids=["valid", "too old"])
def test_an_answer_is_known_as_long_as_the_tables_take_it(house, answered, minutes, known):
    enrolled, ids = answered
    authored = house.get(f"/fhir/QuestionnaireResponse/{ids['cat']}").json()["authored"]
    until = datetime.fromisoformat(authored) + timedelta(days=VALID_DAYS, minutes=minutes)
    house.travel(days=(until - datetime.now(UTC)) / timedelta(days=1))

    response, _ = told(by_get(house, enrolled))

    assert len(response.get("item", ())) == known


def test_a_safety_screen_is_never_filled_in(house, answered):
    enrolled, _ = answered
    reference = {"reference": f"Patient/{enrolled.patient_ref}"}

    response, _ = told(
        house.post("/fhir/Questionnaire/$populate", body(reference, {"name": "canonical", "valueUri": KOL_STATUS}))
    )

    assert "item" not in response


def test_what_the_patients_packages_do_not_ask_is_not_known(house, answered):
    enrolled, _ = answered

    response, _ = told(house.get(f"/fhir/Questionnaire/nrs-pain-2.0.0/$populate?subject={enrolled.patient_ref}"))

    assert "item" not in response


def test_it_is_in_the_audit_with_the_patient(house, answered):
    enrolled, _ = answered
    by_get(house, enrolled)

    patients = house.value(
        "SELECT patients FROM audit_event WHERE action = 'populate' AND entity = 'Questionnaire/cat-2.0.0' "
        f"AND clinic_id = '{house.one.clinic_id}'"
    )

    assert enrolled.patient_ref in str(patients)


@pytest.mark.parametrize("subject", [NUMBER, f"Patient/{NUMBER}", f"Patient/{NUMBER[:6]}-{NUMBER[6:]}"])
def test_a_cpr_number_in_an_address_is_refused_and_not_repeated(house, subject):
    answer = house.get(f"{PATH}?subject={subject}")

    refused(answer, 400, "security", "http.subject")
    assert NUMBER[6:] not in answer.text


@pytest.mark.parametrize("query", ["", "?subject=", "?subject=Group/1", "?subject=Patient/"])
def test_a_get_names_a_patient(house, query):
    refused(house.get(f"{PATH}{query}"), 400, "value", "http.subject")


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        pytest.param({"resourceType": "Parameters"}, 400, "required", id="no subject"),
        pytest.param({}, 400, "required", id="no parameters"),
        pytest.param(body({"display": "Nancy"}), 400, "value", id="no reference"),
        pytest.param(body({"reference": 7}), 400, "value", id="no text"),
        pytest.param(body({"identifier": {"value": "123"}}), 400, "value", id="no identifier"),
    ],
)
def test_a_body_that_names_no_patient_is_refused(house, given, status, code):
    refused(house.post(PATH, given), status, code, "Parameters.parameter")


def test_nobody_populates_from_what_is_not_theirs(house, answered):
    enrolled, _ = answered
    known = body({"identifier": {"system": CPR, "value": NUMBER}})

    refused(by_get(house, enrolled, token=house.other.system_token), 404, "not-found", None)
    refused(house.post(PATH, known, house.other.system_token), 404, "not-found", None)
    refused(by_get(house, enrolled, token=house.one.admin_token), 403, "forbidden", None)
    refused(house.post(PATH, known, house.one.admin_token), 403, "forbidden", None)
    refused(by_get(house, enrolled, token=""), 401, "login", None)


def test_a_questionnaire_that_is_not_there_is_not_found(house, answered):
    enrolled, _ = answered
    reference = {"reference": f"Patient/{enrolled.patient_ref}"}

    refused(house.get("/fhir/Questionnaire/mood-1.0.0/$populate?subject=Patient/1"), 404, "not-found", None)
    unnamed = house.post("/fhir/Questionnaire/$populate", body(reference))
    refused(unnamed, 400, "required", "Parameters.parameter")
    unknown = {"name": "canonical", "valueCanonical": "urn:mood|1"}
    refused(
        house.post("/fhir/Questionnaire/$populate", body(reference, unknown)), 422, "not-found", "Parameters.parameter"
    )
