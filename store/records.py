"""The read side: which rows of a clinic match a search, in the order of their ids, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)

from store.base import table_of
from store.repositories.audit import concerns
from store.repositories.responses import FIRST, RETRACTED, SAME_ANSWER
from store.tables import (
    AgreedActionRow,
    AuditEventRow,
    DecisionRow,
    EnrolmentRow,
    OutboxRow,
    RequestRow,
    ResponseRow,
    ScoreRow,
    SuggestionRow,
)
from store.transaction import Tx

REQUEST = table_of(RequestRow)
RESPONSE = table_of(ResponseRow)
SCORE = table_of(ScoreRow)
SUGGESTION = table_of(SuggestionRow)
DECISION = table_of(DecisionRow)
ACTION = table_of(AgreedActionRow)
AUDIT = table_of(AuditEventRow)
ENROLMENT = table_of(EnrolmentRow)
OUTBOX = table_of(OutboxRow)


class Listing(StrEnum):
    """What can be listed; each is one table.

    A response is listed by its first version, as its current one is; the acts list every version, and every decision.
    """

    REQUESTS = "request"
    RESPONSES = "response"
    SCORES = "score"
    SUGGESTIONS = "suggestion"
    NEEDS = "needs"
    DECISIONS = "decision"
    ACTIONS = "agreed-action"
    ENROLMENTS = "enrolment"
    MESSAGES = "outbox"
    RESPONSE_ACTS = "response-act"
    DECISION_ACTS = "decision-act"
    AUDITS = "audit-event"


def _of_enrolment(table: Table) -> FromClause:
    same = (ENROLMENT.c.clinic_id == table.c.clinic_id) & (ENROLMENT.c.id == table.c.enrolment_id)
    return table.join(ENROLMENT, same)


TABLES: Mapping[Listing, Table] = {
    Listing.REQUESTS: REQUEST,
    Listing.RESPONSES: RESPONSE,
    Listing.SCORES: SCORE,
    Listing.SUGGESTIONS: SUGGESTION,
    Listing.NEEDS: SUGGESTION,
    Listing.DECISIONS: DECISION,
    Listing.ACTIONS: ACTION,
    Listing.ENROLMENTS: ENROLMENT,
    Listing.MESSAGES: OUTBOX,
    Listing.RESPONSE_ACTS: RESPONSE,
    Listing.DECISION_ACTS: DECISION,
    Listing.AUDITS: AUDIT,
}
NEEDS_SUFFIX = "-needs"
"""A needs assessment stands in the row of the suggestion that it was made with, and is a record of its own."""
QUESTIONNAIRE_TASK = "complete-questionnaire"
"""What every request asks for, beside the agreed actions, each of which has a code of its own."""
IDS: Mapping[Listing, ColumnElement[str]] = {
    **{listing: table.c.id for listing, table in TABLES.items()},
    Listing.RESPONSES: FIRST.c.id,
    Listing.NEEDS: SUGGESTION.c.id + NEEDS_SUFFIX,
}
"""Under what id a row is known outside."""
JOINED: Mapping[Listing, FromClause] = {
    Listing.RESPONSES: RESPONSE.join(FIRST, SAME_ANSWER),
    Listing.SCORES: SCORE.join(
        RESPONSE, (RESPONSE.c.clinic_id == SCORE.c.clinic_id) & (RESPONSE.c.id == SCORE.c.response_id)
    ).join(FIRST, SAME_ANSWER),
    Listing.SUGGESTIONS: _of_enrolment(SUGGESTION),
    Listing.NEEDS: _of_enrolment(SUGGESTION),
    Listing.DECISIONS: _of_enrolment(DECISION),
    Listing.ACTIONS: _of_enrolment(ACTION),
    Listing.RESPONSE_ACTS: RESPONSE.join(FIRST, SAME_ANSWER),
    Listing.DECISION_ACTS: _of_enrolment(DECISION),
}
"""Where a criterion lies in another table."""
COLUMNS: Mapping[Listing, Mapping[str, ColumnElement[Any]]] = {
    Listing.REQUESTS: {
        "patient": REQUEST.c.patient_ref,
        "state": REQUEST.c.state,
        "code": literal(QUESTIONNAIRE_TASK),
        "questionnaire": REQUEST.c.questionnaire,
        "date": REQUEST.c.requested_at,
        "updated": func.coalesce(REQUEST.c.completed_at, REQUEST.c.requested_at),
    },
    Listing.RESPONSES: {
        "patient": RESPONSE.c.patient_ref,
        "state": RESPONSE.c.status,
        "questionnaire": RESPONSE.c.questionnaire,
        "request": RESPONSE.c.request_id,
        "date": RESPONSE.c.authored_at,
        "updated": RESPONSE.c.received_at,
    },
    Listing.SCORES: {
        "patient": RESPONSE.c.patient_ref,
        "state": case(
            (not_(RESPONSE.c.is_current), RETRACTED),
            (or_(RESPONSE.c.version > 1, SCORE.c.rescored_at.is_not(None)), "amended"),
            else_="final",
        ),
        "score": SCORE.c.score_id,
        "response": FIRST.c.id,
        "questionnaire": RESPONSE.c.questionnaire,
        "date": RESPONSE.c.authored_at,
        "updated": func.coalesce(SCORE.c.rescored_at, RESPONSE.c.received_at),
    },
    Listing.SUGGESTIONS: {
        "patient": ENROLMENT.c.patient_ref,
        "state": case((SUGGESTION.c.complete, "completed"), else_="in-progress"),
        "date": SUGGESTION.c.made_at,
        "suggestion": SUGGESTION.c.id,
    },
    Listing.NEEDS: {
        "patient": ENROLMENT.c.patient_ref,
        "state": case((SUGGESTION.c.complete, "completed"), else_="in-progress"),
        "date": SUGGESTION.c.made_at,
        "suggestion": SUGGESTION.c.id,
    },
    Listing.DECISIONS: {
        "patient": ENROLMENT.c.patient_ref,
        "state": literal("completed"),
        "suggestion": DECISION.c.suggestion_id,
        "date": DECISION.c.decided_at,
    },
    Listing.ACTIONS: {
        "patient": ENROLMENT.c.patient_ref,
        "state": ACTION.c.state,
        "code": ACTION.c.code,
        "date": ACTION.c.agreed_at,
        "updated": ACTION.c.changed_at,
    },
    Listing.ENROLMENTS: {"patient": ENROLMENT.c.patient_ref, "state": ENROLMENT.c.state},
    Listing.MESSAGES: {"patient": OUTBOX.c.patient_ref, "state": OUTBOX.c.state, "medium": OUTBOX.c.target},
    Listing.RESPONSE_ACTS: {"patient": RESPONSE.c.patient_ref, "target": FIRST.c.id, "date": RESPONSE.c.received_at},
    Listing.DECISION_ACTS: {"patient": ENROLMENT.c.patient_ref, "target": DECISION.c.id, "date": DECISION.c.decided_at},
    Listing.AUDITS: {
        "patient": AUDIT.c.patients,
        "action": AUDIT.c.action,
        "agent": AUDIT.c.actor_id,
        "entity": AUDIT.c.entity,
        "date": AUDIT.c.at,
    },
}
"""Criterion -> column; every listing knows `id` too."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time, from its start to before its end; None is open."""

    start: datetime | None
    end: datetime | None


Times = tuple[tuple[Interval, ...], ...]
"""Every one of these must hold, each by one of its intervals."""
Criteria = Mapping[str, frozenset[str] | Times]
"""Criterion -> values, or times, that match; an empty set matches nothing."""


@dataclass(frozen=True, slots=True)
class Order:
    """By what the matches are sorted; those that are alike come in the order of their ids.

    Args:
        by: a criterion of the listing.
        newest_first: from the greatest to the least.
    """

    by: str
    newest_first: bool = False


def _holds(column: ColumnElement[Any], wanted: frozenset[str] | Times) -> list[ColumnElement[bool]]:
    if isinstance(wanted, frozenset):
        if isinstance(column.type, JSON):
            return [or_(false(), *(concerns(column, value) for value in sorted(wanted)))]
        return [column.in_(sorted(wanted))]
    return [or_(*(_within(column, interval) for interval in alternatives)) for alternatives in wanted]


def _within(column: ColumnElement[Any], interval: Interval) -> ColumnElement[bool]:
    edges = []
    if interval.start is not None:
        edges.append(column >= interval.start)
    if interval.end is not None:
        edges.append(column < interval.end)
    return and_(*edges)


class RecordIndex:
    """Finds ids within one transaction, never outside its clinic."""

    def __init__(self, tx: Tx) -> None:
        self._scope = tx.scope

    def ids(
        self, listing: Listing, criteria: Criteria, *, after: str | None, limit: int, order: Order | None = None
    ) -> tuple[str, ...]:
        """Return the first ids after `after` that match, in ascending order (oldest first) unless ordered otherwise."""
        key = IDS[listing]
        statement = self._matching(listing, criteria, select(key)).limit(limit)
        if order is not None:
            statement = self._ordered(listing, statement, order, after)
        else:
            statement = statement.order_by(key)
            statement = statement if after is None else statement.where(key > after)
        return tuple(self._scope.connection.execute(statement).scalars())

    def count(self, listing: Listing, criteria: Criteria) -> int:
        """Return how many rows match."""
        return int(self._scope.connection.execute(self._matching(listing, criteria, select(func.count()))).scalar_one())

    def _ordered(self, listing: Listing, statement: Select[Any], order: Order, after: str | None) -> Select[Any]:
        key, column = IDS[listing], {**COLUMNS[listing], "id": IDS[listing]}[order.by]
        direction = (column.desc(), key.desc()) if order.newest_first else (column.asc(), key.asc())
        if after is None:
            return statement.order_by(*direction)
        last = self._scope.connection.execute(self._of_clinic(listing, select(column)).where(key == after)).scalar()
        beyond = (column < last, key < after) if order.newest_first else (column > last, key > after)
        return statement.where(or_(beyond[0], and_(column == last, beyond[1]))).order_by(*direction)

    def has(self, listing: Listing, id_: str) -> bool:
        """Tell whether there is such a row, whatever a search would say of it."""
        key = IDS[listing]
        statement = self._of_clinic(listing, select(key)).where(key == id_).limit(1)
        return self._scope.connection.execute(statement).first() is not None

    def _matching(self, listing: Listing, criteria: Criteria, statement: Select[Any]) -> Select[Any]:
        columns = {**COLUMNS[listing], "id": IDS[listing]}
        statement = self._of_clinic(listing, statement)
        if listing is Listing.RESPONSES or (listing is Listing.SCORES and "state" not in criteria):
            # The scores of a replaced version are found by those who ask for them.
            statement = statement.where(RESPONSE.c.is_current)
        for name, values in criteria.items():
            statement = statement.where(*_holds(columns[name], values))
        return statement

    def _of_clinic(self, listing: Listing, statement: Select[Any]) -> Select[Any]:
        table = TABLES[listing]
        if listing is Listing.NEEDS:
            statement = statement.where(SUGGESTION.c.needs.is_not(None))
        return statement.select_from(JOINED.get(listing, table)).where(table.c.clinic_id == self._scope.clinic_id)
