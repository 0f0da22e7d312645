"""Searching while things change: other patients, new rows, new answers, time."""

import pytest

from tests.contract.doors import cat, kol_status, mmrc
from tests.contract.fhir.searches import ASKED, RECORDS, found, ids, tell, walk

DECLINED = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-declined"}]
}


@pytest.fixture
def told(house):
    return tell(house)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_search_by_patient_finds_this_patient_only(house, told, kind):
    enrolled, *_rest = told
    somebody = house.enrol(person=1)
    of_all = ids(house, f"/fhir/{kind}?_count=100")

    of_one = ids(house, f"/fhir/{kind}?patient={enrolled.patient_ref}&_count=100")
    parameter = "patient" if kind == "Provenance" else "subject"
    of_somebody = ids(house, f"/fhir/{kind}?{parameter}=Patient/{somebody.patient_ref}&_count=100")

    assert sorted(of_one + of_somebody) == sorted(of_all)
    assert not set(of_one) & set(of_somebody)


def test_rows_that_come_while_the_pages_are_walked_disturb_no_page(house, told):
    first = found(house, "/fhir/Task?_count=2")
    house.enrol(person=1)

    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    rest = walk(house, following.removeprefix(house.address))

    walked = [entry["resource"]["id"] for entry in first["entry"]] + rest
    assert len(walked) == len(set(walked)) == 2 * ASKED


def test_a_plan_tells_what_is_asked_planned_suggested_and_decided(house):
    enrolled = house.enrol()
    path = f"/fhir/CarePlan/{enrolled.enrolment_id}"
    asked = house.asked(enrolled)

    before = house.get(path).json()
    house.post("/fhir/QuestionnaireResponse", cat(asked["cat"].id))
    after = house.get(path).json()

    tasks = {activity["reference"]["reference"] for activity in before["activity"] if "reference" in activity}
    assert tasks == {f"Task/{request.id}" for request in asked.values()}
    assert [activity for activity in before["activity"] if "detail" in activity]
    assert before["extension"][0]["valueBoolean"] is False
    assert after["extension"][0]["valueBoolean"] is True
    assert after["supportingInfo"][0]["reference"].startswith("ClinicalImpression/")


def test_a_task_that_ran_out_has_failed_and_says_why(house):
    enrolled = house.enrol()
    house.travel(days=60)
    # A hundred at a time: other tests left patients of theirs in the same database.
    while house.services.use_cases.expire():
        pass

    tasks = found(house, f"/fhir/Task?patient={enrolled.patient_ref}&status=failed")["entry"]

    assert len(tasks) == ASKED
    assert tasks[0]["resource"]["statusReason"]["coding"][0]["code"] == "expired"


def test_a_score_says_whether_it_is_estimated_a_category_or_not_computable(house):
    asked = house.asked(house.enrol())
    status, burden = kol_status(asked["kol-status"].id), cat(asked["cat"].id, points=5)
    status["item"][3]["answer"] = burden["item"][7]["answer"] = [DECLINED]

    for body in (status, burden):
        assert house.post("/fhir/QuestionnaireResponse", body).status_code == 201

    scores = {
        entry["resource"]["code"]["coding"][-1]["code"]: entry["resource"]
        for entry in found(house, "/fhir/Observation")["entry"]
    }
    estimated, absent, category = scores["catTotal"], scores["exacNow"], scores["danger"]
    assert estimated["valueQuantity"]["value"] == 40
    assert [extension["valueBoolean"] for extension in estimated["extension"] if "valueBoolean" in extension] == [True]
    assert estimated["interpretation"][0]["coding"][0]["code"] == "very-high"
    assert [coding["code"] for coding in absent["dataAbsentReason"]["coding"]] == ["unknown", "too-many-missing"]
    assert not {"valueQuantity", "interpretation"} & absent.keys()
    assert category["valueCodeableConcept"]["coding"][0]["code"] == "no"


def test_what_is_not_known_is_said_to_be_missing_and_never_green(house):
    enrolled = house.enrol()
    house.post("/fhir/QuestionnaireResponse", mmrc(house.asked(enrolled)["mmrc"].id))

    (entry,) = found(house, "/fhir/ClinicalImpression?code=TriagingResult")["entry"]

    overall, *rows = entry["resource"]["finding"]
    assert [coding["code"] for coding in overall["itemCodeableConcept"]["coding"]] == ["data-absent", "UNKNOWN"]
    assert any(row["itemCodeableConcept"]["coding"][0]["code"].startswith("unknown:") for row in rows)
    assert entry["resource"]["status"] == "in-progress"
