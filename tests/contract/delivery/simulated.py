"""What several tests of the simulator post to it, and how they read its pages."""

from datetime import UTC, datetime

import requests

NOON_IN_DENMARK = datetime(2026, 11, 20, 11, tzinfo=UTC)
AUTH = {"Authorization": "Bearer flp-token"}
PLAN = {"resourceType": "CarePlan", "id": "p", "status": "active", "intent": "plan"}


def page(simulator, path):
    answer = requests.get(simulator.url + path, timeout=5)
    assert answer.status_code == 200
    return answer.text


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
