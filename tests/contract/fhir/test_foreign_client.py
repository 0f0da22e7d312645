"""A FHIR client that we did not write walks the whole way."""

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome as RefusedError
from fhirpy.base.exceptions import ResourceNotFound

from tests.contract.doors import cat, mmrc
from tests.contract.fhir.searches import ASKED


@pytest.fixture
def client(house):
    return SyncFHIRClient(f"{house.address}/fhir", authorization=f"Bearer {house.one.system_token}")


def test_fhirpy_finds_the_questionnaire_answers_it_and_finds_score_and_suggestion(house, client):
    enrolled = house.enrol()
    statement = client.execute("metadata", method="get")
    found = client.resources("Questionnaire").search(url="https://svarbro.example/fhir/Questionnaire/cat").first()
    tasks = client.resources("Task").search(patient=enrolled.patient_ref, status="requested").fetch_all()

    canonical = f"{found['url']}|{found['version']}"
    (task,) = [task for task in tasks if task["input"][0]["valueCanonical"] == canonical]
    response = client.resource("QuestionnaireResponse", **cat(task["id"], points=2))
    response.save()
    score = client.resources("Observation").search(**{"derived-from": response.to_reference()}).get()
    impressions = client.resources("ClinicalImpression").search(investigation=response.to_reference()).fetch_all()

    assert statement["fhirVersion"] == "4.0.1"
    assert len(tasks) == ASKED
    assert score["valueQuantity"]["value"] == 16
    assert {coding["code"] for coding in score["code"]["coding"]} == {"MCS88137", "catTotal"}
    assert [impression["code"]["coding"][0]["code"] for impression in impressions] == [
        "TriagingResult",
        "ClinicalDecisionSupportResult",
    ]
    assert client.resource("Task", id=task["id"]).to_reference().to_resource()["status"] == "completed"


def test_fhirpy_reads_what_it_wrote_in_the_words_that_it_used(house, client):
    asked = house.asked(house.enrol())
    submitted = mmrc(asked["mmrc"].id, authored="2026-11-20T09:30:00.120+01:00")
    response = client.resource("QuestionnaireResponse", **submitted)

    response.save()
    read = client.get("QuestionnaireResponse", response["id"])

    assert {name: read[name] for name in submitted} == submitted
    assert read["meta"]["versionId"] == "1"


def test_fhirpy_walks_all_pages_and_counts(house, client):
    house.answer_all(house.enrol())

    search = client.resources("Observation").limit(2)

    found = search.fetch_all()
    assert len({observation["id"] for observation in found}) == len(found) == house.counted("score")
    assert client.resources("Observation").count() == len(found)


def test_fhirpy_raises_our_outcome_and_our_not_found(house, client):
    asked = house.asked(house.enrol())
    wrong = cat(asked["cat"].id, points=6)

    with pytest.raises(RefusedError) as refused:
        client.resource("QuestionnaireResponse", **wrong).save()
    with pytest.raises(ResourceNotFound):
        client.get("Task", "0192f3a4-7b1c-7c3d-8e2f-012345678901")

    issues = refused.value.resource["issue"]
    assert issues[0]["expression"] == ["QuestionnaireResponse.item[0].answer[0].valueCoding"]
    assert len(issues) == 8
