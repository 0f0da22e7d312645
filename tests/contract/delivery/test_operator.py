"""The operator's webhook, checked by a library that we did not write: signed, the same id at each attempt, ids only."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, Response, request
from standardwebhooks import Webhook

from delivery.escalation import Why
from delivery.operator_alarm import OperatorAlarm, RefusedReport
from delivery.outbox import MessageKind
from delivery.plans.operator_webhook import OperatorWebhook
from kernel.errors import PlanError
from kernel.ids import ClinicId, EnrolmentId, MessageId
from tests.fakes import FakeClock
from tests.serving import served

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
SINCE = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
REFUSED = RefusedReport(MessageId("message-1"), "lps-inbox", MessageKind.INBOX_ANSWER)


@dataclass
class AlarmDesk:
    """An operator's alarm system that answers as told."""

    answers: list[int] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def take(self) -> Response:
        self.headers.append(dict(request.headers))
        self.taken.append(Webhook(SECRET).verify(request.get_data(), dict(request.headers)))
        return Response(status=self.answers.pop(0) if self.answers else 204)


@pytest.fixture
def desk():
    return AlarmDesk()


@pytest.fixture
def operator(desk):
    app = Flask("alarm-desk")
    app.add_url_rule("/alarms/svarbro", view_func=desk.take, methods=["POST"])
    with served(app) as url:
        yield OperatorWebhook(f"{url}/alarms/svarbro", SECRET, FakeClock(datetime.now(UTC)), timeout_s=2)


def alarm(**others):
    values = {"red_since": SINCE, "red_why": Why.NOT_DECIDED, "refused": (REFUSED,)}
    return OperatorAlarm(MessageId("alarm-1"), ClinicId("clinic-1"), EnrolmentId("enrolment-1"), **{**values, **others})


def test_an_alarm_holds_ids_and_reasons_and_nothing_else(desk, operator):
    assert operator.tell(alarm()) == "alarm-1"

    (told,) = desk.taken
    assert told.pop("timestamp")
    assert told == {
        "type": "svarbro.attention",
        "data": {
            "clinicId": "clinic-1",
            "enrolmentId": "enrolment-1",
            "unhandled": {"since": "2026-11-20T07:00:00.000Z", "why": "not-decided"},
            "refused": [{"messageId": "message-1", "target": "lps-inbox", "kind": "inbox-answer"}],
        },
    }
    assert "Authorization" not in desk.headers[0]


def test_what_there_is_not_is_told_as_nothing(desk, operator):
    operator.tell(alarm(red_since=None, red_why=None, refused=()))

    assert desk.taken[0]["data"] | {"clinicId": "", "enrolmentId": ""} == {
        "clinicId": "", "enrolmentId": "", "unhandled": None, "refused": [],
    }  # fmt: skip


def test_every_attempt_has_the_same_id(desk, operator):
    desk.answers = [503]
    with pytest.raises(PlanError):
        operator.tell(alarm())
    operator.tell(alarm())

    assert [headers["Webhook-Id"] for headers in desk.headers] == ["alarm-1", "alarm-1"]


@pytest.mark.parametrize(("status", "permanent"), [(400, True), (404, True), (429, False), (500, False), (302, False)])
def test_a_refusal_is_sorted_into_permanent_and_try_again(desk, operator, status, permanent):
    desk.answers = [status]

    with pytest.raises(PlanError) as caught:
        operator.tell(alarm())
    assert caught.value.permanent is permanent
    assert "alarms" not in str(caught.value)
