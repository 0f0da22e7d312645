"""The simulator's own doors: what it refuses, what it shows, what it keeps, and that it stops."""

import base64
import html
import re
import threading
import time
from datetime import UTC, datetime

import pytest
import requests

from delivery.simulator import AppAccess, SimulatorSettings, create_simulator
from delivery.simulator.app import danish_date_words, danish_time_words
from delivery.simulator.webhook import Webhooks
from kernel.errors import SettingsError

NOON_IN_DENMARK = datetime(2026, 11, 20, 11, tzinfo=UTC)
AUTH = {"Authorization": "Bearer flp-token"}
PAGES = ["/", "/phone", "/plan", "/plan/enrolment-1"]


SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


class RealTime:
    def now(self):
        return datetime.now(UTC)


@pytest.fixture
def filled(simulator, an_invitation, a_report, a_decision):
    simulator.channel.send(an_invitation())
    simulator.plan.report(a_report(1))
    simulator.plan.report(a_report(2, decision=a_decision()))
    return simulator


def page(simulator, path):
    answer = requests.get(simulator.url + path, timeout=5)
    assert answer.status_code == 200
    return answer.text


def test_the_phone_shows_the_message_and_a_button_but_not_the_link(filled):
    text = page(filled, "/phone")

    assert "Lægerne ved Åen beder dig svare på nogle spørgsmål." in text
    assert "Til Nancy Berggren" in text
    assert "Åbn spørgeskema" in text
    assert "secret-token" not in text


def test_opening_the_message_leads_to_the_form_and_tells_svarbro_once(filled):
    filled.inbox.wait_for(2)
    reference = filled.get("/api/phone")["messages"][0]["reference"]

    for _ in range(2):
        answer = requests.post(f"{filled.url}/phone/{reference}/open", allow_redirects=False, timeout=5)
        assert (answer.status_code, answer.headers["Location"]) == (303, "http://127.0.0.1:8080/p/i/secret-token")

    events = filled.inbox.wait_for(3)
    assert [event["data"]["event"] for event in events] == ["accepted", "notified", "opened"]
    assert "Åbn igen" in page(filled, "/phone")


def test_an_empty_simulator_says_so(simulator):
    assert "Ingen beskeder endnu" in page(simulator, "/phone")
    assert "Ingen planer endnu" in page(simulator, "/plan")
    assert "Ingen planer endnu" in page(simulator, "/")
    assert simulator.get("/api/plan/nobody") == {"versions": [], "resources": []}
    assert simulator.get("/api/plans") == {"plans": []}


def test_a_person_reads_the_plan_and_its_history(filled):
    text = page(filled, "/plan/enrolment-1")

    assert "Vurderet 21.11.2026: gul, niveau 2" in text
    assert "Samlet vurdering er gul, niveau 2" in text
    assert "Vurderet af Karen Holm, 21. november 2026 kl. 10.15" in text
    assert re.search(r"CAT-score</dt>\s*<dd>22,9 · høj", text)
    assert "21. maj 2027" in text
    assert "Svar modtaget, afventer vurdering" in text
    assert '"display": "Lægerne ved Åen"' in html.unescape(text)
    assert filled.get("/api/plans") == {"plans": ["enrolment-1"]}


def test_a_plan_that_another_party_made_is_shown_too(simulator):
    body = {"resourceType": "CarePlan", "id": "other", "activity": [{}], "supportingInfo": [{"display": "x"}]}
    assert requests.put(f"{simulator.url}/plan/fhir/CarePlan/other", json=body, headers=AUTH, timeout=5).ok

    assert "Version 1" in page(simulator, "/plan/other")
    assert simulator.get("/api/plan/other")["versions"][0]["id"] == "other"


@pytest.mark.parametrize("path", [*PAGES, "/api/plan/enrolment-1", "/api/phone", "/api/received"])
def test_no_page_and_no_endpoint_without_a_token_shows_a_cpr_number(filled, path):
    text = page(filled, path)

    assert "2512489996" not in text
    assert "251248-9996" not in text
    if "plan" in path:
        assert "251248-xxxx" in text


@pytest.mark.parametrize("path", ["/plan/nobody", "/phone/nobody", "/nowhere"])
def test_what_does_not_exist_is_not_found(simulator, path):
    assert requests.get(simulator.url + path, timeout=5).status_code == 404


@pytest.mark.parametrize("path", ["/phone/WP-none/open", "/api/phone/WP-none/answer"])
def test_a_message_that_does_not_exist_is_not_found(simulator, path):
    assert requests.post(simulator.url + path, json={}, timeout=5).status_code == 404


def test_an_answer_without_its_order_is_refused(filled):
    reference = filled.get("/api/phone")["messages"][0]["reference"]

    answer = requests.post(f"{filled.url}/api/phone/{reference}/answer", json={"orderId": "request-1"}, timeout=5)

    assert answer.status_code == 400


def order(**changes):
    body = {
        "orderId": "k",
        "patient": {"identifier": {"kind": "cpr", "value": "2512489996"}, "name": "Nancy Berggren"},
        "requester": {"sor": "1", "name": "Lægerne ved Åen"},
        "occasion": {"expires": "2026-12-11T09:15:00Z"},
        "forms": [{"orderId": "r", "questionnaire": "u|1", "title": "t"}],
        "notify": {"text": "Svar venligst."},
        "deepLink": "http://127.0.0.1/p/i/x",
    }
    return body | changes


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


PLAN = {"resourceType": "CarePlan", "id": "p", "status": "active", "intent": "plan"}


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
        pytest.param({"target": "letter", "behaviour": "503"}, "target", id="target"),
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

    assert "503, 503" in page(simulator, "/")
    headers = {"Authorization": "Bearer wp-token", "Idempotency-Key": "k"}
    statuses = [
        requests.post(f"{simulator.url}/webpatient/v1/orders", json=order(), headers=headers, timeout=5).status_code
        for _ in range(3)
    ]
    assert statuses == [503, 503, 201]


def test_a_restart_keeps_the_phone_and_the_plans(tmp_path, svarbro_url):
    state_file = tmp_path / "simulator.sqlite"
    headers = {"Authorization": "Bearer wp-token", "Idempotency-Key": "k"}

    first = create_simulator(settings(svarbro_url, state_file))
    first.test_client().post("/webpatient/v1/orders", json=order(), headers=headers)
    first.test_client().put("/plan/fhir/CarePlan/p", json=PLAN, headers=AUTH)
    first.extensions["simulator"].stop()
    second = create_simulator(settings(svarbro_url, state_file))

    client = second.test_client()
    assert [message["key"] for message in got(client, "/api/phone")["messages"]] == ["k"]
    assert got(client, "/api/plans") == {"plans": ["p"]}
    assert client.post("/webpatient/v1/orders", json=order(), headers=headers).get_json()["duplicate"] is True
    assert state_file.stat().st_mode & 0o777 == 0o600
    second.extensions["simulator"].stop()


def got(client, path):
    return client.get(path).get_json()


def settings(svarbro_url, state_file=None, secret=None):
    apps = {"webpatient": AppAccess("wp-token", secret or "whsec_c2VjcmV0")}
    return SimulatorSettings(svarbro_url, apps, "flp-token", "lps-token", state_file, FixedClock())


class FixedClock:
    def now(self):
        return NOON_IN_DENMARK


def test_orders_are_taken_and_the_simulator_stops_while_svarbro_is_away():
    app = create_simulator(settings("http://127.0.0.1:9"))
    headers = {"Authorization": "Bearer wp-token", "Idempotency-Key": "k"}
    began = time.monotonic()

    assert app.test_client().post("/webpatient/v1/orders", json=order(), headers=headers).status_code == 201
    reference = got(app.test_client(), "/api/phone")["messages"][0]["reference"]
    body = {"orderId": "r", "questionnaireResponse": {}}
    answer = app.test_client().post(f"/api/phone/{reference}/answer", json=body)
    app.extensions["simulator"].stop()

    assert answer.status_code == 502
    assert time.monotonic() - began < 2
    assert "receipts" not in [thread.name for thread in threading.enumerate()]


def test_a_connection_is_cut_only_where_the_server_shows_it():
    app = create_simulator(settings("http://127.0.0.1:9"))
    client = app.test_client()
    client.post("/api/faults", json={"target": "webpatient", "behaviour": "reset-before"})

    answer = client.post("/webpatient/v1/orders", json=order(), headers={"Authorization": "Bearer wp-token"})

    assert answer.status_code == 500
    app.extensions["simulator"].stop()


@pytest.mark.parametrize("secret", ["secret", "whsec_", "whsec_!!", "other_c2VjcmV0"])
def test_a_webhook_secret_of_another_form_is_refused_at_the_start(secret):
    with pytest.raises(SettingsError, match="whsec_"):
        create_simulator(settings("http://127.0.0.1:9", secret=secret))


def test_times_are_written_in_danish_and_in_danish_time():
    assert danish_time_words(NOON_IN_DENMARK) == "20. november 2026 kl. 12.00"
    assert danish_date_words(NOON_IN_DENMARK.date()) == "20. november 2026"


def test_an_answer_of_svarbro_that_is_no_json_is_passed_on_as_text(simulator, an_invitation):
    reference = simulator.channel.send(an_invitation()).reference
    simulator.inbox.wait_for(2)
    simulator.inbox.answers, simulator.inbox.refusal = [500], "down for a moment"

    body = {"orderId": "request-1", "questionnaireResponse": {}}
    answer = requests.post(f"{simulator.url}/api/phone/{reference}/answer", json=body, timeout=5)

    assert answer.json() == {"status": 500, "body": "down for a moment"}


def test_a_receipt_that_nobody_takes_is_given_up_and_the_next_one_is_sent(inbox, svarbro_url):
    inbox.answers = [500, 500, 200]
    webhooks = Webhooks(svarbro_url, "webpatient", SECRET, clock=RealTime(), pauses_s=(0.01,))

    webhooks.receipt("k1", "WP-1", "accepted")
    webhooks.receipt("k2", "WP-2", "accepted")

    assert [event["data"]["orderId"] for event in inbox.wait_for(1)] == ["k2"]
    webhooks.stop()
