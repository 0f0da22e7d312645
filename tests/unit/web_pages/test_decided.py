"""The decision form and what became of it: measurements, the patient's goal, and faults beside their fields."""

import json
import re

import pytest

from delivery.recurrence import danish_date
from flow.record import RecordKind
from flow.records import Span
from security.actor import Role
from tests.unit.web_pages.desk import Desk
from web.fhir.impression import decision_impression


@pytest.fixture
def answered(world):
    invited = world.invite()
    world.answer(invited, kol_status_4=True, kol_status_5=True)
    return invited.enrolment_id


@pytest.fixture
def desk(world):
    return Desk(world)


def test_what_was_measured_and_the_goal_stand_with_the_decision_and_the_goal_waits_in_the_form(desk, answered):
    fields = {"measurement__mrc": "3", "measurement__fev1-percent": "62,5", "goal": "Gå en tur med <hunden>."}
    assert desk.decide(answered, colour="RED", **fields).status_code == 303

    page = desk.get(f"/clinic/enrolments/{answered}")

    assert "FEV1 i % af forventet: <strong>62,5</strong>" in page
    assert "<strong>Patientens eget mål:</strong> Gå en tur med <hunden>." in page
    assert 'aria-describedby="goal-hint">Gå en tur med <hunden>.</textarea>' in page
    assert 'name="measurement.mrc" maxlength="12" value=""' in page, "a measurement is not carried on"


def test_systems_read_what_was_measured_as_findings_of_the_decision(world, desk, answered):
    desk.decide(answered, colour="RED", measurement__mrc="3")
    records = world.services.use_cases.records
    criteria = {"code": frozenset({"MeasurementAssessment"})}

    (record,) = records.search(world.staff(Role.CLINICIAN), RecordKind.IMPRESSION, criteria, Span()).records
    findings = json.loads(decision_impression(record))["finding"]

    (measured,) = [one for one in findings if one["itemCodeableConcept"]["coding"][0]["code"] == "mrc"]
    assert measured["basis"] == "3"
    assert measured["itemCodeableConcept"]["coding"][0]["system"].endswith("/CodeSystem/measurement")


def test_a_number_that_cannot_be_is_told_at_its_field_and_all_that_was_written_stays(desk, answered):
    refused = desk.decide(answered, colour="RED", measurement__mrc="7", goal="Gå en tur.")

    assert refused.status_code == 422
    assert '<a href="#measurement.mrc">Skriv et tal, der kan passe' in refused.text
    assert 'name="measurement.mrc" maxlength="12" value="7" aria-invalid="true"' in refused.text
    assert ">Gå en tur.</textarea>" in refused.text


def test_back_pain_asks_for_no_measurements(world, desk):
    invited = world.invite("Sverre Mosebryggeren", "LRS")
    world.answer(invited)

    page = desk.get(f"/clinic/enrolments/{invited.enrolment_id}")

    assert "Dine egne mål" not in page
    assert "Patientens eget mål" in page


def test_the_note_for_the_record_tells_date_score_change_level_and_decision_and_no_number(world, desk, answered):
    desk.decide(answered, colour="RED", level="2", goal="Ring 251248-9996.")

    page = desk.get(f"/clinic/enrolments/{answered}")

    [note] = re.findall(r'aria-describedby="note-text-hint">(.*?)</textarea>', page, re.S)
    lines = note.splitlines()
    today = f"{danish_date(world.services.clock.now()):%d.%m.%Y}"
    assert lines[0] == f"KOL-forløb: svar vurderet {today} af Lise Holm, læge."
    assert lines[1].startswith("Status: Der er brug for, at vi taler sammen snart. ")
    assert "snart. MRC (1-5) 1; CAT i alt 0 (" in lines[1], "what changes are judged in stands first"
    assert "Niveau 2." in lines[2]
    assert lines[3] == "Mål: Ring [nummer fjernet]."
    assert len(note) <= 600


def test_before_a_decision_there_is_no_note(desk, answered):
    assert "note-text" not in desk.get(f"/clinic/enrolments/{answered}")
