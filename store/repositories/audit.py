"""Audit rows, written in the transaction that they describe."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast

from kernel.errors import NotFoundError
from kernel.ids import PatientRef, new_id
from security.actor import Actor, Role
from security.audit import AuditEvent
from store.base import table_of
from store.scope import Found, Scope
from store.tables.audit_event import AuditEventRow
from store.values import to_value

AUDIT = table_of(AuditEventRow)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who did something, as the audit row says."""

    role: Role
    actor_id: str
    on_behalf_of: str | None


@dataclass(frozen=True, slots=True)
class FiledEvent:
    """One audit row as it stands."""

    id: str
    at: datetime
    role: Role
    actor_id: str
    on_behalf_of: str | None
    action: str
    entity: str
    patients: tuple[PatientRef, ...]
    purpose: str


def concerns(patients: ColumnElement[Any], patient_ref: str) -> ColumnElement[bool]:
    """Make the condition that a row concerns a patient; a pseudonym stands in quotes, so none is part of another."""
    return cast(patients, Text).contains(f'"{patient_ref}"', autoescape=True)


@dataclass(frozen=True, slots=True)
class Audit:
    """Adds and reads audit rows."""

    scope: Scope

    def record(self, event: AuditEvent) -> None:
        """Record what the transaction's actor does."""
        self.record_all([event])

    def record_all(self, events: Sequence[AuditEvent]) -> None:
        """Record many acts of the transaction's actor by one statement.

        Raises:
            NotFoundError: the actor may see one patient alone, and this is about another: as if there were none.
        """
        _refuse_others(self.scope.actor, events)
        self.scope.insert_all(AUDIT, [self._columns(event) for event in events])

    def _columns(self, event: AuditEvent) -> Mapping[str, object]:
        actor = self.scope.actor
        return {
            "id": new_id(),
            "at": self.scope.now if event.at is None else event.at,
            "role": actor.role,
            "actor_id": actor.id,
            "on_behalf_of": actor.on_behalf_of,
            "action": event.action,
            "entity": event.entity,
            "patients": list(event.patients),
            "purpose": event.purpose,
        }

    def doer(self, actions: Collection[str], entity: str) -> Doer | None:
        """Return who was the first to do one of these things to an entity."""
        done = self.scope.select(AUDIT, AUDIT.c.entity == entity, AUDIT.c.action.in_(sorted(actions)))
        row = self.scope.first(done.order_by(AUDIT.c.id))
        return None if row is None else to_value(Doer, row)

    def get(self, event_id: str) -> FiledEvent:
        """Return one row.

        Raises:
            NotFoundError: there is none in this clinic.
        """
        return _filed(self.scope.get(AUDIT, event_id))

    def of_patient(
        self, patient_ref: PatientRef, *, after: str | None = None, limit: int, newest_first: bool = False
    ) -> tuple[FiledEvent, ...]:
        """Return rows that concern a patient, in the order of their ids.

        Args:
            after: id of the last row of the part before.
        """
        beyond = () if after is None else (AUDIT.c.id < after if newest_first else AUDIT.c.id > after,)
        query = self.scope.select(AUDIT, concerns(AUDIT.c.patients, patient_ref), *beyond)
        query = query.order_by(AUDIT.c.id.desc() if newest_first else AUDIT.c.id).limit(limit)
        return tuple(_filed(row) for row in self.scope.all(query))

    def between(
        self, since: datetime, until: datetime, *, after: str | None = None, limit: int
    ) -> tuple[FiledEvent, ...]:
        """Return rows of acts from a moment on and before another, in the order of their ids.

        Args:
            after: id of the last row of the part before.
        """
        beyond = () if after is None else (AUDIT.c.id > after,)
        query = self.scope.select(AUDIT, AUDIT.c.at >= since, AUDIT.c.at < until, *beyond)
        return tuple(_filed(row) for row in self.scope.all(query.order_by(AUDIT.c.id).limit(limit)))

    def events(self) -> tuple[AuditEvent, ...]:
        """Return all audit events of the clinic, oldest first."""
        rows = self.scope.all(self.scope.select(AUDIT).order_by(AUDIT.c.id))
        return tuple(AuditEvent(row.action, row.entity, tuple(row.patients), row.purpose, row.at) for row in rows)


def _refuse_others(actor: Actor, events: Sequence[AuditEvent]) -> None:
    """Keep whoever was let in for one patient from every other: no act is done without its row."""
    only = actor.patient_ref
    if only is not None and any(set(event.patients) - {only} for event in events):
        raise NotFoundError("There is no such patient.")


def _filed(row: Found) -> FiledEvent:
    return to_value(FiledEvent, row, patients=tuple(PatientRef(ref) for ref in row.patients))
