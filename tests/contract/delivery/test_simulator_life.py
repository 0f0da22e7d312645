"""What the simulator keeps, how it stops, and what it does while Svarbro does not answer."""

import base64
import threading
import time
from datetime import UTC, datetime

import pytest
import requests

from delivery.simulator import AppAccess, SimulatorSettings, create_simulator
from delivery.simulator.webhook import Webhooks
from kernel.errors import SettingsError
from tests.contract.delivery.simulated import AUTH, NOON_IN_DENMARK, PLAN, order

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


class RealTime:
    def now(self):
        return datetime.now(UTC)


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
