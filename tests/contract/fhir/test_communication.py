"""What left for a patient or about one, and who did what: Communication and Provenance."""

import json
from datetime import UTC, datetime

import pytest

from security.actor import Actor, Role
from tests.contract.doors import FHIR_JSON, PERSONS, cat, receipt_event
from tests.contract.fhir.searches import ASKED, found, ids, tell
from tests.stored import store_taken


@pytest.fixture
def told(house):
    return tell(house)


def of_patient(house, kind, enrolled, more=""):
    bundle = found(house, f"/fhir/{kind}?patient={enrolled.patient_ref}&_count=100{more}")
    return [entry["resource"] for entry in bundle.get("entry", [])]


def invitation(house, enrolled):
    (one,) = of_patient(house, "Communication", enrolled, "&medium=webpatient")
    return one


def target_of(provenance):
    return provenance["target"][0]["reference"]


def test_an_invitation_tells_whom_it_asks_for_what_and_by_which_channel_and_never_what_it_says(house):
    enrolled = house.enrol()

    one = invitation(house, enrolled)

    assert (one["status"], one["medium"][0]["coding"][0]["code"]) == ("preparation", "webpatient")
    assert one["recipient"] == [{"reference": f"Patient/{enrolled.patient_ref}"}]
    assert one["reasonCode"][0]["coding"][0]["code"] == "invitation"
    tasks = {about["reference"] for about in one["about"] if about["reference"].startswith("Task/")}
    assert tasks == {f"Task/{request.id}" for request in house.asked(enrolled).values()}
    assert not {"payload", "sent", "received"} & one.keys()
    assert PERSONS[0][1] not in str(one)


def test_an_invitation_that_an_answer_made_needless_was_not_sent(house, told):
    enrolled, *_rest = told

    assert invitation(house, enrolled)["status"] == "not-done"


def test_when_it_was_sent_and_received_is_told_once_it_is_known(house):
    enrolled = house.enrol()
    message = invitation(house, enrolled)
    store_taken(house.services.store, message["id"], datetime(2026, 11, 20, 9, tzinfo=UTC))

    sent = invitation(house, enrolled)
    house.webhook(receipt_event(message["id"], "notified", at="2026-11-20T09:00:10Z"))
    house.webhook(receipt_event(message["id"], "opened", at="2026-11-20T09:05:00Z"))
    opened = invitation(house, enrolled)

    assert (sent["status"], sent["sent"][:19]) == ("completed", "2026-11-20T09:00:00")
    assert "received" not in sent
    assert opened["received"][:19] == "2026-11-20T09:05:00"
    assert [one["coding"][0]["code"] for one in opened["reasonCode"]] == ["invitation", "notified", "opened"]


def test_a_report_names_its_target_and_what_it_tells_of(house, told):
    enrolled, responses, decision = told

    about = {
        reference["reference"]: one
        for one in of_patient(house, "Communication", enrolled)
        for reference in one["about"]
        if not one["recipient"][0].get("reference")
    }

    assert about[f"ClinicalImpression/{decision['id']}"]["recipient"][0]["identifier"]["value"]
    assert set(about) > {f"CarePlan/{enrolled.enrolment_id}"}
    assert any(f"QuestionnaireResponse/{response_id}" in about for response_id in responses.values())


def test_a_search_by_status_finds_it(house):
    enrolled = house.enrol()

    assert ids(house, "/fhir/Communication?status=preparation") == [invitation(house, enrolled)["id"]]
    assert ids(house, "/fhir/Communication?status=completed,unheard-of") == []


def test_an_answer_has_the_patient_as_author_and_the_system_that_brought_it(house, told):
    _enrolled, responses, _decision = told
    (read,) = ids(house, f"/fhir/Provenance?target=QuestionnaireResponse/{responses['cat']}")

    provenance = house.get(f"/fhir/Provenance/{read}").json()

    assert target_of(provenance) == f"QuestionnaireResponse/{responses['cat']}/_history/1"
    author, bringer = provenance["agent"]
    assert author["type"]["coding"][0]["code"] == "author"
    assert author["who"]["reference"].startswith("Patient/")
    assert bringer["who"]["identifier"]["value"] == "lps"
    assert provenance["activity"]["coding"][0]["code"] == "CREATE"
    assert "entity" not in provenance


def test_a_decision_has_its_clinician_as_author_and_the_suggestion_as_source(house, told):
    *_rest, decision = told

    provenance = house.get(f"/fhir/Provenance/{decision['id']}").json()

    assert target_of(provenance) == f"ClinicalImpression/{decision['id']}"
    author, custodian = provenance["agent"]
    assert (author["who"]["display"], author["who"]["identifier"]["value"]) == ("Lise Holm, læge", house.one.doctor.id)
    assert custodian["type"]["coding"][0]["code"] == "custodian"
    assert provenance["entity"] == [
        {"role": "source", "what": {"reference": f"ClinicalImpression/{decision['suggestionId']}"}}
    ]
    assert ids(house, f"/fhir/Provenance?target=ClinicalImpression/{decision['id']}") == [decision["id"]]


def test_a_change_has_its_own_provenance_with_the_version_before_and_who_changed_it(house, told):
    enrolled, responses, _decision = told
    path = f"/fhir/QuestionnaireResponse/{responses['cat']}"
    headers = {"If-Match": 'W/"1"', "Content-Type": FHIR_JSON}
    body = cat(None, 5, id=responses["cat"], status="amended")

    assert house.call("PUT", path, house.one.doctor_token, json=body, headers=headers).status_code == 200

    first, second = (
        entry["resource"]
        for entry in found(house, f"/fhir/Provenance?target=QuestionnaireResponse/{responses['cat']}")["entry"]
    )
    assert target_of(first) == f"QuestionnaireResponse/{responses['cat']}/_history/1"
    assert target_of(second) == f"QuestionnaireResponse/{responses['cat']}/_history/2"
    (author,) = second["agent"]
    assert (author["who"]["type"], author["who"]["identifier"]["value"]) == ("Practitioner", house.one.doctor.id)
    assert second["entity"] == [{"role": "revision", "what": {"reference": target_of(first)}}]
    assert len(of_patient(house, "Provenance", enrolled)) == ASKED + 2


def test_an_answer_that_a_patient_wrote_on_the_form_was_brought_by_the_patient(house):
    enrolled = house.enrol()
    request = house.asked(enrolled)["cat"]
    actor = Actor(Role.PATIENT, enrolled.patient_ref, house.one.clinic_id)
    raw = json.dumps(cat(request.id)).encode()
    response_id = house.services.use_cases.receive(actor, raw, via="form").response_id

    _author, bringer = house.get(f"/fhir/Provenance/{response_id}").json()["agent"]

    assert bringer["who"] == {"reference": f"Patient/{enrolled.patient_ref}"}
