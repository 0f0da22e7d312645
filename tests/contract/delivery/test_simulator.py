"""What the simulator shows to people, and what it does not show to anybody."""

import html
import re

import pytest
import requests

from delivery.simulator.app import danish_date_words, danish_time_words
from tests.contract.delivery.simulated import AUTH, NOON_IN_DENMARK, page

PAGES = ["/", "/phone", "/plan", "/plan/enrolment-1"]


@pytest.fixture
def filled(simulator, an_invitation, a_report, a_decision):
    simulator.channel.send(an_invitation())
    simulator.plan.report(a_report(1))
    simulator.plan.report(a_report(2, decision=a_decision()))
    return simulator


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


def test_times_are_written_in_danish_and_in_danish_time():
    assert danish_time_words(NOON_IN_DENMARK) == "20. november 2026 kl. 12.00"
    assert danish_date_words(NOON_IN_DENMARK.date()) == "20. november 2026"
