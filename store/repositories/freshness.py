"""How fresh patients' status must be before anybody is written to, and what holds a message."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from delivery.outbox import MessageKind
from delivery.patient_status import FeedDemand, Hold, StatusFeed
from kernel.ids import PatientRef
from store.base import table_of
from store.dialect import insert_for
from store.gates import not_fresh
from store.repositories.statuses import Statuses
from store.scope import Scope
from store.tables.status_demand import StatusDemandRow
from store.values import to_columns, to_value

DEMAND = table_of(StatusDemandRow)


@dataclass(frozen=True, slots=True)
class Freshness:
    """Reads and sets what a clinic demands of its sources."""

    scope: Scope

    def demand(self, source: str, max_age_h: int) -> None:
        """Demand that a source spoke within so many hours, from now on, in place of any earlier demand on it."""
        heard = {feed.source: feed.received_at for feed in Statuses(self.scope).feeds()}
        fresh_until = heard[source] + timedelta(hours=max_age_h) if source in heard else None
        values = {**to_columns(FeedDemand(source, max_age_h, fresh_until)), "clinic_id": self.scope.clinic_id}
        newer = {"max_age_h": max_age_h, "fresh_until": fresh_until}
        statement = insert_for(self.scope.connection, DEMAND).values(values)
        self.scope.connection.execute(
            statement.on_conflict_do_update(index_elements=["clinic_id", "source"], set_=newer)
        )

    def drop(self, source: str) -> bool:
        """Demand nothing of a source any more; False if nothing was."""
        return self.scope.delete(DEMAND, DEMAND.c.source == source) == 1

    def heard(self, feed: StatusFeed) -> None:
        """Let what a source said count as fresh for as long as the clinic's demand on it says."""
        for demand in self.demands():
            if demand.source == feed.source:
                until = feed.received_at + timedelta(hours=demand.max_age_h)
                self.scope.update(DEMAND, (DEMAND.c.source == feed.source,), {"fresh_until": until})

    def demands(self) -> tuple[FeedDemand, ...]:
        """Return what the clinic demands, by source."""
        query = self.scope.select(DEMAND).order_by(DEMAND.c.source)
        return tuple(to_value(FeedDemand, row) for row in self.scope.all(query))

    def stale(self) -> tuple[FeedDemand, ...]:
        """Return the demands whose source has not spoken in time; while there is one, nobody is written to."""
        query = select(DEMAND).where(DEMAND.c.clinic_id == self.scope.clinic_id, not_fresh(DEMAND, self.scope.now))
        return tuple(to_value(FeedDemand, row) for row in self.scope.all(query.order_by(DEMAND.c.source)))

    def held_because(self, kind: MessageKind, patient_ref: PatientRef, target: str) -> Hold | None:
        """Tell which gate keeps a message from leaving now; None = no gate of the patient's status does.

        Args:
            target: name of its channel.
        """
        if not kind.is_to_patient:
            return None
        if self.stale():
            return Hold.STATUS_STALE
        return None if Statuses(self.scope).may_be_written_to(patient_ref, target) else Hold.PATIENT_STATUS
