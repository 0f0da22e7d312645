"""The views that change responses, or show how they changed: create, update and history."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from delivery.content import Content
from flow.amend import Amended, Amendment, AmendResponse
from flow.receive import ReceiveResponse
from flow.record import RecordKind, ResponseRecord
from flow.records import Records, Span
from kernel.errors import Issue, MalformedInputError, NotFoundError, StaleVersionError
from kernel.ids import ResponseId
from questionnaires.strict_json import parse_object
from web.auth import current_actor
from web.fhir.answers import address, answered, cacheable, returned
from web.fhir.bundle import Change, history
from web.fhir.negotiation import demand_resource
from web.fhir.preconditions import demanded_absence, demanded_version
from web.fhir.response import questionnaire_response, with_identity
from web.fhir.search import Query, SearchParameter

TYPE = "QuestionnaireResponse"
FIRST_VERSION = "1"


@dataclass(frozen=True, slots=True)
class ResponseDoor:
    """What the views share.

    Args:
        content: knows how large a response may be.
        parameters: that `If-None-Exist` may name.
    """

    records: Records
    content: Content
    receive: ReceiveResponse
    amend: AmendResponse
    parameters: tuple[SearchParameter, ...]

    def create(self) -> Response:
        """File a response; the same bytes twice are one."""
        demand_resource(request, most_bytes=self.content.questionnaires.most_bytes)
        absent = demanded_absence(request, self.parameters)
        found = self._found(absent) if absent else None
        if found:
            return self._told(found, 200)
        raw = request.get_data()
        received = self.receive(current_actor(), raw, via="fhir")
        body = returned(lambda: with_identity(raw, received.response_id, {"versionId": FIRST_VERSION}))
        return _placed(body, 201 if received.created else 200, received.response_id, FIRST_VERSION)

    def update(self, record_id: str) -> Response:
        """File a new version of a response, made on the version that the caller names."""
        most_bytes = self.content.questionnaires.most_bytes
        demand_resource(request, most_bytes=most_bytes)
        version = demanded_version(request)
        raw = request.get_data()
        _demand_id(parse_object(raw, most_bytes=most_bytes), record_id)
        amended = self.amend(current_actor(), Amendment(ResponseId(record_id), version, raw))
        body = returned(lambda: with_identity(raw, record_id, {"versionId": str(amended.version)}))
        return _updated(body, amended)

    def read_version(self, record_id: str, version: str) -> Response:
        """Show one version of a response."""
        for record in self.records.versions(current_actor(), record_id):
            if str(record.filed.version) == version:
                return cacheable(questionnaire_response(record), version)
        raise NotFoundError(f"No such version of the {TYPE}.")

    def versions(self, record_id: str) -> Response:
        """Show every version of a response, newest first."""
        records = self.records.versions(current_actor(), record_id)
        return answered(history(f"{address()}/{TYPE}/{record_id}", [_change(record) for record in records]))

    def _found(self, query: Query) -> ResponseRecord | None:
        found = self.records.search(current_actor(), RecordKind.RESPONSE, query.wanted, Span(limit=2)).records
        if len(found) > 1:
            text = "More than one response fits the condition."
            raise StaleVersionError(text, issues=[Issue("multiple-matches", text, "http.If-None-Exist")])
        return found[0] if found and isinstance(found[0], ResponseRecord) else None

    def _told(self, record: ResponseRecord, status: int) -> Response:
        body = returned(lambda: questionnaire_response(record))
        return _placed(body, status, record.id, str(record.filed.version))


def _demand_id(resource: Mapping[str, Any], record_id: str) -> None:
    """A resource that names another place than its address belongs to one of the two: better ask than guess."""
    if resource.get("id") != record_id:
        text = "The id of the resource is the id of its address."
        raise MalformedInputError(text, issues=[Issue("value", text, f"{TYPE}.id", rule="another-id")])


def _change(record: ResponseRecord) -> Change:
    version = record.filed.version
    return Change("POST" if version == 1 else "PUT", version, record.filed.received_at, questionnaire_response(record))


def _updated(body: str, amended: Amended) -> Response:
    return _placed(body, 200, amended.response_id, str(amended.version))


def _placed(body: str, status: int, response_id: str, version: str) -> Response:
    response = answered(body, status)
    response.set_etag(version, weak=True)
    response.headers["Location"] = f"{address()}/{TYPE}/{response_id}"
    return response
