"""How each route is called so that it succeeds for whoever may: its address, query and body, filled with things."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from kernel.ids import new_id
from security.webhooks import sign
from tests.contract.access.callers import Caller
from tests.contract.access.things import NANCY, SVERRE, Things
from tests.contract.doors import FHIR_JSON, House, cat, receipt_event
from tests.contract.fhir.test_enrol import plan
from tests.contract.oauth.launching import STAFF

Body = Callable[[Things], Mapping[str, Any]]
NEXT_MONTH = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011 - any later day will do
TODAY = date.today().isoformat()  # noqa: DTZ011 - the server's own day is within one of it
PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "action_id": "action",
        "candidate_id": "candidate",
        "enrolment_id": "enrolment",
        "message_id": "Communication",
        "response_id": "own-response",
        "unmatched_id": "unmatched-0",
    }
)
"""Part of an address -> the thing that stands there; a FHIR id is that of the type."""
FIXED: Mapping[str, str] = MappingProxyType(
    {"version": "1", "name": "webpatient", "broker": "nobody", "number": "1", "filename": "pages.css", "token": ""}
)
OTHERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "outbox.retry": {"message_id": "refused-by-flp"},
        "outbox.cancel": {"message_id": "refused-by-flp"},
        "unmatched.discard": {"unmatched_id": "unmatched-1"},
        "clinic.print_form": {"enrolment_id": "open-enrolment"},
    }
)
"""Endpoint -> parts whose thing is another."""


GUARDIAN: Mapping[str, str] = MappingProxyType(
    {"identifier": SVERRE[0], "name": SVERRE[1], "relationship": "guardian", "source": "Familieretshusets afgørelse"}
)


def _decision(things: Things) -> Mapping[str, Any]:
    return {"enrolmentId": things["enrolment"], "suggestionId": things["suggestion"]}


def _nothing(_things: Things) -> Mapping[str, Any]:
    return {}


LISTED = {"identifier": "0201609995", "name": "Einer Lauridsen", "diagnosis": "R95", "ownPatient": True}
JSON: Mapping[str, Body] = {
    "actions.change": lambda things: {"state": "in-progress"},
    "candidates.bring": lambda things: {"candidates": [LISTED]},
    "candidates.exclude": lambda things: {"reason": "Ikke nu.", "reviewOn": NEXT_MONTH},
    "candidates.order_one": lambda things: {"despiteExclusion": True},
    "candidates.order_many": lambda things: {"candidates": [things["candidate"]], "despiteExclusion": True},
    "decisions.create": lambda things: {**_decision(things), "colour": "YELLOW", "reason": "Aftalt i dag."},
    "decisions.confirm": _decision,
    "enrolments.create": lambda things: {"identifier": "0201919990", "name": "Else Lauridsen", "package": "KOL"},
    "enrolment-state.set_control_month": lambda things: {"month": 3},
    "enrolment-state.set_state": lambda things: {"state": "active"},
    "launches.prepare": lambda things: {"identifier": NANCY[0], "staff": STAFF},
    "orders.before": lambda things: {"date": NEXT_MONTH},
    "orders.after": lambda things: {"date": TODAY},
    "orders.ask": lambda things: {"when": "send-now"},
    "outbox.cancel": lambda things: {"reason": "Ordnet."},
    "outbox.retry": _nothing,
    "patients.keep": lambda things: {"source": "lps", "appointments": []},
    "patients.report": lambda things: {"source": "cpr", "statuses": []},
    "unmatched.assign": lambda things: {"requestId": things["mmrc-request"]},
    "unmatched.discard": lambda things: {"reason": "Ikke vores."},
}
FHIR: Mapping[str, Body] = {
    "fhir.create-CarePlan": lambda things: plan(),
    "fhir.create-QuestionnaireResponse": lambda things: cat(
        things["cat-request"], authored="2026-11-20T09:30:00+01:00"
    ),
    "fhir.extract-QuestionnaireResponse-POST": lambda things: cat(None),
    "fhir.extract-QuestionnaireResponse-one-POST": _nothing,
    "fhir.validate-QuestionnaireResponse-POST": lambda things: cat(None),
    "fhir.populate-Questionnaire-POST": lambda things: _subject(things, canonical=True),
    "fhir.populate-Questionnaire-one-POST": lambda things: _subject(things, canonical=False),
    "fhir.update-QuestionnaireResponse": lambda things: cat(
        None, 5, id=things["QuestionnaireResponse"], status="amended"
    ),
}


class Upload(BytesIO):
    """A file of a form; whichever it is, it is written alike."""

    def __repr__(self) -> str:
        return "a file"


LIST = b"identifier;name;diagnosis;own_patient\n0201609995;Einer Lauridsen;R95;ja\n"


FORMS: Mapping[str, Body] = {
    "clinic.arrange_delivery": lambda things: {"person": "", "minutes": "90"},
    "clinic.arrange_hours": lambda things: {"do": "close", "first": NEXT_MONTH},
    "clinic.arrange_outbox": lambda things: {"message": things["refused-by-flp"], "do": "retry"},
    "clinic.arrange_staff": lambda things: {"sign-out": "nobody"},
    "clinic.bring_candidates": lambda things: {"list": (Upload(LIST), "list.csv")},
    "clinic.assess_candidates": lambda things: {"candidate": things["candidate"], "do": "order"},
    "clinic.ask": lambda things: {"when": "send-now"},
    "clinic.change_programme": lambda things: {"do": "month", "month": "3"},
    "clinic.change_related": lambda things: GUARDIAN,
    "clinic.decide_case": lambda things: {"suggestion": things["suggestion"], "colour": "YELLOW", "reason": "Aftalt."},
    "clinic.end_sessions": lambda things: {"session": "one that nobody has"},
    "clinic.handle_refused": lambda things: {"message": things["refused-by-lps-inbox"]},
    "clinic.handle_work": lambda things: {"patient": things["Patient"], "do": "assign"},
    "clinic.change_cover": lambda things: {"person": things["away"], "stands_in": things["here"], "do": "pass"},
    "clinic.postpone": lambda things: {"expected": "YELLOW", "until": TODAY, "reason": "Ferie."},
    "clinic.release": lambda things: {"decision": things["decision"]},
    "clinic.move": lambda things: {"action": things["action"], "state": "in-progress"},
    "clinic.sign_out": _nothing,
    "clinic.sort_unmatched": lambda things: {"unmatched": things["unmatched-2"], "reason": "Ikke vores."},
    "clinic.take_call": lambda things: {"occasion": things["open-occasion"], "do": "fill"},
    "leave.take": lambda things: {"choice": "once"},
    "manner.choose": lambda things: {"mode": "PHONE", "answerer": "Patient"},
    "patient.answer": lambda things: {"answer": "true"},
    "patient.send": _nothing,
}
QUERIES: Mapping[str, Body] = {
    "fhir.populate-Questionnaire-one-GET": lambda things: {"subject": f"Patient/{things['Patient']}"},
}
OF_A_BROWSER = ("citizen", "clinic", "leave", "manner", "patient")
"""Blueprints whose forms carry the browser's token."""
SAME_REFERENCE = "01920000-0000-7000-8000-000000000000"
"""Of every call, so that two answers differ by nothing but what they say."""


def _subject(things: Things, *, canonical: bool) -> Mapping[str, Any]:
    named = (
        [{"name": "canonical", "valueUri": "https://svarbro.example/fhir/Questionnaire/cat|2.0.0"}] if canonical else []
    )
    subject = {"name": "subject", "valueReference": {"reference": f"Patient/{things['Patient']}"}}
    return {"resourceType": "Parameters", "parameter": [subject, *named]}


@dataclass(frozen=True)
class Call:
    """One request, ready to be made by anybody."""

    method: str
    address: str
    endpoint: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Mapping[str, Any] = b""


def names_a_thing(rule: Rule, things: Things) -> bool:
    """Tell whether a call of a route names something that one clinic has and another has not."""
    marked = {name: value if name in FIXED else f"<{name}>" for name, value in things.items()}
    call = call_of(rule, method_of(rule), marked)
    return "%3C" in call.address or "<" in call.address or "<" in str(call.body)


def method_of(rule: Rule) -> str:
    """Return the one method of a route."""
    (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method


def call_of(rule: Rule, method: str, things: Things) -> Call:
    """Fill a route with things."""
    values = {
        part: things[_thing(rule, part)] if _thing(rule, part) in things else FIXED[part] for part in rule.arguments
    }
    address = str(rule.rule)
    for part in rule.arguments:
        address = address.replace(f"<int:{part}>", values[part]).replace(f"<path:{part}>", values[part])
        address = address.replace(f"<{part}>", values[part])
    query = _query(rule.endpoint, things)
    headers, body = _body(rule.endpoint, things)
    return Call(method, f"{address}?{urlencode(query)}" if query else address, rule.endpoint, headers, body)


def _thing(rule: Rule, part: str) -> str:
    other = OTHERS.get(rule.endpoint, {}).get(part)
    if part == "record_id":
        return rule.rule.split("/")[2]
    return other or PARAMETERS.get(part, part)


def _query(endpoint: str, things: Things) -> Mapping[str, Any]:
    if endpoint.startswith("fhir.search-") and not endpoint.startswith("fhir.search-by-form"):
        kind = endpoint.removeprefix("fhir.search-")
        return {"_id": things[kind]}
    return QUERIES.get(endpoint, _nothing)(things)


def _body(endpoint: str, things: Things) -> tuple[Mapping[str, str], bytes | Mapping[str, Any]]:
    if endpoint in JSON:
        return {"Content-Type": "application/json"}, json.dumps(JSON[endpoint](things)).encode()
    if endpoint in FHIR:
        version = {"If-Match": 'W/"1"'} if endpoint.startswith("fhir.update") else {}
        return {"Content-Type": FHIR_JSON, **version}, json.dumps(FHIR[endpoint](things)).encode()
    if endpoint.startswith("fhir.search-by-form-"):
        return {}, {"_id": things[endpoint.removeprefix("fhir.search-by-form-")]}
    return {}, FORMS[endpoint](things) if endpoint in FORMS else b""


def made(house: House, caller: Caller, call: Call, things: Things) -> TestResponse:
    """Make a call with everything that the caller holds."""
    headers = {**call.headers, "X-Request-Id": SAME_REFERENCE}
    if caller.bearer and call.endpoint != "oauth.token":
        headers["Authorization"] = f"Bearer {caller.bearer}"
    headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in caller.cookies.items())
    body: Any = call.body
    if call.endpoint == "oauth.token":
        body = caller.signs_in() if caller.signs_in else {"grant_type": "client_credentials"}
    elif call.endpoint == "channels.events":
        body = json.dumps(receipt_event(things["Communication"])).encode()
        headers |= {"Content-Type": "application/json", **_signature(house, caller, body)}
    elif call.endpoint == "clinic.sign_in":
        body = {"person": caller.person}
    if call.method == "POST" and call.endpoint.partition(".")[0] in OF_A_BROWSER:
        body = {**(body or {}), "csrf_token": caller.csrf}
    browser = house.app.test_client(use_cookies=False)
    return browser.open(call.address, method=call.method, headers=headers, data=body or None, buffered=True)


def _signature(house: House, caller: Caller, body: bytes) -> Mapping[str, str]:
    if not caller.signs:
        return {}
    at, name = int(house.services.clock.now().timestamp()), new_id()
    secret = house.services.keyring.webhook_secrets["webpatient"][0]
    return {"webhook-id": name, "webhook-timestamp": str(at), "webhook-signature": sign(secret, name, at, body)}
