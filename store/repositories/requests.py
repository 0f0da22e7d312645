"""Requests: one questionnaire asked of one patient once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from delivery.schedule import Request, RequestState
from kernel.ids import Canonical, OccasionId, PatientRef, RequestId
from store.base import table_of
from store.scope import Scope
from store.tables.request import RequestRow
from store.values import to_columns, to_value

REQUEST = table_of(RequestRow)
OPEN_STATES = tuple(state for state in RequestState if state.is_open)


@dataclass(frozen=True, slots=True)
class Requests:
    """Reads and moves requests."""

    scope: Scope

    def add(self, request: Request) -> None:
        """Add a request; a questionnaire that the occasion asks already is a ConflictError."""
        self.scope.insert(REQUEST, to_columns(request))

    def get(self, request_id: RequestId) -> Request:
        """Return a request; NotFoundError if there is none in this clinic."""
        return to_value(Request, self.scope.get(REQUEST, request_id))

    def lock(self, request_id: RequestId) -> Request:
        """Return a request and let nobody else change it, or lock it, before this transaction ends."""
        return to_value(Request, self.scope.get(REQUEST, request_id, lock=True))

    def of_occasion(self, occasion_id: OccasionId) -> tuple[Request, ...]:
        """Return what an occasion asks, in the order of asking."""
        query = self.scope.select(REQUEST, REQUEST.c.occasion_id == occasion_id).order_by(REQUEST.c.position)
        return tuple(to_value(Request, row) for row in self.scope.all(query))

    def newest_for(self, patient_ref: PatientRef, canonical: Canonical) -> Request | None:
        """Return the patient's newest request for this questionnaire, open or not."""
        query = self.scope.select(REQUEST, REQUEST.c.patient_ref == patient_ref, REQUEST.c.questionnaire == canonical)
        row = self.scope.first(query.order_by(REQUEST.c.requested_at.desc(), REQUEST.c.id.desc()))
        return None if row is None else to_value(Request, row)

    def move(
        self, request_id: RequestId, from_states: Collection[RequestState], to_state: RequestState, at: datetime
    ) -> bool:
        """Move a request to another state; False if it was in none of `from_states`."""
        where = (REQUEST.c.id == request_id, REQUEST.c.state.in_(tuple(from_states)))
        completed_at = at if to_state is RequestState.COMPLETED else None
        return self.scope.update(REQUEST, where, {"state": to_state, "completed_at": completed_at}) == 1

    def cancel_open(self, occasion_id: OccasionId, state: RequestState) -> int:
        """Close the open requests of an occasion as cancelled or expired; tell how many there were."""
        where = (REQUEST.c.occasion_id == occasion_id, REQUEST.c.state.in_(OPEN_STATES))
        return self.scope.update(REQUEST, where, {"state": state})
