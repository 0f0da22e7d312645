"""The tray of answers that fit no request: kept sealed, closed once, by a person."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import func

from delivery.schedule import Request, RequestState
from delivery.unmatched import UnmatchedResponse, UnmatchedState
from kernel.errors import NotFoundError
from kernel.ids import Canonical, RequestId, UnmatchedId, new_id
from store.base import table_of
from store.scope import Scope
from store.sealing import open_for_clinic, seal_for_clinic
from store.tables.request import RequestRow
from store.tables.unmatched import UnmatchedRow
from store.values import to_value

REQUEST = table_of(RequestRow)
UNMATCHED = table_of(UnmatchedRow)
OPEN = (RequestState.REQUESTED, RequestState.IN_PROGRESS)
MOST_REQUESTS = 50


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Reads and closes what lies in the tray of one clinic."""

    scope: Scope

    def add(self, channel: str, questionnaire: Canonical, raw: bytes) -> bool:
        """Put an answer into the tray; False if the channel's very same answer was put there before."""
        id_ = new_id()
        columns = {
            "id": id_,
            "channel": channel,
            "questionnaire": questionnaire,
            "sha256": hashlib.sha256(raw).hexdigest(),
            "body_enc": seal_for_clinic(self.scope, _body(id_), raw),
            "received_at": self.scope.now,
            "state": UnmatchedState.WAITING,
        }
        return self.scope.insert_once(UNMATCHED, ("clinic_id", "channel", "sha256"), columns)

    def waiting(self) -> tuple[UnmatchedResponse, ...]:
        """Return what waits for a person, oldest first."""
        query = self.scope.select(UNMATCHED, UNMATCHED.c.state == UnmatchedState.WAITING).order_by(UNMATCHED.c.id)
        return tuple(to_value(UnmatchedResponse, row) for row in self.scope.all(query))

    def count_waiting(self) -> int:
        """Count what waits for a person."""
        query = self.scope.select(UNMATCHED, UNMATCHED.c.state == UnmatchedState.WAITING)
        (row,) = self.scope.all(query.with_only_columns(func.count()))
        return int(row[0])

    def get(self, id_: UnmatchedId) -> UnmatchedResponse:
        """Return one; NotFoundError if there is none in this clinic."""
        return to_value(UnmatchedResponse, self.scope.get(UNMATCHED, id_))

    def raw(self, id_: UnmatchedId) -> bytes:
        """Return the bytes of the answer; NotFoundError if there is none in this clinic, or its time was over."""
        row = self.scope.get(UNMATCHED, id_)
        if not row.body_enc:
            raise NotFoundError("This answer was sorted long ago.")
        return open_for_clinic(self.scope, _body(id_), row.body_enc)

    def assign(self, id_: UnmatchedId, request_id: RequestId) -> bool:
        """Close one that was filed with a request; False if it does not wait any more."""
        return self._close(id_, {"state": UnmatchedState.ASSIGNED, "request_id": request_id})

    def discard(self, id_: UnmatchedId, reason: str) -> bool:
        """Close one that belongs to nobody here; False if it does not wait any more."""
        sealed = seal_for_clinic(self.scope, _reason(id_), reason.encode())
        return self._close(id_, {"state": UnmatchedState.DISCARDED, "reason_enc": sealed})

    def reason(self, id_: UnmatchedId) -> str:
        """Return why one was discarded; empty if it was not."""
        sealed = self.scope.get(UNMATCHED, id_).reason_enc
        return "" if sealed is None else open_for_clinic(self.scope, _reason(id_), sealed).decode()

    def requests_asking(self, questionnaire: Canonical) -> tuple[Request, ...]:
        """Return the clinic's open requests for a questionnaire, newest first, at most `MOST_REQUESTS`."""
        query = self.scope.select(REQUEST, REQUEST.c.questionnaire == questionnaire, REQUEST.c.state.in_(OPEN))
        rows = self.scope.all(query.order_by(REQUEST.c.requested_at.desc(), REQUEST.c.id.desc()).limit(MOST_REQUESTS))
        return tuple(to_value(Request, row) for row in rows)

    def _close(self, id_: UnmatchedId, values: dict[str, object]) -> bool:
        waits = (UNMATCHED.c.id == id_, UNMATCHED.c.state == UnmatchedState.WAITING)
        closed = {"closed_at": self.scope.now, "closed_by": self.scope.actor.id}
        return self.scope.update(UNMATCHED, waits, {**values, **closed}) == 1


def _body(id_: str) -> str:
    return f"unmatched.body/{id_}"


def _reason(id_: str) -> str:
    return f"unmatched.reason/{id_}"
