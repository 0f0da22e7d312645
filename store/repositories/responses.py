"""Responses: the very bytes, sealed, and the coded answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select

from kernel.ids import OccasionId, PatientRef, RequestId, ResponseId
from questionnaires.filed import FiledResponse
from questionnaires.wording import UsedWording
from store.base import table_of
from store.scope import Found, Scope
from store.sealing import open_for_patient, seal_for_patient
from store.tables.request import RequestRow
from store.tables.response import ResponseRow
from store.values import to_columns, to_value

RESPONSE = table_of(ResponseRow)
FIRST = RESPONSE.alias("first_response")
REQUEST = table_of(RequestRow)
RETRACTED = "entered-in-error"
"""FHIR status of a response that should never have been; it stays, and counts for nothing."""
SAME_ANSWER = and_(
    FIRST.c.clinic_id == RESPONSE.c.clinic_id, FIRST.c.request_id == RESPONSE.c.request_id, FIRST.c.version == 1
)
"""Joins any version of a response with its first one."""


@dataclass(frozen=True, slots=True)
class ResponseVersion:
    """Which version of which response one row is.

    Args:
        first_id: id of the first version: the id under which all versions are known outside.
        is_current: no later version replaced it.
    """

    first_id: ResponseId
    version: int
    is_current: bool


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
        if response.version > 1:
            earlier = (RESPONSE.c.request_id == response.request_id, RESPONSE.c.version < response.version)
            self.scope.update(RESPONSE, (*earlier, RESPONSE.c.is_current), {"is_current": False})
        columns = {
            **to_columns(response),
            "vector": dict(response.vector),
            "wording": [dict(to_columns(used)) for used in response.wording] or None,
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

    def versions(self, request_id: RequestId) -> tuple[FiledResponse, ...]:
        """Return every version of the response to a request, oldest first; the last one is the current."""
        query = self.scope.select(RESPONSE, RESPONSE.c.request_id == request_id).order_by(RESPONSE.c.version)
        return tuple(response_of(row) for row in self.scope.all(query))

    def places(self, response_ids: Collection[ResponseId]) -> Mapping[ResponseId, ResponseVersion]:
        """Tell of each response which version of what it is; ids that are not in this clinic are left out."""
        query = (
            select(RESPONSE.c.id, FIRST.c.id.label("first_id"), RESPONSE.c.version, RESPONSE.c.is_current)
            .join(FIRST, SAME_ANSWER)
            .where(RESPONSE.c.clinic_id == self.scope.clinic_id, RESPONSE.c.id.in_(sorted(response_ids)))
        )
        return {ResponseId(row.id): to_value(ResponseVersion, row) for row in self.scope.all(query)}

    def raw(self, response_id: ResponseId) -> bytes:
        """Return the bytes as they were submitted; NotFoundError if there is no such response in this clinic."""
        row = self.scope.get(RESPONSE, response_id)
        return open_for_patient(self.scope, PatientRef(row.patient_ref), _place(response_id), row.body_enc)

    def newest_of(self, patient_ref: PatientRef, limit: int) -> tuple[FiledResponse, ...]:
        """Return what a patient answered, each in its newest version, the newest answer first."""
        current = self.scope.select(RESPONSE, RESPONSE.c.patient_ref == patient_ref, RESPONSE.c.is_current)
        query = current.where(RESPONSE.c.status != RETRACTED).order_by(RESPONSE.c.authored_at.desc(), RESPONSE.c.id)
        return tuple(response_of(row) for row in self.scope.all(query.limit(limit)))

    def of_occasion(self, occasion_id: OccasionId) -> tuple[FiledResponse, ...]:
        """Return the current responses of an occasion that count, in the order of asking."""
        asked = self.scope.all(self.scope.select(REQUEST, REQUEST.c.occasion_id == occasion_id))
        place = {row.id: row.position for row in asked}
        # By the requests' ids, not by a join: SQLite would begin with the responses, and walk over all of the clinic.
        current = (RESPONSE.c.request_id.in_(sorted(place)), RESPONSE.c.is_current, RESPONSE.c.status != RETRACTED)
        rows = self.scope.all(self.scope.select(RESPONSE, *current))
        return tuple(response_of(row) for row in sorted(rows, key=lambda row: place[row.request_id]))


def response_of(row: Found) -> FiledResponse:
    """Make the value of a row."""
    return to_value(FiledResponse, row, wording=tuple(UsedWording(**used) for used in row.wording or ()))


def _place(response_id: ResponseId) -> str:
    return f"response.body/{response_id}"
