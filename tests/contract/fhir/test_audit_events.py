"""AuditEvent: who did what, in the shapes of IHE BALP, for whoever may see it, and never another clinic's."""

from datetime import timedelta

import pytest
from fhir.resources.R4B.auditevent import AuditEvent

from tests.contract.doors import PERSONS
from tests.contract.fhir.searches import found, ids, tell

BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit"


@pytest.fixture
def told(house):
    return tell(house)


def events(house, search, token=None):
    return [
        entry["resource"] for entry in found(house, f"/fhir/AuditEvent?{search}&_count=100", token).get("entry", [])
    ]


def kinds(entries, system):
    return [one["type"]["code"] for one in entries if one["type"]["system"].endswith(system)]


def test_a_decision_and_a_look_are_found_with_who_when_and_why(house, told):
    enrolled, responses, decision = told
    house.get(f"/fhir/QuestionnaireResponse/{responses['cat']}")

    of_patient = events(house, f"patient={enrolled.patient_ref}")

    by_verb = {event["subtype"][-1]["code"]: event for event in of_patient}
    assert {"enrol", "open", "receive", "decide", "read"} <= by_verb.keys()
    decide, read = by_verb["decide"], by_verb["read"]
    assert decide["agent"][2]["who"]["identifier"]["value"] == house.one.doctor.id
    assert decide["entity"][0]["what"]["identifier"]["value"] == f"ClinicalImpression/{decision['id']}"
    assert read["purposeOfEvent"][0]["coding"][1]["code"] == "TREAT"
    assert (read["action"], decide["action"]) == ("R", "C")


def test_each_claims_the_pattern_that_it_has_and_has_what_the_pattern_wants(house, told):
    enrolled, responses, _ = told
    house.get(f"/fhir/QuestionnaireResponse/{responses['cat']}")
    wanted = {"PatientRead": ("R", "read", "110152"), "PatientCreate": ("C", "create", "110153")}

    for event in events(house, f"patient={enrolled.patient_ref}"):
        AuditEvent.model_validate(event)
        for profile in event.get("meta", {}).get("profile", []):
            action, interaction, client = wanted[profile.removeprefix(f"{BALP}.")]
            assert (event["action"], event["subtype"][0]["code"]) == (action, interaction)
            assert event["outcome"] == "0"
            assert event["agent"][0]["type"]["coding"][0]["code"] == client
            assert all("network" in agent and "who" in agent for agent in event["agent"][:2])
            assert kinds(event["entity"], "audit-entity-type") == ["2", "1"]


def test_a_search_names_everybody_it_found_and_claims_no_pattern(house, told):
    enrolled, *_ = told
    ids(house, f"/fhir/Observation?patient={enrolled.patient_ref}")

    search = events(house, f"patient={enrolled.patient_ref}&subtype=search&entity=Observation")[-1]

    assert "profile" not in search.get("meta", {})
    assert (search["action"], search["subtype"][0]["code"]) == ("E", "search-type")


def test_rows_are_found_by_time_and_read_at_their_address(house, told):
    now = house.services.clock.now()
    later = (now + timedelta(days=1)).date().isoformat()

    assert events(house, f"date=gt{later}") == []
    (first, *_rest) = events(house, f"date=le{later}&subtype=decide")
    assert house.get(f"/fhir/AuditEvent/{first['id']}").json() == first


def test_to_look_at_the_audit_is_a_row_of_the_audit(house, told):
    before = house.counted("audit_event")

    (first, *_rest) = events(house, "subtype=decide")
    house.get(f"/fhir/AuditEvent/{first['id']}")

    assert house.counted("audit_event") == before + 2


def test_another_clinic_finds_nothing_and_reads_nothing(house, told):
    enrolled, *_ = told
    (first, *_rest) = events(house, "subtype=decide")
    foreign = house.other.system_token

    assert events(house, f"patient={enrolled.patient_ref}", foreign) == []
    assert house.get(f"/fhir/AuditEvent/{first['id']}", foreign).status_code == 404
    assert house.get("/fhir/AuditEvent/nobody", foreign).status_code == 404


def test_the_clinic_s_administrator_sees_the_audit_and_no_name_or_number_is_in_it(house, told):
    text = house.get("/fhir/AuditEvent?_count=100", house.one.admin_token)

    assert text.status_code == 200
    assert not any(part in text.text for person in PERSONS for part in person)
