"""Responses: the very bytes, sealed, and the coded answers."""

from dataclasses import dataclass

from kernel.ids import OccasionId, PatientRef, RequestId, ResponseId
from questionnaires.filed import FiledResponse
from store.base import table_of
from store.scope import Found, Scope
from store.sealing import open_for_patient, seal_for_patient
from store.tables.request import RequestRow
from store.tables.response import ResponseRow
from store.values import to_columns, to_value

RESPONSE = table_of(ResponseRow)
REQUEST = table_of(RequestRow)


@dataclass(frozen=True, slots=True)
class Responses:
    """Reads and adds responses."""

    scope: Scope

    def add(self, response: FiledResponse, raw: bytes) -> None:
        """Add a response; it is the request's current one from now on.

        Args:
            raw: the submitted bytes, kept as they are.

        Raises:
            ConflictError: the request has this version already.
        """
        earlier = (RESPONSE.c.request_id == response.request_id, RESPONSE.c.version < response.version)
        self.scope.update(RESPONSE, (*earlier, RESPONSE.c.is_current), {"is_current": False})
        columns = {
            **to_columns(response),
            "vector": dict(response.vector),
            "body_enc": seal_for_patient(self.scope, response.patient_ref, _place(response.id), raw),
            "is_current": True,
        }
        self.scope.insert(RESPONSE, columns)

    def get(self, response_id: ResponseId) -> FiledResponse:
        """Return a response of any version; NotFoundError if there is none in this clinic."""
        return response_of(self.scope.get(RESPONSE, response_id))

    def of_request(self, request_id: RequestId) -> FiledResponse | None:
        """Return the current response to a request."""
        query = self.scope.select(RESPONSE, RESPONSE.c.request_id == request_id, RESPONSE.c.is_current)
        row = self.scope.first(query)
        return None if row is None else response_of(row)

    def raw(self, response_id: ResponseId) -> bytes:
        """Return the bytes as they were submitted; NotFoundError if there is no such response in this clinic."""
        row = self.scope.get(RESPONSE, response_id)
        return open_for_patient(self.scope, PatientRef(row.patient_ref), _place(response_id), row.body_enc)

    def of_occasion(self, occasion_id: OccasionId) -> tuple[FiledResponse, ...]:
        """Return the current responses of an occasion, in the order of asking."""
        same_request = (REQUEST.c.clinic_id == RESPONSE.c.clinic_id) & (REQUEST.c.id == RESPONSE.c.request_id)
        query = (
            self.scope.select(RESPONSE, RESPONSE.c.is_current)
            .join(REQUEST, same_request)
            .where(REQUEST.c.occasion_id == occasion_id)
            .order_by(REQUEST.c.position)
        )
        return tuple(response_of(row) for row in self.scope.all(query))


def response_of(row: Found) -> FiledResponse:
    """Make the value of a row."""
    return to_value(FiledResponse, row)


def _place(response_id: ResponseId) -> str:
    return f"response.body/{response_id}"
