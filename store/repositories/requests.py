"""Requests: one questionnaire asked of one patient once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Update, and_, bindparam, or_

from delivery.schedule import Request, RequestState
from kernel.ids import Canonical, OccasionId, PatientRef, RequestId
from store.base import table_of
from store.scope import Scope, change_of_clinic, of_clinic
from store.tables.request import RequestRow
from store.tables.response import ResponseRow
from store.types import UtcDateTime
from store.values import batched, to_columns, to_value

REQUEST = table_of(RequestRow)
RESPONSE = table_of(ResponseRow)
IN_ERROR = "entered-in-error"
OPEN_STATES = tuple(state for state in RequestState if state.is_open)
OF_OCCASION = of_clinic(REQUEST, REQUEST.c.occasion_id == bindparam("of_occasion")).order_by(REQUEST.c.position)
NEWEST_ANSWERS = (
    of_clinic(
        RESPONSE,
        RESPONSE.c.patient_ref.in_(bindparam("of_patients", expanding=True)),
        RESPONSE.c.is_current,
        RESPONSE.c.status != IN_ERROR,
        RESPONSE.c.received_at >= bindparam("of_since", type_=UtcDateTime),
    )
    .with_only_columns(
        RESPONSE.c.patient_ref,
        RESPONSE.c.questionnaire,
        RESPONSE.c.authored_at,
        RESPONSE.c.received_at,
        REQUEST.c.occasion_id,
    )
    .join(REQUEST, and_(REQUEST.c.clinic_id == RESPONSE.c.clinic_id, REQUEST.c.id == RESPONSE.c.request_id))
    .order_by(RESPONSE.c.authored_at, RESPONSE.c.id)
)


@cache
def _move(from_states: tuple[RequestState, ...]) -> Update:
    # Spelt out: a list of values is written into the statement anew each time.
    states = or_(*(REQUEST.c.state == state for state in from_states))
    moved = change_of_clinic(REQUEST, REQUEST.c.id == bindparam("of_id"), states)
    return moved.values(state=bindparam("to_state"), completed_at=bindparam("at"))


@dataclass(frozen=True, slots=True)
class Answered:
    """When a questionnaire was last answered.

    Args:
        at: when the patient finished, aware UTC.
        occasion_id: the occasion that had asked it.
    """

    at: datetime
    occasion_id: OccasionId


@dataclass(frozen=True, slots=True)
class Requests:
    """Reads and moves requests."""

    scope: Scope

    def add(self, request: Request) -> None:
        """Add a request; a questionnaire that the occasion asks already is a ConflictError."""
        self.scope.insert(REQUEST, to_columns(request))

    def add_all(self, requests: Collection[Request]) -> None:
        """Add several requests at once; a questionnaire that their occasion asks already is a ConflictError."""
        self.scope.insert_all(REQUEST, [to_columns(request) for request in requests])

    def get(self, request_id: RequestId) -> Request:
        """Return a request; NotFoundError if there is none in this clinic."""
        return to_value(Request, self.scope.get(REQUEST, request_id))

    def lock(self, request_id: RequestId) -> Request:
        """Return a request and let nobody else change it, or lock it, before this transaction ends."""
        return to_value(Request, self.scope.get(REQUEST, request_id, lock=True))

    def of_occasion(self, occasion_id: OccasionId) -> tuple[Request, ...]:
        """Return what an occasion asks, in the order of asking."""
        return tuple(to_value(Request, row) for row in self.scope.rows(OF_OCCASION, of_occasion=occasion_id))

    def newest_for(self, patient_ref: PatientRef, canonical: Canonical) -> Request | None:
        """Return the patient's newest request for this questionnaire, open or not."""
        query = self.scope.select(REQUEST, REQUEST.c.patient_ref == patient_ref, REQUEST.c.questionnaire == canonical)
        row = self.scope.first(query.order_by(REQUEST.c.requested_at.desc(), REQUEST.c.id.desc()))
        return None if row is None else to_value(Request, row)

    def move(
        self, request_id: RequestId, from_states: Collection[RequestState], to_state: RequestState, at: datetime
    ) -> bool:
        """Move a request to another state; False if it was in none of `from_states`."""
        completed_at = at if to_state is RequestState.COMPLETED else None
        values = {"of_id": request_id, "to_state": to_state, "at": completed_at}
        return self.scope.change(_move(tuple(from_states)), **values) == 1

    def cancel_open(self, occasion_id: OccasionId, state: RequestState) -> int:
        """Close the open requests of an occasion as cancelled or expired; tell how many there were."""
        where = (REQUEST.c.occasion_id == occasion_id, REQUEST.c.state.in_(OPEN_STATES))
        return self.scope.update(REQUEST, where, {"state": state})

    def newest_answers(self, since: Mapping[PatientRef, datetime]) -> Mapping[PatientRef, Mapping[str, Answered]]:
        """Return when patients last answered each questionnaire.

        Args:
            since: patient -> moment; what was received from the patient before it is left out.

        Returns:
            Patient -> `url` without version -> the newest answer; one entered in error is none, and whoever answered
            nothing is left out.
        """
        found: dict[PatientRef, dict[str, Answered]] = {}
        for batch in batched(sorted(since)):
            first = min(since[patient_ref] for patient_ref in batch)
            for row in self.scope.rows(NEWEST_ANSWERS, of_patients=batch, of_since=first):
                if row.received_at >= since[row.patient_ref]:
                    answer = Answered(row.authored_at, OccasionId(row.occasion_id))
                    found.setdefault(row.patient_ref, {})[row.questionnaire.partition("|")[0]] = answer
        return found
