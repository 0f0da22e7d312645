"""Searching while things change: other patients, new rows, new answers, time."""

import pytest

from tests.contract.doors import cat
from tests.contract.fhir.searches import RECORDS, found, ids, tell, walk


@pytest.fixture
def told(house):
    return tell(house)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_search_by_patient_finds_this_patient_only(house, told, kind):
    enrolled, *_rest = told
    somebody = house.enrol(person=1)
    of_all = ids(house, f"/fhir/{kind}?_count=100")

    of_one = ids(house, f"/fhir/{kind}?patient={enrolled.patient_ref}&_count=100")
    of_somebody = ids(house, f"/fhir/{kind}?subject=Patient/{somebody.patient_ref}&_count=100")

    assert sorted(of_one + of_somebody) == sorted(of_all)
    assert not set(of_one) & set(of_somebody)


def test_rows_that_come_while_the_pages_are_walked_disturb_no_page(house, told):
    first = found(house, "/fhir/Task?_count=2")
    house.enrol(person=1)

    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    rest = walk(house, following.removeprefix(house.address))

    walked = [entry["resource"]["id"] for entry in first["entry"]] + rest
    assert len(walked) == len(set(walked)) == 6


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
    house.services.use_cases.expire()

    tasks = found(house, f"/fhir/Task?patient={enrolled.patient_ref}&status=failed")["entry"]

    assert len(tasks) == 3
    assert tasks[0]["resource"]["statusReason"]["coding"][0]["code"] == "expired"
