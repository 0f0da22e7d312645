"""Pages of the worklist: read from the index that is in their order, a patient once, and counted up to a limit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from delivery.recurrence import danish_date, danish_midnight
from delivery.schedule import EnrolmentState, OccasionState
from delivery.work_query import Order, Place, Tab, Wanted
from delivery.worklist import place_of
from kernel.ids import EnrolmentId, PatientRef
from store.base import table_of
from store.scope import Found, Scope
from store.sealing import destroyed
from store.tables.appointment import AppointmentRow
from store.tables.enrolment import EnrolmentRow
from store.tables.occasion import OccasionRow
from store.tables.work import WorkRow
from store.types import UtcDateTime
from store.values import batched

APPOINTMENT, ENROLMENT, OCCASION = table_of(AppointmentRow), table_of(EnrolmentRow), table_of(OccasionRow)
WORK = table_of(WorkRow)
RUNNING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
COUNTED = 100
"""Nobody reads a larger number than "more than 99", and to count on would cost more with every patient."""
KEYS = {
    (Tab.ASSESS, Order.DUE): ("tier", "due_day", "place", "step", "answered_at", "id"),
    (Tab.ASSESS, Order.COLOUR): ("place", "step", "answered_at", "id"),
    (Tab.WISHES, Order.DUE): ("wished_at", "id"),
    (Tab.UNANSWERED, Order.DUE): ("unanswered_at", "id"),
    (Tab.UNDELIVERED, Order.DUE): ("undelivered_at", "id"),
    (Tab.POSTPONED, Order.DUE): ("postponed_until", "id"),
    (Tab.OTHERS, Order.DUE): ("id",),
}
"""Tab and order -> columns, each the index of its own."""
CAME = {Tab.WISHES: "wished_at", Tab.UNANSWERED: "unanswered_at", Tab.UNDELIVERED: "undelivered_at"}
"""Tab -> when what it lists came; else when it was answered."""


@dataclass(frozen=True, slots=True)
class WorkPages:
    """Reads pages of one clinic's list."""

    scope: Scope

    def page(self, wanted: Wanted, limit: int) -> tuple[Place, ...]:
        """Return the places of a page, one for each patient."""
        if wanted.tab is Tab.OTHERS:
            return self._others(wanted, limit)
        rows = self.scope.all(self.statement(wanted).limit(limit))
        return tuple(_place(row, _key(wanted)) for row in rows)

    def statement(self, wanted: Wanted) -> Select[Any]:
        """Write the query of a page of any tab but the others'."""
        columns = [WORK.c[name] for name in _key(wanted)]
        query = self._query(wanted)
        if len(wanted.after) == len(columns):
            query = query.where(_after(columns, wanted.after))
        return query.order_by(*columns)

    def with_appointment(self, wanted: Wanted, limit: int) -> tuple[Place, ...]:
        """Return places by the patients' next appointment; those without any are not among them."""
        next_one = (
            select(APPOINTMENT.c.patient_ref, func.min(APPOINTMENT.c.starts_at).label("starts_at"))
            .where(APPOINTMENT.c.clinic_id == self.scope.clinic_id, APPOINTMENT.c.starts_at >= self.scope.now)
            .group_by(APPOINTMENT.c.patient_ref)
            .subquery("next_one")
        )
        query = self._query(wanted).join(next_one, next_one.c.patient_ref == WORK.c.patient_ref)
        columns = [next_one.c.starts_at, WORK.c.id]
        if len(wanted.after) == len(columns):
            query = query.where(_after(columns, wanted.after))
        rows = self.scope.all(query.add_columns(next_one.c.starts_at).order_by(*columns).limit(limit))
        return tuple(_place(row, ("starts_at", "id")) for row in rows)

    def without_appointment(self, wanted: Wanted, limit: int) -> tuple[Place, ...]:
        """Return places of patients without a next appointment, by the day on which they are due."""
        coming = exists().where(
            APPOINTMENT.c.clinic_id == WORK.c.clinic_id,
            APPOINTMENT.c.patient_ref == WORK.c.patient_ref,
            APPOINTMENT.c.starts_at >= self.scope.now,
        )
        names = KEYS[Tab.ASSESS, Order.DUE]
        columns = [WORK.c[name] for name in names]
        query = self._query(replace(wanted, order=Order.DUE)).where(~coming)
        if len(wanted.after) == len(columns):
            query = query.where(_after(columns, wanted.after))
        rows = self.scope.all(query.order_by(*columns).limit(limit))
        return tuple(_place(row, names) for row in rows)

    def count(self, wanted: Wanted) -> int:
        """Count patients up to `COUNTED`."""
        if wanted.tab is Tab.OTHERS:
            return len(self._others(wanted, COUNTED))
        # In the order of the page: else a database may walk over every row of the clinic to find so many.
        return len(self.scope.all(self.statement(wanted).with_only_columns(WORK.c.id).limit(COUNTED)))

    def count_newer(self, wanted: Wanted, seen: datetime) -> int:
        """Count what was answered after a moment and is not shown therefore, up to `COUNTED`."""
        newer = self._query(replace(wanted, seen=None, order=Order.DUE), WORK.c.answered_at > seen)
        return len(self.scope.all(newer.with_only_columns(WORK.c.id).order_by(WORK.c.answered_at).limit(COUNTED)))

    def rows(self, enrolment_ids: Sequence[EnrolmentId]) -> tuple[Found, ...]:
        """Return what waits in enrolments; those in which nothing happened have no row."""
        batches = batched(sorted(enrolment_ids))
        return tuple(row for ids in batches for row in self.scope.all(self.scope.select(WORK, WORK.c.id.in_(ids))))

    def next_appointments(self, patient_refs: Sequence[PatientRef]) -> dict[PatientRef, datetime]:
        """Return when patients come next."""
        coming = (APPOINTMENT.c.patient_ref.in_(sorted(patient_refs)), APPOINTMENT.c.starts_at >= self.scope.now)
        query = self.scope.select(APPOINTMENT, *coming).with_only_columns(
            APPOINTMENT.c.patient_ref, func.min(APPOINTMENT.c.starts_at).label("starts_at")
        )
        rows = self.scope.all(query.group_by(APPOINTMENT.c.patient_ref))
        return {PatientRef(row.patient_ref): row.starts_at for row in rows}

    def _query(self, wanted: Wanted, *more: ColumnElement[bool]) -> Select[Any]:
        """Start the query of a tab: of each patient the first row alone."""
        names = _key(wanted)
        other = WORK.alias("other")
        mine = tuple_(*(WORK.c[name] for name in names))
        # Hidden from the index of the order: by it SQLite would look for the patient among all who stand before.
        first = func.coalesce(other.c[names[0]], other.c[names[0]])
        theirs = tuple_(first, *(other.c[name] for name in names[1:]))
        earlier = exists().where(
            other.c.clinic_id == self.scope.clinic_id,
            other.c.patient_ref == WORK.c.patient_ref,
            theirs < mine,
            *self._conditions(other, wanted),
        )
        return self.scope.select(WORK, *self._conditions(WORK, wanted), ~earlier, *more)

    def _conditions(self, table: FromClause, wanted: Wanted) -> list[ColumnElement[bool]]:
        today = danish_date(self.scope.now)
        return [*_of_tab(table, wanted.tab, today), *_narrowed(table, wanted)]

    def _others(self, wanted: Wanted, limit: int) -> tuple[Place, ...]:
        """Return patients of whom nothing waits in any package."""
        waits = exists().where(
            WORK.c.clinic_id == ENROLMENT.c.clinic_id,
            WORK.c.patient_ref == ENROLMENT.c.patient_ref,
            or_(WORK.c.due_day.is_not(None), WORK.c.unanswered_at.is_not(None)),
        )
        other = ENROLMENT.alias("other")
        same = (other.c.clinic_id == ENROLMENT.c.clinic_id, other.c.patient_ref == ENROLMENT.c.patient_ref)
        earlier = exists().where(*same, other.c.state.in_(RUNNING), other.c.id < ENROLMENT.c.id)
        query = self.scope.select(ENROLMENT, ENROLMENT.c.state.in_(RUNNING), ~waits, ~earlier)
        query = query.where(ENROLMENT.c.patient_ref.not_in(destroyed(self.scope)))
        if wanted.package:
            query = query.where(ENROLMENT.c.package == wanted.package)
        if wanted.after:
            query = query.where(ENROLMENT.c.id > wanted.after[-1])
        rows = self.scope.all(query.order_by(ENROLMENT.c.id).limit(limit))
        return tuple(_place(row, ("id",)) for row in rows)


def _key(wanted: Wanted) -> tuple[str, ...]:
    return KEYS.get((wanted.tab, wanted.order)) or KEYS[wanted.tab, Order.DUE]


def _of_tab(table: FromClause, tab: Tab, today: date) -> list[ColumnElement[bool]]:
    """Say what a tab lists; who is put off stands in a tab of its own."""
    here: ColumnElement[bool] = or_(table.c.postponed_until.is_(None), table.c.postponed_until < today)
    newer = (OCCASION.c.clinic_id == table.c.clinic_id, OCCASION.c.patient_ref == table.c.patient_ref)
    if tab is Tab.POSTPONED:
        return [table.c.postponed_until.is_not(None), table.c.postponed_until >= today]
    if tab is Tab.WISHES:
        return [table.c.wished_at.is_not(None)]
    if tab is Tab.UNANSWERED:
        asked_again = exists().where(*newer, OCCASION.c.opened_at > table.c.unanswered_at)
        return [table.c.unanswered_at.is_not(None), here, ~asked_again]
    if tab is Tab.UNDELIVERED:
        still = and_(OCCASION.c.state == OccasionState.OPEN, OCCASION.c.opened_at <= table.c.undelivered_at)
        return [table.c.undelivered_at.is_not(None), here, exists().where(*newer, still)]
    return [table.c.due_day.is_not(None), here]


def _narrowed(table: FromClause, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Say what the filters leave."""
    came = table.c[CAME.get(wanted.tab, "answered_at")]
    chosen: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.package, table.c.package == wanted.package),
        (wanted.level, table.c.level == wanted.level),
        (wanted.whose, table.c.assigned_to.in_(wanted.whose)),
        (wanted.is_nobodys, table.c.assigned_to.is_(None)),
    ]
    found = [condition for value, condition in chosen if value]
    if wanted.colour is not None:
        found.append(table.c.place == place_of(wanted.colour))
    if wanted.first_day:
        found.append(came >= danish_midnight(wanted.first_day))
    if wanted.last_day:
        found.append(came < danish_midnight(date.fromordinal(wanted.last_day.toordinal() + 1)))
    if wanted.seen and wanted.tab is Tab.ASSESS:
        found.append(table.c.answered_at <= wanted.seen)
    return found


def _after(columns: Sequence[ColumnElement[Any]], after: Sequence[str]) -> ColumnElement[bool]:
    values = [literal(_read(column, text), column.type) for column, text in zip(columns, after, strict=True)]
    return tuple_(*columns) > tuple_(*values)


def _read(column: ColumnElement[Any], text: str) -> object:
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(text)
    if isinstance(column.type, Date):
        return date.fromisoformat(text)
    return int(text) if isinstance(column.type, Integer) else text


def _place(row: Found, names: Sequence[str]) -> Place:
    values = (getattr(row, name) for name in names)
    key = tuple(one.isoformat() if isinstance(one, date) else str(one) for one in values)
    return Place(row.patient_ref, EnrolmentId(row.id), key)
