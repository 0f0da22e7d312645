"""What the simulator's own doors take and refuse: orders, plans, faults."""

import pytest
import requests

from tests.contract.delivery.simulated import AUTH, PLAN, order, page


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        pytest.param([], 400, "no JSON object", id="not an object"),
        pytest.param(order(orderId="other"), 422, "idempotency key", id="another key"),
        pytest.param(order(patient={}), 422, "patient.identifier.value", id="no patient"),
        pytest.param(order(patient="x"), 422, "patient.identifier.value", id="patient is a text"),
        pytest.param(order(notify={}), 422, "notify.text", id="no text"),
        pytest.param(order(forms="x"), 422, "forms", id="forms is a text"),
        pytest.param(order(forms=[{"orderId": "r"}]), 422, "forms", id="half a form"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_by_name(simulator, body, status, named):
    answer = requests.post(
        f"{simulator.url}/webpatient/v1/orders",
        json=body,
        headers={"Authorization": "Bearer wp-token", "Idempotency-Key": "k"},
        timeout=5,
    )

    assert answer.status_code == status
    assert named in answer.json()["error"]
    assert "2512489996" not in answer.text


def plan_call(simulator, method, path, *, headers=None, **more):
    return requests.request(
        method, f"{simulator.url}/plan/fhir{path}", headers={**AUTH, **(headers or {})}, timeout=5, **more
    )


def test_a_plan_is_written_only_over_the_version_that_was_read(simulator):
    created = plan_call(simulator, "PUT", "/CarePlan/p", json=PLAN, headers={"If-None-Match": "*"})
    again = plan_call(simulator, "PUT", "/CarePlan/p", json=PLAN, headers={"If-None-Match": "*"})
    updated = plan_call(simulator, "PUT", "/CarePlan/p", json=PLAN, headers={"If-Match": 'W/"1"'})
    stale = plan_call(simulator, "PUT", "/CarePlan/p", json=PLAN, headers={"If-Match": 'W/"1"'})
    nothing = plan_call(simulator, "PUT", "/CarePlan/q", json=PLAN | {"id": "q"}, headers={"If-Match": 'W/"1"'})

    statuses = [one.status_code for one in (created, again, updated, stale, nothing)]
    assert statuses == [201, 412, 200, 412, 412]
    assert (created.headers["ETag"], updated.headers["ETag"]) == ('W/"1"', 'W/"2"')
    assert stale.json()["resourceType"] == "OperationOutcome"


def test_the_history_holds_every_version_newest_first(simulator):
    for _ in range(3):
        plan_call(simulator, "PUT", "/CarePlan/p", json=PLAN)

    history = plan_call(simulator, "GET", "/CarePlan/p/_history").json()

    assert [entry["resource"]["meta"]["versionId"] for entry in history["entry"]] == ["3", "2", "1"]


def test_a_transaction_is_written_whole_or_not_at_all(simulator):
    def entry(resource_id, **guard):
        return {
            "resource": PLAN | {"id": resource_id},
            "request": {"method": "PUT", "url": f"CarePlan/{resource_id}", **guard},
        }

    entries = [entry("a"), entry("b", ifMatch='W/"7"')]
    body = {"resourceType": "Bundle", "type": "transaction", "entry": entries}

    answer = plan_call(simulator, "POST", "", json=body)

    assert answer.status_code == 412
    assert simulator.get("/api/plans") == {"plans": []}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([], id="not an object"),
        pytest.param({"resourceType": "Bundle", "type": "batch"}, id="not a transaction"),
        pytest.param({"resourceType": "Bundle", "type": "transaction", "entry": [{}]}, id="an empty entry"),
        pytest.param(
            {
                "resourceType": "Bundle",
                "type": "transaction",
                "entry": [{"resource": PLAN, "request": {"method": "DELETE", "url": "CarePlan/p"}}],
            },
            id="not a PUT",
        ),
        pytest.param(
            {
                "resourceType": "Bundle",
                "type": "transaction",
                "entry": [{"resource": PLAN, "request": {"method": "PUT", "url": "CarePlan/other"}}],
            },
            id="another id",
        ),
    ],
)
def test_a_transaction_that_cannot_be_read_is_refused(simulator, body):
    answer = plan_call(simulator, "POST", "", json=body)

    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (400, "structure")


def test_the_plan_service_knows_only_bearers_of_its_token(simulator):
    answer = requests.get(f"{simulator.url}/plan/fhir/CarePlan/p", timeout=5)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "named"),
    [
        pytest.param(None, "target", id="nothing"),
        pytest.param({"target": "fax", "behaviour": "503"}, "target", id="target"),
        pytest.param({"target": "flp", "behaviour": "rude"}, "behaviour", id="behaviour"),
        pytest.param({"target": "flp", "behaviour": "503", "count": "many"}, "count", id="count is a word"),
        pytest.param({"target": "flp", "behaviour": "503", "count": 0}, "count", id="none"),
        pytest.param({"target": "flp", "behaviour": "503", "count": 1001}, "count", id="too many"),
    ],
)
def test_a_fault_that_cannot_be_ordered_is_refused(simulator, body, named):
    answer = requests.post(f"{simulator.url}/api/faults", json=body, timeout=5)

    assert answer.status_code == 400
    assert named in answer.json()["error"]


def test_faults_are_ordered_on_the_page_and_happen_so_many_times(simulator, an_invitation):
    form = {"target": "webpatient", "behaviour": "503", "count": "2"}
    assert requests.post(f"{simulator.url}/faults", data=form, timeout=5).status_code == 200
    assert requests.post(f"{simulator.url}/faults", data={}, timeout=5).status_code == 400

    requests.post(f"{simulator.url}/faults", data={**form, "target": "minlaege", "count": "40"}, timeout=5)
    shown = page(simulator, "/")
    assert "2 × 503" in shown
    assert "40 × 503" in shown
    headers = {"Authorization": "Bearer wp-token", "Idempotency-Key": "k"}
    statuses = [
        requests.post(f"{simulator.url}/webpatient/v1/orders", json=order(), headers=headers, timeout=5).status_code
        for _ in range(3)
    ]
    assert statuses == [503, 503, 201]


def test_only_a_receiver_that_exists_is_stopped_and_only_so(simulator):
    def posted(target, **body):
        return requests.post(f"{simulator.url}/api/receivers/{target}", json=body, timeout=5).status_code

    assert posted("fax", state="down") == 404
    assert posted("letter", state="gone") == 400
    assert requests.post(f"{simulator.url}/api/receivers/letter", data="x", timeout=5).status_code == 400
