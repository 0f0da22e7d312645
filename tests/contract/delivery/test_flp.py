"""The plan target against the real simulator, over real HTTP."""

import json
from datetime import date

import pytest
import requests
from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.clinicalimpression import ClinicalImpression
from fhir.resources.R4B.observation import Observation

from delivery.plans.flp import FlpPlan
from delivery.plans.port import ReportedAction
from kernel.errors import PlanError

COLOUR_WORDS = ("GREEN", "YELLOW", "RED", "grøn", "gul", "rød", "niveau", "score", "MCS88137", "22.9")


def failure(plan, report):
    with pytest.raises(PlanError) as caught:
        plan.report(report)
    for secret in (report.patient.identifier, report.patient.name, "flp-token"):
        assert secret not in str(caught.value)
    return caught.value


def shelf(simulator):
    return simulator.get("/api/plan/enrolment-1")


def sequences(simulator):
    return [version["extension"][0]["valueInteger"] for version in shelf(simulator)["versions"]]


def test_before_a_decision_the_plan_says_that_an_answer_waits_and_nothing_else(simulator, a_report):
    receipt = simulator.plan.report(a_report())

    (plan,) = shelf(simulator)["versions"]
    assert (receipt.reference, receipt.version, receipt.duplicate) == ("CarePlan/enrolment-1", "1", False)
    assert plan["description"] == "Svar modtaget, afventer vurdering"
    (activity,) = plan["activity"]
    assert activity["detail"]["code"]["text"] == "Hverdag med lungesygdom"
    assert activity["detail"]["instantiatesCanonical"] == ["https://svarbro.example/fhir/Questionnaire/cat|2.0.0"]
    assert activity["progress"][0]["time"].startswith("2026-11-20T09:15:00")
    assert shelf(simulator)["resources"] == []
    # Without the moment of writing, whose seconds may look like a score.
    said = json.dumps({name: value for name, value in plan.items() if name != "meta"}, ensure_ascii=False)
    assert not [word for word in COLOUR_WORDS if word in said]


def test_before_any_answer_the_plan_says_that_there_is_none(simulator, a_report):
    simulator.plan.report(a_report(answers=(), awaiting=False))

    (plan,) = shelf(simulator)["versions"]
    assert plan["description"] == "Ingen svar endnu"
    assert "activity" not in plan


def test_the_plan_is_about_the_right_person_at_the_right_clinic(simulator, a_report):
    simulator.plan.report(a_report())

    answer = requests.get(
        f"{simulator.url}/plan/fhir/CarePlan/enrolment-1", headers={"Authorization": "Bearer flp-token"}, timeout=5
    )
    plan = answer.json()
    assert plan["subject"]["identifier"] == {"system": "urn:oid:1.2.208.176.1.2", "value": "2512489996"}
    assert plan["author"]["identifier"] == {"system": "urn:oid:1.2.208.176.1.1", "value": "111111111111111"}
    assert CarePlan.model_validate(plan).id == "enrolment-1"


@pytest.mark.parametrize(
    ("kind", "system"),
    [
        pytest.param("x-ecpr", "urn:oid:1.2.208.176.1.6.1.1", id="x-ecpr"),
        pytest.param("d-ecpr", None, id="d-ecpr has no system that we know"),
    ],
)
def test_a_replacement_number_keeps_its_own_system(simulator, a_report, kind, system):
    patient = type(a_report().patient)("patient-1", "2512481AB6", kind, "Nancy Berggren")
    simulator.plan.report(a_report(patient=patient))

    identifier = shelf(simulator)["versions"][0]["subject"]["identifier"]
    assert identifier.get("system") == system


def test_a_decision_brings_colour_level_scores_and_the_next_date(simulator, a_report, a_decision):
    simulator.plan.report(a_report(1))
    simulator.plan.report(a_report(2, decision=a_decision()))

    held = shelf(simulator)
    impression, cat, danger = held["resources"]
    assert held["versions"][-1]["description"] == "Vurderet 21.11.2026: gul, niveau 2"
    assert held["versions"][-1]["supportingInfo"] == [{"reference": "ClinicalImpression/decision-1"}]
    assert held["versions"][-1]["activity"][-1]["detail"]["scheduledPeriod"] == {"start": "2027-05-21"}
    assert impression["code"]["coding"][0]["code"] == "MeasurementAssessment"
    assert impression["finding"][0]["itemCodeableConcept"]["coding"][0]["code"] == "yellow"
    assert impression["previous"]["identifier"]["value"] == "suggestion-1"
    assert impression["assessor"]["display"] == "Karen Holm"
    assert impression["extension"][0]["valueInteger"] == 2
    assert cat["code"]["coding"] == [{"system": "urn:oid:1.2.208.184.100.8", "code": "MCS88137", "display": "CAT"}]
    assert (cat["valueQuantity"]["value"], cat["interpretation"][0]["text"]) == (22.9, "høj")
    assert danger["valueCodeableConcept"]["text"] == "nej"
    assert ClinicalImpression.model_validate(impression).status == "completed"
    assert all(Observation.model_validate(resource).status == "final" for resource in (cat, danger))


def test_a_decision_brings_what_was_agreed_and_the_patients_own_goal(simulator, a_report, a_decision):
    agreed = (ReportedAction("Spirometri", date(2027, 2, 1)), ReportedAction("Årskontrol"))
    simulator.plan.report(a_report(decision=a_decision(actions=agreed, goal="Gå en tur med hunden.", next_due=None)))

    (plan,) = shelf(simulator)["versions"]
    details = [activity["detail"] for activity in plan["activity"][1:]]
    assert [(one["code"]["text"], one.get("scheduledPeriod")) for one in details] == [
        ("Spirometri", {"end": "2027-02-01"}),
        ("Årskontrol", None),
    ]
    assert plan["contained"][0]["description"]["text"] == "Gå en tur med hunden."
    assert plan["goal"] == [{"reference": "#goal"}]
    assert CarePlan.model_validate(plan)


@pytest.mark.parametrize(
    ("colour", "code", "line"),
    [("GREEN", "green", "grøn"), ("YELLOW", "yellow", "gul"), ("RED", "red", "rød")],
)
def test_each_colour_has_its_code_and_word(simulator, a_report, a_decision, colour, code, line):
    simulator.plan.report(a_report(decision=a_decision(colour=colour, level=None, next_due=None, scores=())))

    held = shelf(simulator)
    assert held["versions"][0]["description"] == f"Vurderet 21.11.2026: {line}"
    assert held["resources"][0]["finding"][0]["itemCodeableConcept"]["coding"][0]["code"] == code
    assert "extension" not in held["resources"][0]
    assert len(held["versions"][0]["activity"]) == 1


def test_a_newer_answer_never_erases_the_decision(simulator, a_report, a_decision):
    simulator.plan.report(a_report(2, decision=a_decision()))
    simulator.plan.report(a_report(3, decision=a_decision(), awaiting=True))

    assert (
        shelf(simulator)["versions"][-1]["description"]
        == "Vurderet 21.11.2026: gul, niveau 2. Nyt svar modtaget, afventer vurdering"
    )


def test_a_score_that_has_neither_value_nor_band_is_said_to_be_absent(simulator, a_report, a_decision):
    score = type(a_decision().scores[0])("exacNow", "Forværring nu", None, None)

    simulator.plan.report(a_report(decision=a_decision(scores=(score,))))

    assert shelf(simulator)["resources"][1]["dataAbsentReason"] == {"text": "ukendt"}


def test_the_same_report_twice_changes_the_plan_once(simulator, a_report):
    simulator.plan.report(a_report())
    again = simulator.plan.report(a_report())

    assert (again.version, again.duplicate) == ("1", True)
    assert sequences(simulator) == [1]


def test_a_plan_never_goes_back_behind_a_newer_report(simulator, a_report):
    simulator.plan.report(a_report(5))
    older = simulator.plan.report(a_report(4))

    assert older.duplicate
    assert sequences(simulator) == [5]


@pytest.mark.parametrize("first", [pytest.param(False, id="no plan yet"), pytest.param(True, id="a plan stands")])
def test_a_plan_that_another_party_changed_is_read_again(simulator, a_report, first):
    if first:
        simulator.plan.report(a_report(1))
    simulator.fail("flp", "conflict")

    receipt = simulator.plan.report(a_report(2))

    versions = shelf(simulator)["versions"]
    assert not receipt.duplicate
    assert versions[-1]["extension"][0]["valueInteger"] == 2
    assert versions[-2]["note"] == [{"text": "Ændret af en anden part (simuleret)"}]


def test_a_second_conflict_in_a_row_waits_for_the_next_attempt(simulator, a_report):
    simulator.fail("flp", "conflict", count=2)

    error = failure(simulator.plan, a_report())

    assert (error.permanent, error.maybe_accepted, error.http_status) == (False, False, 412)
    assert simulator.plan.report(a_report()).duplicate is False


@pytest.mark.parametrize(
    ("behaviour", "maybe_accepted", "written"),
    [
        pytest.param("503", False, False, id="unavailable"),
        pytest.param("429", False, False, id="too many"),
        pytest.param("reset-before", True, False, id="reset before it was written"),
        pytest.param("reset-after", True, True, id="reset after it was written"),
        pytest.param("slow", True, True, id="too slow"),
        pytest.param("broken-json", True, True, id="broken answer"),
    ],
)
def test_every_fault_is_sorted_and_the_next_attempt_is_effectively_once(
    simulator, a_report, behaviour, maybe_accepted, written
):
    simulator.fail("flp", behaviour, seconds=4)

    error = failure(simulator.plan, a_report())
    written_before = bool(shelf(simulator)["versions"])
    receipt = simulator.plan.report(a_report())

    assert (error.permanent, error.maybe_accepted) == (False, maybe_accepted)
    assert written_before is written
    assert receipt.duplicate is written
    assert sequences(simulator) == [1]


def test_nobody_listening_means_that_nothing_was_written(a_report):
    error = failure(FlpPlan("http://127.0.0.1:9", "flp-token", timeout_s=0.5), a_report())

    assert (error.permanent, error.maybe_accepted) == (False, False)


def test_a_wrong_token_is_tried_again_when_it_is_renewed(simulator, a_report):
    error = failure(FlpPlan(simulator.url, "wrong", timeout_s=2), a_report())

    assert (error.permanent, error.http_status) == (False, 401)


def test_the_transmission_names_its_key(simulator, a_report):
    simulator.plan.report(a_report())

    assert simulator.get("/api/received")["flp"]["keys"] == {"report-1": {"raw": 1, "accepted": 1}}


OTHERS_PLAN = '{"resourceType": "CarePlan", "id": "enrolment-1", "extension": [{"url": "http://other.example"}]}'
ETAG = {"ETag": 'W/"4"'}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param("{", ETAG, id="no json"),
        pytest.param("[]", ETAG, id="no object"),
        pytest.param('{"resourceType": "Patient"}', ETAG, id="another resource"),
        pytest.param(OTHERS_PLAN, {}, id="no etag"),
    ],
)
def test_a_plan_that_cannot_be_read_is_not_written_over(answering, a_report, body, headers):
    url = answering(GET=(body, 200, headers), POST=("written", 500, {}))

    error = failure(FlpPlan(url, "flp-token", timeout_s=2), a_report())

    assert (error.permanent, error.maybe_accepted, error.http_status) == (False, False, None)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{", id="no json"),
        pytest.param('{"resourceType": "OperationOutcome"}', id="another resource"),
        pytest.param('{"resourceType": "Bundle"}', id="no entry"),
        pytest.param('{"resourceType": "Bundle", "entry": [{"response": {"status": "200"}}]}', id="no etag"),
    ],
)
def test_an_answer_that_does_not_name_the_version_may_still_have_written(answering, a_report, body):
    url = answering(GET=(OTHERS_PLAN, 200, ETAG), POST=(body, 200, {}))

    error = failure(FlpPlan(url, "flp-token", timeout_s=2), a_report())

    assert (error.permanent, error.maybe_accepted) == (False, True)


def test_a_report_that_breaks_the_plans_rules_is_refused_for_good(answering, a_report):
    url = answering(GET=(OTHERS_PLAN, 200, ETAG), POST=("{}", 422, {}))

    error = failure(FlpPlan(url, "flp-token", timeout_s=2), a_report())

    assert (error.permanent, error.maybe_accepted, error.http_status) == (True, False, 422)
