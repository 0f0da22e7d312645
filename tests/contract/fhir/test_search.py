"""Reading and searching one patient's records: the right rows, each once, and nobody else's."""

from urllib.parse import urlsplit

import pytest
from fhir.resources.R4B import get_fhir_model_class

from questionnaires.registry import DEFINITIONS
from tests.contract.fhir.searches import ASKED, RECORDS, TYPES, found, ids, tell, walk


@pytest.fixture(scope="module")
def house(shared_house):
    return shared_house


@pytest.fixture(scope="module")
def told(house):
    return tell(house)


@pytest.mark.parametrize("kind", TYPES)
def test_every_resource_is_valid_and_is_read_at_the_address_that_its_search_gives(house, told, kind):
    bundle = found(house, f"/fhir/{kind}")

    assert bundle["entry"]
    for entry in bundle["entry"]:
        read = house.get(urlsplit(entry["fullUrl"]).path)
        assert read.status_code == 200
        assert read.json() == entry["resource"]
        assert read.json()["id"] == entry["fullUrl"].rpartition("/")[2]
        if kind != "QuestionnaireResponse":
            get_fhir_model_class(kind).model_validate_json(read.content)


@pytest.mark.parametrize("kind", RECORDS)
def test_another_clinic_finds_nothing_and_reads_nothing(house, told, kind):
    token = house.other.system_token
    (first, *_rest) = ids(house, f"/fhir/{kind}")

    foreign = house.get(f"/fhir/{kind}/{first}", token)
    unknown = house.get(f"/fhir/{kind}/0192f3a4-7b1c-7c3d-8e2f-012345678901", token)

    assert ids(house, f"/fhir/{kind}", token) == []
    assert ids(house, f"/fhir/{kind}?_id={first}", token) == []
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json()["issue"][0]["details"] == unknown.json()["issue"][0]["details"]


@pytest.mark.parametrize("kind", TYPES)
def test_the_walk_of_pages_gives_each_id_once_in_order(house, told, kind):
    whole = ids(house, f"/fhir/{kind}?_count=100")

    assert walk(house, f"/fhir/{kind}?_count=1") == whole == sorted(whole)
    assert walk(house, f"/fhir/{kind}?_count={len(whole)}") == whole


@pytest.mark.parametrize("kind", TYPES)
def test_a_count_of_nothing_tells_how_many_there_are(house, told, kind):
    bundle = found(house, f"/fhir/{kind}?_count=0")

    assert bundle["total"] == len(ids(house, f"/fhir/{kind}?_count=100"))
    assert "entry" not in bundle


def test_a_total_is_given_on_demand_only_and_kept_on_the_next_page(house, told):
    assert "total" not in found(house, "/fhir/Task")

    first = found(house, "/fhir/Task?_count=2&_total=accurate")
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")

    assert first["total"] == found(house, following.removeprefix(house.address))["total"] == ASKED


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ("Task?status=completed", ASKED),
        ("Task?status=requested", 0),
        ("Task?status=requested,completed", ASKED),
        ("Task?status=unheard-of", 0),
        ("QuestionnaireResponse?status=completed", ASKED),
        ("QuestionnaireResponse?status=amended", 0),
        ("QuestionnaireResponse?questionnaire=https://svarbro.example/fhir/Questionnaire/cat", 1),
        ("QuestionnaireResponse?questionnaire=https://svarbro.example/fhir/Questionnaire/cat|2.0.0", 1),
        ("QuestionnaireResponse?questionnaire=https://svarbro.example/fhir/Questionnaire/cat|1.0.0", 0),
        ("Observation?code=MCS88137", 1),
        ("Observation?code=urn:oid:1.2.208.184.100.8|MCS88137", 1),
        ("Observation?code=catTotal", 1),
        ("Observation?code=unheard-of", 0),
        ("Observation?code=catTotal&status=final", 1),
        ("Observation?code=catTotal&status=amended", 0),
        ("ClinicalImpression?code=MeasurementAssessment", 1),
        ("ClinicalImpression?code=TriagingResult", ASKED),
        ("ClinicalImpression?code=TriagingResult,MeasurementAssessment", ASKED + 1),
        ("ClinicalImpression?code=unheard-of", 0),
        ("ClinicalImpression?status=in-progress", 2 * (ASKED - 1)),
        ("ClinicalImpression?status=completed", 3),
        ("ClinicalImpression?status=draft", 0),
        ("CarePlan?status=active", 1),
        ("CarePlan?status=completed", 0),
        ("Questionnaire?url=https://svarbro.example/fhir/Questionnaire/cat", 1),
        ("Questionnaire?url=https://svarbro.example/fhir/Questionnaire/cat&version=1.0.0", 0),
        ("Questionnaire?title=cat", 1),
        ("Questionnaire?title=din kol", 0),
        ("Questionnaire?name=COPD", 1),
        ("PlanDefinition?url=https://svarbro.example/fhir/PlanDefinition/kol&version=2.0.0", 1),
        ("PlanDefinition?url=https://svarbro.example/fhir/PlanDefinition/kol&version=1.0.0", 0),
        ("PlanDefinition?title=kol&version=2.0.0&_id=kol-2.0.0", 1),
        ("PlanDefinition?name=kol&status=draft&_id=kol-2.0.0", 1),
        ("PlanDefinition?name=lænd", 0),
        ("Questionnaire?status=active&_count=50", len(list(DEFINITIONS.glob("*.json")))),
        ("Questionnaire?status=draft", 0),
        ("Questionnaire?_id=cat-2.0.0,mmrc-2.0.0", 2),
    ],
)
def test_a_search_finds_what_it_names(house, told, search, count):
    assert len(ids(house, f"/fhir/{search}")) == count


def test_a_response_is_found_by_its_request_and_leads_to_score_suggestions_and_decision(house, told):
    _enrolled, responses, decision = told
    response = responses["mmrc"]
    request_id = house.get(f"/fhir/QuestionnaireResponse/{response}").json()["basedOn"][0]["reference"]

    scores = ids(house, f"/fhir/Observation?derived-from=QuestionnaireResponse/{response}")
    impressions = ids(house, f"/fhir/ClinicalImpression?investigation={response}")
    first_on = ids(house, f"/fhir/ClinicalImpression?investigation={responses['kol-status']}&code=TriagingResult")

    assert ids(house, f"/fhir/QuestionnaireResponse?based-on={request_id}") == [response]
    assert len(scores) == 2
    assert decision["id"] in impressions
    assert set(impressions) < set(ids(house, "/fhir/ClinicalImpression"))
    assert len(first_on) == ASKED
    assert ids(house, f"/fhir/ClinicalImpression?investigation={response}&_id={first_on[0]}") == []
    assert ids(house, "/fhir/ClinicalImpression?investigation=QuestionnaireResponse/nobody") == []


def test_a_search_by_form_finds_the_same(house, told):
    enrolled, *_rest = told
    form = {"patient": enrolled.patient_ref, "_count": "2"}

    answer = house.call("POST", "/fhir/Task/_search?status=completed", data=form)

    assert answer.status_code == 200
    assert len(answer.json()["entry"]) == 2
    assert walk(house, f"/fhir/Task?patient={enrolled.patient_ref}&_count=2") == walk(house, "/fhir/Task")


def test_the_self_link_tells_what_was_understood(house, told):
    bundle = found(house, "/fhir/Task?status=completed&colour=red&_format=json")

    assert bundle["link"][0] == {"relation": "self", "url": f"{house.address}/fhir/Task?status=completed"}


def test_who_is_strict_is_told_of_an_unknown_parameter(house):
    answer = house.get("/fhir/Task?colour=red", headers={"Prefer": "handling=strict"})

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == ["http.colour"]


@pytest.mark.parametrize("kind", TYPES)
def test_what_the_caller_holds_already_is_not_sent_again(house, told, kind):
    (first, *_rest) = ids(house, f"/fhir/{kind}")
    tag = house.get(f"/fhir/{kind}/{first}").headers["ETag"]

    again = house.get(f"/fhir/{kind}/{first}", headers={"If-None-Match": tag})
    other = house.get(f"/fhir/{kind}/{first}", headers={"If-None-Match": 'W/"other"'})

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_a_decision_is_a_record_of_its_own_that_names_suggestion_clinician_and_level(house, told):
    _enrolled, _responses, decision = told

    impression = house.get(f"/fhir/ClinicalImpression/{decision['id']}").json()

    codes = [coding["code"] for coding in impression["finding"][0]["itemCodeableConcept"]["coding"]]
    assert impression["code"]["coding"][0]["code"] == "MeasurementAssessment"
    assert impression["previous"]["reference"] == f"ClinicalImpression/{decision['suggestionId']}"
    assert impression["assessor"]["display"] == "Lise Holm, læge"
    assert codes == ["yellow", "YELLOW"]
    assert impression["note"][0]["text"] == "Skal ses."
    assert [e["valueInteger"] for e in impression["extension"] if "valueInteger" in e] == [2]


def test_a_suggestion_names_table_inputs_and_matched_rows(house, told):
    *_rest, decision = told

    impression = house.get(f"/fhir/ClinicalImpression/{decision['suggestionId']}").json()

    (context,) = impression["contained"]
    named = {parameter["name"]: parameter for parameter in context["parameter"]}
    assert impression["protocol"] == ["https://svarbro.example/fhir/Library/alert-kol|2.0.0"]
    assert named["library"]["valueCanonical"] == impression["protocol"][0]
    assert len(named["sha256"]["valueString"]) == 64
    assert named["phase"]["valueCode"] == "start"
    assert len(impression["investigation"][0]["item"]) == 3
    assert len(impression["finding"]) >= 2
    assert impression["summary"]


def test_every_look_leaves_an_audit_row(house, told):
    enrolled, responses, _decision = told
    before = house.counted("audit_event")

    house.get(f"/fhir/QuestionnaireResponse/{responses['cat']}")
    house.get(f"/fhir/Observation?patient={enrolled.patient_ref}")
    house.get("/fhir/Questionnaire/cat-2.0.0")

    assert house.counted("audit_event") == before + 2


def test_who_may_not_read_reads_nothing(house, told):
    for path in ("/fhir/Task", f"/fhir/Task/{ids(house, '/fhir/Task')[0]}"):
        answer = house.get(path, house.one.admin_token)

        assert answer.status_code == 403
        assert answer.json()["issue"][0]["code"] == "forbidden"
