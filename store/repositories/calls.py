"""The clinic's call list: open occasions that the clinic itself asks, and the calls that nobody answered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func

from delivery.outbox import MessageKind, MessageState
from delivery.patient_status import CLINIC_CHANNEL
from delivery.schedule import Occasion, OccasionState
from kernel.ids import OccasionId
from security.audit import AuditEvent
from store.base import table_of
from store.gates import may_be_written_to
from store.repositories.audit import Audit
from store.repositories.occasions import to_occasion
from store.scope import Scope
from store.tables.audit_event import AuditEventRow
from store.tables.occasion import OccasionRow
from store.tables.outbox import OutboxRow
from store.values import batched

AUDIT = table_of(AuditEventRow)
OCCASION = table_of(OccasionRow)
OUTBOX = table_of(OutboxRow)
NOT_REACHED = "not-reached"
"""The act of calling a patient who does not answer; its audit rows are the attempts (decision 0022)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A place on the call list.

    Args:
        since: when the occasion came on the list, aware UTC.
    """

    occasion: Occasion
    since: datetime


@dataclass(frozen=True, slots=True)
class Attempts:
    """The calls that a patient did not answer in one occasion.

    Args:
        last_at: when the last of them was, aware UTC.
    """

    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Calls:
    """Reads the call list, and records who was not reached."""

    scope: Scope

    def waiting(self) -> tuple[Call, ...]:
        """Return whom to call, the nearest deadline first."""
        query = self._listed().add_columns(func.coalesce(OUTBOX.c.closed_at, OUTBOX.c.due_at).label("since"))
        rows = self.scope.all(query.order_by(OCCASION.c.expires_at, OCCASION.c.id))
        return tuple(Call(to_occasion(row), row.since) for row in rows)

    def count_waiting(self) -> int:
        """Count whom to call."""
        (row,) = self.scope.all(self._listed().with_only_columns(func.count()))
        return int(row[0])

    def holds(self, occasion_id: OccasionId) -> bool:
        """Tell whether an occasion is on the list."""
        return self.scope.first(self._listed().where(OCCASION.c.id == occasion_id)) is not None

    def not_reached(self, occasion: Occasion) -> None:
        """Record that the transaction's actor called at this moment and nobody answered."""
        Audit(self.scope).record(AuditEvent(NOT_REACHED, _entity(occasion.id), (occasion.patient_ref,), "delivery"))

    def attempts(self, occasion_ids: Collection[OccasionId]) -> Mapping[OccasionId, Attempts]:
        """Return the calls in vain of these occasions; those without any are left out."""
        wanted = {_entity(occasion_id): occasion_id for occasion_id in occasion_ids}
        found: dict[OccasionId, Attempts] = {}
        for batch in batched(sorted(wanted)):
            tried = self.scope.select(AUDIT, AUDIT.c.entity.in_(batch), AUDIT.c.action == NOT_REACHED)
            columns = (AUDIT.c.entity, func.count().label("tries"), func.max(AUDIT.c.at).label("last_at"))
            for row in self.scope.all(tried.with_only_columns(*columns).group_by(AUDIT.c.entity)):
                found[wanted[row.entity]] = Attempts(row.tries, row.last_at)
        return found

    def _listed(self) -> Select[Any]:
        """Start the query of what is on the list: handed to the clinic itself, open, and no gate has closed since."""
        same = (OUTBOX.c.clinic_id == OCCASION.c.clinic_id) & (OUTBOX.c.occasion_id == OCCASION.c.id)
        here = (
            OCCASION.c.state == OccasionState.OPEN,
            OCCASION.c.expires_at > self.scope.now,
            OUTBOX.c.kind == MessageKind.INVITATION,
            OUTBOX.c.target == CLINIC_CHANNEL,
            OUTBOX.c.state == MessageState.ACCEPTED,
            may_be_written_to(OCCASION.c.clinic_id, OCCASION.c.patient_ref, OUTBOX.c.target),
        )
        return self.scope.select(OCCASION, *here).select_from(OCCASION.join(OUTBOX, same))


def _entity(occasion_id: OccasionId) -> str:
    return f"Occasion/{occasion_id}"
