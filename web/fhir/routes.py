"""The routes of the FHIR door, built from the table of interactions."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from flask import Blueprint, Response, request

from delivery.content import Content
from flow.check import CheckResponse
from flow.receive import Received, ReceiveResponse
from flow.record import RecordKind, ResponseRecord
from flow.records import Records, Span
from kernel.errors import Issue, MalformedInputError
from web.auth import current_actor
from web.fhir.bundle import Entry, SearchPage, searchset
from web.fhir.capabilities import capability_statement
from web.fhir.interactions import ResourceEntry, table
from web.fhir.negotiation import FHIR_JSON, FORM, demand_resource, demand_writable, preferences
from web.fhir.outcome import outcome
from web.fhir.questionnaires import QuestionnaireShelf
from web.fhir.resources import resource
from web.fhir.response import with_identity
from web.fhir.search import Query, understood
from web.media import demand_readable

DOOR = "/fhir"
FIRST_VERSION = "1"


def blueprint(records: Records, receive: ReceiveResponse, check: CheckResponse, content: Content) -> Blueprint:
    """Build `/fhir`."""
    fhir = Blueprint("fhir", __name__, url_prefix=DOOR)
    fhir.before_request(lambda: demand_writable(request))
    door = _Door(records, receive, check, content, table(content), QuestionnaireShelf(content.questionnaires))
    for rule in _rules(door):
        fhir.add_url_rule(rule.path, rule.endpoint, rule.view, methods=[rule.method], provide_automatic_options=False)
    return fhir


@dataclass(frozen=True, slots=True)
class _Rule:
    method: str
    path: str
    endpoint: str
    view: Callable[..., Response]


@dataclass(frozen=True, slots=True)
class _Door:
    """What the views share."""

    records: Records
    receive: ReceiveResponse
    check: CheckResponse
    content: Content
    entries: tuple[ResourceEntry, ...]
    shelf: QuestionnaireShelf

    def metadata(self) -> Response:
        return _cacheable(capability_statement(self.entries, _address()))

    def read(self, kind: str, record_id: str) -> Response:
        actor = current_actor()
        if kind == "Questionnaire":
            return _cacheable(self.shelf.read(record_id))
        record = self.records.read(actor, RecordKind(kind), record_id)
        version = str(record.filed.version) if isinstance(record, ResponseRecord) else None
        return _cacheable(resource(record, self.content), version)

    def search(self, entry: ResourceEntry, given: Iterable[tuple[str, str]]) -> Response:
        query = understood(entry.parameters, given, strict=preferences(request).strict)
        page = self.shelf.search(query) if entry.type == "Questionnaire" else self._found(entry.type, query)
        return _answered(searchset(f"{_address()}/{entry.type}", query, page))

    def create(self) -> Response:
        demand_resource(request)
        _refuse_conditions()
        raw = request.get_data()
        received = self.receive(current_actor(), raw, via="fhir")
        response = _answered(_returned(raw, received), 201 if received.created else 200)
        response.set_etag(FIRST_VERSION, weak=True)
        response.headers["Location"] = f"{_address()}/QuestionnaireResponse/{received.response_id}"
        return response

    def validate(self) -> Response:
        demand_resource(request)
        return _answered(json.dumps(outcome(self.check(request.get_data())), ensure_ascii=False))

    def _found(self, kind: str, query: Query) -> SearchPage:
        span = Span(query.after, query.count, query.with_total)
        found = self.records.search(current_actor(), RecordKind(kind), query.criteria, span)
        entries = tuple(Entry(record.id, resource(record, self.content)) for record in found.records)
        return SearchPage(entries, found.more, found.total)


def _rules(door: _Door) -> list[_Rule]:
    rules = [_Rule("GET", "/metadata", "metadata", door.metadata)]
    for entry in door.entries:
        rules += [rule for code in entry.interactions for rule in _interaction(door, entry, code)]
        rules += [_operation(door, entry, name) for name in entry.operations]
    return rules


def _interaction(door: _Door, entry: ResourceEntry, code: str) -> list[_Rule]:
    """Build the routes of one interaction; an interaction that the door cannot do stops the start."""
    kind = entry.type

    def read(record_id: str) -> Response:
        return door.read(kind, record_id)

    def search() -> Response:
        return door.search(entry, request.args.items(multi=True))

    def search_by_form() -> Response:
        demand_readable(request, FORM)
        return door.search(entry, [*request.args.items(multi=True), *request.form.items(multi=True)])

    rules = {
        "read": [_Rule("GET", f"/{kind}/<record_id>", f"read-{kind}", read)],
        "search-type": [
            _Rule("GET", f"/{kind}", f"search-{kind}", search),
            _Rule("POST", f"/{kind}/_search", f"search-by-form-{kind}", search_by_form),
        ],
        "create": [_Rule("POST", f"/{kind}", f"create-{kind}", door.create)],
    }
    return rules[code]


def _operation(door: _Door, entry: ResourceEntry, name: str) -> _Rule:
    views = {"validate": door.validate}
    return _Rule("POST", f"/{entry.type}/${name}", f"{name}-{entry.type}", views[name])


def _address() -> str:
    return f"{request.url_root.rstrip('/')}{DOOR}"


def _refuse_conditions() -> None:
    """A condition that is passed over would be a promise broken."""
    for header in ("If-None-Exist", "If-Match"):
        if header in request.headers:
            text = "Conditional create is not supported; the same bytes twice are one response anyway."
            raise MalformedInputError(text, issues=[Issue("not-supported", text, f"http.{header}", rule="conditional")])


def _returned(raw: bytes, received: Received) -> str:
    match preferences(request).returned:
        case "minimal":
            return ""
        case "OperationOutcome":
            return json.dumps(outcome(()))
        case _:
            return with_identity(raw, received.response_id, {"versionId": FIRST_VERSION})


def _answered(body: str, status: int = 200) -> Response:
    return Response(body, status, content_type=f"{FHIR_JSON}; charset=utf-8")


def _cacheable(body: str, version: str | None = None) -> Response:
    """Answer with an ETag, the version of the resource where it has one; 304 where the caller holds it already."""
    response = _answered(body)
    response.set_etag(version or sha256(body.encode()).hexdigest()[:16], weak=True)
    response.make_conditional(request)
    return response
