"""The routes of the FHIR door, built from the table of interactions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request

from delivery.content import Content
from flow.audit_log import AuditLog
from flow.record import RecordKind, ResponseRecord
from flow.records import Records, Span
from flow.use_cases import UseCases
from web.auth import current_actor
from web.fhir.answers import DOOR, address, answered, cacheable
from web.fhir.audit_event import audit_event
from web.fhir.bundle import Entry, SearchPage, searchset
from web.fhir.capabilities import capability_statement
from web.fhir.care_plans import CarePlanDoor
from web.fhir.interactions import Operation, ResourceEntry, table
from web.fhir.negotiation import FORM, demand_writable, preferences
from web.fhir.operations import Operations
from web.fhir.patients import PatientShelf
from web.fhir.plan_definition import plan_definition_shelf
from web.fhir.questionnaires import QuestionnaireShelf
from web.fhir.resources import resource
from web.fhir.responses import ResponseDoor
from web.fhir.scope_demands import scope_demands
from web.fhir.search import Query, understood
from web.fhir.shelf import Shelf
from web.media import demand_readable
from web.scopes import add_demands

AUDIT = "AuditEvent"
PATIENT = "Patient"


def blueprint(use_cases: UseCases, content: Content) -> Blueprint:
    """Build `/fhir`."""
    fhir = Blueprint("fhir", __name__, url_prefix=DOOR)
    fhir.before_request(lambda: demand_writable(request))
    door = _door(use_cases, content)
    for rule in _rules(door):
        fhir.add_url_rule(rule.path, rule.endpoint, rule.view, methods=[rule.method], provide_automatic_options=False)
    fhir.record(lambda state: add_demands(state.app, scope_demands(door.entries)))
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
    content: Content
    entries: tuple[ResourceEntry, ...]
    shelves: Mapping[str, Shelf]
    patients: PatientShelf
    responses: ResponseDoor
    plans: CarePlanDoor
    operations: Operations
    audit: AuditLog

    def metadata(self) -> Response:
        return cacheable(capability_statement(self.entries, address()))

    def read(self, kind: str, record_id: str) -> Response:
        actor = current_actor()
        if kind in self.shelves:
            return cacheable(self.shelves[kind].read(record_id))
        if kind == PATIENT:
            return cacheable(self.patients.read(actor, record_id))
        if kind == AUDIT:
            return cacheable(audit_event(self.audit.read(actor, record_id), address()))
        record = self.records.read(actor, RecordKind(kind), record_id)
        version = str(record.filed.version) if isinstance(record, ResponseRecord) else None
        return cacheable(resource(record, self.content), version)

    def search(self, entry: ResourceEntry, body: Iterable[tuple[str, str]] = ()) -> Response:
        given = request.args.items(multi=True)
        query = understood(entry.parameters, given, strict=preferences(request).strict, body=body)
        page = self._page(entry.type, query)
        return answered(searchset(f"{address()}/{entry.type}", query, page))

    def creates(self, kind: str) -> Callable[[], Response]:
        """Return what makes a new resource of a type."""
        return self.plans.create if kind == RecordKind.PLAN else self.responses.create

    def _page(self, kind: str, query: Query) -> SearchPage:
        if kind in self.shelves:
            return self.shelves[kind].search(query)
        if kind == PATIENT:
            return self.patients.search(current_actor(), query)
        span = Span(query.after, query.count, query.with_total, query.order)
        if kind == AUDIT:
            seen = self.audit.search(current_actor(), query.wanted, span)
            rows = tuple(Entry(one.id, audit_event(one, address())) for one in seen.records)
            return SearchPage(rows, seen.more, seen.total)
        found = self.records.search(current_actor(), RecordKind(kind), query.wanted, span)
        entries = tuple(Entry(record.id, resource(record, self.content)) for record in found.records)
        return SearchPage(entries, found.more, found.total)


def _door(use_cases: UseCases, content: Content) -> _Door:
    entries = table(content)
    (parameters,) = (entry.parameters for entry in entries if entry.type == RecordKind.RESPONSE)
    responses = ResponseDoor(use_cases.records, content, use_cases.receive, use_cases.amend, parameters)
    shelves = {
        "Questionnaire": QuestionnaireShelf(content),
        "PlanDefinition": plan_definition_shelf(content),
    }
    return _Door(
        use_cases.records,
        content,
        entries,
        shelves,
        PatientShelf(use_cases.identify),
        responses,
        CarePlanDoor(use_cases.enrol_by_care_plan, use_cases.records),
        Operations(content, use_cases.check, use_cases.extract, use_cases.populate),
        use_cases.audit,
    )


def _rules(door: _Door) -> list[_Rule]:
    rules = [_Rule("GET", "/metadata", "metadata", door.metadata)]
    for entry in door.entries:
        rules += [rule for code in entry.interactions for rule in _interaction(door, entry, code)]
        rules += [rule for operation in entry.operations for rule in _operation(door, entry.type, operation)]
    return rules


def _interaction(door: _Door, entry: ResourceEntry, code: str) -> list[_Rule]:
    """Build the routes of one interaction; an interaction that the door cannot do stops the start."""
    kind, responses = entry.type, door.responses

    def read(record_id: str) -> Response:
        return door.read(kind, record_id)

    def search() -> Response:
        return door.search(entry)

    def search_by_form() -> Response:
        demand_readable(request, FORM)
        return door.search(entry, request.form.items(multi=True))

    rules = {
        "read": [_Rule("GET", f"/{kind}/<record_id>", f"read-{kind}", read)],
        "search-type": [
            _Rule("GET", f"/{kind}", f"search-{kind}", search),
            _Rule("POST", f"/{kind}/_search", f"search-by-form-{kind}", search_by_form),
        ],
        "create": [_Rule("POST", f"/{kind}", f"create-{kind}", door.creates(kind))],
        "update": [_Rule("PUT", f"/{kind}/<record_id>", f"update-{kind}", responses.update)],
        "vread": [
            _Rule("GET", f"/{kind}/<record_id>/_history/<version>", f"read-version-{kind}", responses.read_version)
        ],
        "history-instance": [_Rule("GET", f"/{kind}/<record_id>/_history", f"history-{kind}", responses.versions)],
    }
    return rules[code]


def _operation(door: _Door, kind: str, operation: Operation) -> list[_Rule]:
    """Build the routes of one operation; one that the door cannot do stops the start."""
    key = (kind, operation.name)
    here, name = f"{operation.name}-{kind}", f"${operation.name}"
    on_type, on_one = door.operations.on_type(), door.operations.on_one()
    return [
        *(_Rule(method, f"/{kind}/{name}", f"{here}-{method}", on_type[key]) for method in operation.on_type),
        *(
            _Rule(method, f"/{kind}/<record_id>/{name}", f"{here}-one-{method}", on_one[key])
            for method in operation.on_one
        ),
    ]
