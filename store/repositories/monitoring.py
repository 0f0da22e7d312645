"""What of a month can be counted: packages, occasions, answers, alerts, decisions, and what did not arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, literal_column, or_, select, union_all

from delivery.monitoring import Count
from delivery.outbox import MessageKind, MessageState
from delivery.population import Horizon
from delivery.schedule import EnrolmentState, OccasionState
from kernel.ids import PatientRef
from scoring.actions import ActionState
from scoring.levels import Colour
from store.base import table_of
from store.scope import Scope
from store.sealing import destroyed
from store.tables.agreed_action import AgreedActionRow
from store.tables.alert import AlertRow
from store.tables.decision import DecisionRow
from store.tables.enrolment import EnrolmentRow
from store.tables.occasion import OccasionRow
from store.tables.outbox import OutboxRow
from store.tables.request import RequestRow
from store.tables.slot import SlotRow
from store.tables.suggestion import SuggestionRow
from store.tables.unmatched import UnmatchedRow

ACTION = table_of(AgreedActionRow)
ALERT = table_of(AlertRow)
DECISION = table_of(DecisionRow)
ENROLMENT = table_of(EnrolmentRow)
OCCASION = table_of(OccasionRow)
OUTBOX = table_of(OutboxRow)
REQUEST = table_of(RequestRow)
SLOT = table_of(SlotRow)
SUGGESTION = table_of(SuggestionRow)
UNMATCHED = table_of(UnmatchedRow)
Where = ColumnElement[bool]
ByPackage = Mapping[str, Mapping[Count, int]]


@dataclass(frozen=True, slots=True)
class Span:
    """A month.

    Args:
        start: first moment, aware UTC.
        end: first moment after it.
    """

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class EndedOccasion:
    """An occasion that was answered, or whose deadline passed without an answer.

    Args:
        channel: by which its invitation left; that of the enrolment where no invitation is on record any more.
        packages: for which it asked.
    """

    patient_ref: PatientRef
    answered: bool
    channel: str
    packages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Handled:
    """The first decision about a suggestion."""

    package: str
    made_at: datetime
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Counts in one clinic; nothing of any patient comes out but where an age is asked for."""

    scope: Scope

    def enrolled(self, until: datetime, horizon: Horizon) -> ByPackage:
        """Count, by package, who is in it at a moment, and of those who were assessed within the horizon."""
        runs = (
            ENROLMENT.c.enrolled_at < until,
            or_(ENROLMENT.c.state != EnrolmentState.ENDED, ENROLMENT.c.ended_at >= until),
        )
        columns = {
            Count.NEEDS_ASSESSED: exists().where(
                *_of(SUGGESTION), SUGGESTION.c.needs.is_not(None), *_within(SUGGESTION.c.made_at, horizon.since, until)
            ),
            Count.LEVEL_SET: exists().where(
                *_of(DECISION), DECISION.c.level.is_not(None), *_within(DECISION.c.decided_at, horizon.since, until)
            ),
            Count.ANNUAL_CONTROL: exists().where(
                *_of(ACTION),
                ACTION.c.code.in_(horizon.controls),
                ACTION.c.state == ActionState.COMPLETED,
                *_within(ACTION.c.changed_at, horizon.since, until),
            ),
        }
        counted = [func.sum(case((is_so, 1), else_=0)) for is_so in columns.values()]
        query = select(ENROLMENT.c.package, func.count(), *counted).where(self._here(ENROLMENT), *runs)
        names = (Count.ENROLLED, *columns)
        return self._many(names, query)

    def ended_occasions(self, span: Span) -> tuple[EndedOccasion, ...]:
        """Return the occasions that were answered in a month, or whose deadline fell into it."""
        was_answered = exists().where(
            REQUEST.c.clinic_id == OCCASION.c.clinic_id,
            REQUEST.c.occasion_id == OCCASION.c.id,
            REQUEST.c.completed_at.is_not(None),
        )
        # Each by its own index: of an OR, SQLite without statistics makes a walk through the clinic.
        ended = union_all(
            self._ended(OccasionState.COMPLETED, OCCASION.c.completed_at, span),
            self._ended(OccasionState.EXPIRED, OCCASION.c.expires_at, span),
        )
        asked = _joined(OCCASION, SLOT, SLOT.c.occasion_id == OCCASION.c.id)
        joined = asked.join(ENROLMENT, and_(_same_clinic(SLOT, ENROLMENT), SLOT.c.enrolment_id == ENROLMENT.c.id))
        query = select(
            OCCASION.c.id,
            OCCASION.c.patient_ref,
            was_answered.label("answered"),
            ENROLMENT.c.package,
            func.coalesce(_invited_by(), ENROLMENT.c.channel).label("channel"),
        )
        query = query.select_from(joined).where(self._here(OCCASION), OCCASION.c.id.in_(ended)).order_by(OCCASION.c.id)
        found: dict[str, EndedOccasion] = {}
        for row in self.scope.all(query):
            before = found[row.id].packages if row.id in found else frozenset()
            packages = before | {row.package}
            found[row.id] = EndedOccasion(PatientRef(row.patient_ref), bool(row.answered), row.channel, packages)
        return tuple(found.values())

    def _ended(self, state: OccasionState, at: ColumnElement[Any], span: Span) -> Select[Any]:
        return select(OCCASION.c.id).where(self._here(OCCASION), OCCASION.c.state == state, *_in(at, span))

    def destroyed(self) -> frozenset[PatientRef]:
        """Return the patients of whom nothing can be read any more."""
        return frozenset(PatientRef(row.id) for row in self.scope.all(destroyed(self.scope)))

    def unmatched(self, span: Span) -> int:
        """Count the answers that fitted no request when they came."""
        query = select(func.count()).select_from(UNMATCHED).where(self._here(UNMATCHED))
        return self._number(query.where(*_in(UNMATCHED.c.received_at, span)))

    def undelivered(self, span: Span) -> ByPackage:
        """Count, by package, what receivers refused or what was given up; invitations count for each package."""
        asks = and_(
            OUTBOX.c.enrolment_id.is_(None), _same_clinic(SLOT, OUTBOX), SLOT.c.occasion_id == OUTBOX.c.occasion_id
        )
        enrolment_id = func.coalesce(OUTBOX.c.enrolment_id, SLOT.c.enrolment_id)
        joined = OUTBOX.outerjoin(SLOT, asks).join(
            ENROLMENT, and_(_same_clinic(OUTBOX, ENROLMENT), ENROLMENT.c.id == enrolment_id)
        )
        query = select(ENROLMENT.c.package, func.count(distinct(OUTBOX.c.id))).select_from(joined)
        return self._by_package(Count.UNDELIVERED, query.where(*self._is_undelivered(span)))

    def undelivered_at_all(self, span: Span) -> int:
        """Count the messages themselves."""
        return self._number(select(func.count()).select_from(OUTBOX).where(*self._is_undelivered(span)))

    def answered(self, span: Span) -> ByPackage:
        """Count, by package, the occasions that were answered."""
        joined = _joined(SUGGESTION, ENROLMENT, SUGGESTION.c.enrolment_id == ENROLMENT.c.id)
        query = select(ENROLMENT.c.package, func.count(distinct(SUGGESTION.c.occasion_id))).select_from(joined)
        return self._by_package(Count.ANSWERED, query.where(self._here(SUGGESTION), *_first_in(span)))

    def answered_at_all(self, span: Span) -> int:
        """Count the occasions themselves."""
        query = select(func.count(distinct(SUGGESTION.c.occasion_id))).select_from(SUGGESTION)
        return self._number(query.where(self._here(SUGGESTION), *_first_in(span)))

    def alerts(self, span: Span) -> ByPackage:
        """Count, by package, the alerts and those on which somebody acted since."""
        acted = func.sum(case((ALERT.c.acted_at.is_not(None), 1), else_=0))
        joined = _joined(ALERT, ENROLMENT, ALERT.c.enrolment_id == ENROLMENT.c.id)
        query = select(ENROLMENT.c.package, func.count(), acted).select_from(joined)
        query = query.where(self._here(ALERT), *_in(ALERT.c.raised_at, span))
        return self._many((Count.ALERTS, Count.ACTED_ON), query)

    def decisions(self, span: Span) -> ByPackage:
        """Count, by package, the decisions on a suggested colour and those with another one."""
        other = func.sum(case((DECISION.c.colour != SUGGESTION.c.colour, 1), else_=0))
        query = select(ENROLMENT.c.package, func.count(), other).select_from(_decided())
        query = query.where(
            self._here(DECISION), SUGGESTION.c.colour != Colour.UNKNOWN, *_in(DECISION.c.decided_at, span)
        )
        return self._many((Count.DECIDED, Count.OVERRIDDEN), query)

    def handled(self, span: Span) -> tuple[Handled, ...]:
        """Return the decisions of a month that were the first about an answer."""
        earlier = DECISION.alias()
        is_first = ~exists().where(
            earlier.c.clinic_id == DECISION.c.clinic_id,
            earlier.c.suggestion_id == DECISION.c.suggestion_id,
            earlier.c.decided_at < DECISION.c.decided_at,
        )
        query = select(ENROLMENT.c.package, SUGGESTION.c.made_at, DECISION.c.decided_at).select_from(_decided())
        rows = self.scope.all(query.where(self._here(DECISION), is_first, *_in(DECISION.c.decided_at, span)))
        return tuple(Handled(row.package, row.made_at, row.decided_at) for row in rows)

    def _is_undelivered(self, span: Span) -> tuple[Where, ...]:
        told = OUTBOX.c.kind != MessageKind.OPERATOR_ALARM
        return self._here(OUTBOX), OUTBOX.c.state == MessageState.DEAD, told, *_in(OUTBOX.c.closed_at, span)

    def _here(self, table: Any) -> Where:
        here: Where = table.c.clinic_id == self.scope.clinic_id
        return here

    def _number(self, query: Select[Any]) -> int:
        return int(self.scope.all(query)[0][0])

    def _by_package(self, count: Count, query: Select[Any]) -> ByPackage:
        return self._many((count,), query)

    def _many(self, names: Sequence[Count], query: Select[Any]) -> ByPackage:
        """Return the numbers that follow the package, by name."""
        found: dict[str, Mapping[Count, int]] = {}
        for row in self.scope.all(query.group_by(ENROLMENT.c.package)):
            package, *numbers = tuple(row)
            found[str(package)] = {name: int(number) for name, number in zip(names, numbers, strict=True)}
        return found


def _of(table: Any) -> tuple[Where, Where]:
    return table.c.clinic_id == ENROLMENT.c.clinic_id, table.c.enrolment_id == ENROLMENT.c.id


def _within(column: ColumnElement[Any], since: datetime, until: datetime) -> tuple[Where, Where]:
    return column >= since, column < until


def _in(column: ColumnElement[Any], span: Span) -> tuple[Where, Where]:
    return _within(column, span.start, span.end)


def _first_in(span: Span) -> tuple[Where, ...]:
    """Make the condition that a suggestion is the first of its occasion, and of this month."""
    # The number is written out, so that SQLite knows the index of those.
    return SUGGESTION.c.n == literal_column("1"), *_in(SUGGESTION.c.made_at, span)


def _same_clinic(one: Any, other: Any) -> Where:
    same: Where = one.c.clinic_id == other.c.clinic_id
    return same


def _joined(one: Any, other: Any, where: Where) -> Any:
    return one.join(other, and_(_same_clinic(one, other), where))


def _decided() -> Any:
    about = _joined(DECISION, SUGGESTION, DECISION.c.suggestion_id == SUGGESTION.c.id)
    return about.join(ENROLMENT, and_(_same_clinic(DECISION, ENROLMENT), DECISION.c.enrolment_id == ENROLMENT.c.id))


def _invited_by() -> Any:
    """Make the query of the channel that took an occasion's last invitation."""
    query = select(OUTBOX.c.target).where(
        OUTBOX.c.clinic_id == OCCASION.c.clinic_id,
        OUTBOX.c.occasion_id == OCCASION.c.id,
        OUTBOX.c.kind == MessageKind.INVITATION,
        OUTBOX.c.state == MessageState.ACCEPTED,
    )
    return query.order_by(OUTBOX.c.id.desc()).limit(1).correlate(OCCASION).scalar_subquery()
