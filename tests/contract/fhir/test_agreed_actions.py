"""What was agreed with a patient is a FHIR Task beside the questionnaires that are asked."""

import pytest
from fhir.resources.R4B.task import Task

from scoring.actions import ActionState
from tests.contract.fhir.searches import ASKED, found, ids, tell, walk

CODES = "https://svarbro.example/fhir/CodeSystem/agreed-action"
ORDERS = (
    {"code": "spirometry", "due": "2099-02-01", "note": "Om morgenen."},
    {"code": "follow-up"},
    {"code": "phone-call"},
    {"code": "vaccination"},
)
STATES = ("requested", "in-progress", "completed", "cancelled")
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def house(shared_house):
    return shared_house


@pytest.fixture(scope="module")
def agreed(house):
    """One patient with four actions, each in another state, and a second one who is asked: enrolment, decision, ids."""
    enrolled, _responses, first = tell(house)
    order = {
        "enrolmentId": enrolled.enrolment_id,
        "suggestionId": first["suggestionId"],
        "colour": "YELLOW",
        "reason": "Aftalt.",
        "actions": ORDERS,
    }
    decided = house.post("/api/v1/decisions", order, house.one.doctor_token, headers=JSON)
    assert decided.status_code == 201, decided.text
    actions = {one["code"]: one["id"] for one in decided.json()["actions"]}
    house.travel(days=1)
    for order, state in zip(ORDERS[1:], STATES[1:], strict=True):
        path = f"/api/v1/actions/{actions[order['code']]}/state"
        assert house.post(path, {"state": state}, house.one.doctor_token, headers=JSON).status_code == 200
    house.travel(days=0)
    house.enrol(person=1)
    return enrolled, decided.json(), actions


def test_it_tells_what_was_agreed_with_whom_by_when_and_why(house, agreed):
    enrolled, decision, actions = agreed

    answer = house.get(f"/fhir/Task/{actions['spirometry']}")
    body = answer.json()

    Task.model_validate_json(answer.content)
    patient = {"reference": f"Patient/{enrolled.patient_ref}"}
    coding = {"system": CODES, "code": "spirometry", "display": "Lungefunktionsmåling (spirometri)"}
    assert answer.status_code == 200
    assert (body["status"], body["intent"]) == ("requested", "plan")
    assert body["code"] == {"coding": [coding], "text": "Lungefunktionsmåling (spirometri)"}
    assert body["for"] == body["focus"] == patient
    assert body["basedOn"] == [{"reference": f"CarePlan/{enrolled.enrolment_id}"}]
    assert body["reasonReference"] == {"reference": f"ClinicalImpression/{decision['id']}"}
    assert body["requester"]["display"] == "Lise Holm, læge"
    assert body["restriction"] == {"period": {"end": "2099-02-01"}}
    assert body["note"] == [{"text": "Om morgenen."}]
    assert body["lastModified"] == body["authoredOn"]


def test_what_was_not_said_is_left_out(house, agreed):
    body = house.get(f"/fhir/Task/{agreed[2]['follow-up']}").json()

    assert not {"restriction", "note", "output", "input"} & body.keys()


def test_its_references_lead_to_the_plan_and_the_decision(house, agreed):
    body = house.get(f"/fhir/Task/{agreed[2]['follow-up']}").json()

    for one in (*body["basedOn"], body["reasonReference"], body["for"]):
        assert house.get(f"/fhir/{one['reference']}").status_code == 200


@pytest.mark.parametrize(("order", "state"), list(zip(ORDERS, STATES, strict=True)), ids=STATES)
def test_it_says_where_it_stands_and_since_when(house, agreed, order, state):
    body = house.get(f"/fhir/Task/{agreed[2][order['code']]}").json()

    assert body["status"] == state
    assert (body["lastModified"] > body["authoredOn"]) == (state != "requested")
    assert body["meta"]["lastUpdated"] == body["lastModified"]


def test_the_states_of_this_test_are_all_there_are():
    assert set(STATES) == set(ActionState)


@pytest.mark.parametrize(
    ("search", "codes", "asked"),
    [
        ("code=spirometry", ["spirometry"], 0),
        (f"code={CODES}|spirometry", ["spirometry"], 0),
        ("code=spirometry,vaccination", ["spirometry", "vaccination"], 0),
        ("code=complete-questionnaire", [], 2 * ASKED),
        ("code=complete-questionnaire,follow-up", ["follow-up"], 2 * ASKED),
        ("code=unheard-of", [], 0),
        ("status=requested", ["spirometry"], ASKED),
        ("status=in-progress", ["follow-up"], 0),
        ("status=completed", ["phone-call"], ASKED),
        ("status=cancelled", ["vaccination"], 0),
        ("status=failed", [], 0),
        ("status=unheard-of", [], 0),
        ("status=requested&code=vaccination", [], 0),
        ("status=cancelled&code=vaccination", ["vaccination"], 0),
        ("authored-on=lt2026-01-01", [], 0),
        ("code=follow-up&_lastUpdated=ge2026-01-01", ["follow-up"], 0),
    ],
)
def test_a_search_finds_both_kinds_by_what_they_share(house, agreed, search, codes, asked):
    actions = agreed[2]

    matching = ids(house, f"/fhir/Task?{search}&_count=100")

    assert [one for one in matching if one in actions.values()] == sorted(actions[code] for code in codes)
    assert len(matching) == len(codes) + asked


def test_a_search_by_time_knows_when_it_was_agreed_from_when_it_was_moved(house, agreed):
    moved = [agreed[2][order["code"]] for order in ORDERS[1:]]
    since = house.get(f"/fhir/Task/{moved[0]}").json()["lastModified"]

    assert ids(house, f"/fhir/Task?_lastUpdated=ge{since}") == sorted(moved)
    assert ids(house, f"/fhir/Task?authored-on=ge{since}") == []


@pytest.mark.parametrize("name", ["patient", "subject"])
def test_a_patients_tasks_are_those_that_were_asked_and_those_that_were_agreed(house, agreed, name):
    enrolled, _decision, actions = agreed

    own = ids(house, f"/fhir/Task?{name}=Patient/{enrolled.patient_ref}&_count=100")

    assert set(actions.values()) < set(own)
    assert len(own) == ASKED + len(ORDERS)


def test_a_search_by_id_finds_one_of_each_kind(house, agreed):
    action = agreed[2]["spirometry"]
    request = ids(house, "/fhir/Task?code=complete-questionnaire")[0]

    assert ids(house, f"/fhir/Task?_id={action},{request}") == sorted([action, request])
    assert ids(house, f"/fhir/Task?_id={action}&code=complete-questionnaire") == []


@pytest.mark.parametrize("count", [1, 2, 3, 5, 100])
def test_the_pages_walk_both_kinds_in_the_order_of_their_ids(house, agreed, count):
    whole = ids(house, "/fhir/Task?_count=100")

    kinds = ["action" if one in agreed[2].values() else "request" for one in whole]
    assert walk(house, f"/fhir/Task?_count={count}") == whole == sorted(whole)
    assert kinds == ["request"] * ASKED + ["action"] * len(ORDERS) + ["request"] * ASKED


def test_the_total_counts_both_kinds(house, agreed):
    assert found(house, "/fhir/Task?_count=0")["total"] == 2 * ASKED + len(ORDERS)
    assert found(house, "/fhir/Task?_count=0&code=spirometry")["total"] == 1


def test_another_clinics_action_is_unknown(house, agreed):
    token, action = house.other.system_token, agreed[2]["spirometry"]

    foreign = house.get(f"/fhir/Task/{action}", token)
    unknown = house.get("/fhir/Task/0192f3a4-7b1c-7c3d-8e2f-012345678901", token)

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json()["resourceType"] == "OperationOutcome"
    assert foreign.json()["issue"][0]["details"] == unknown.json()["issue"][0]["details"]
    for search in (f"_id={action}", "code=spirometry", f"patient={agreed[0].patient_ref}"):
        assert ids(house, f"/fhir/Task?{search}", token) == []


def test_who_may_not_read_reads_no_action(house, agreed):
    assert house.get(f"/fhir/Task/{agreed[2]['spirometry']}", house.one.admin_token).status_code == 403


def test_a_look_at_an_action_leaves_an_audit_row(house, agreed):
    before = house.counted("audit_event")

    house.get(f"/fhir/Task/{agreed[2]['spirometry']}")

    assert house.counted("audit_event") == before + 1
