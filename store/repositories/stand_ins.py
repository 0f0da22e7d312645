"""Who stands in for whom, from day to day."""

from dataclasses import dataclass
from datetime import date

from delivery.postponement import StandIn
from kernel.ids import PersonId, StandInId
from store.base import table_of
from store.scope import Scope
from store.tables.stand_in import StandInRow
from store.values import to_columns, to_value

STAND_IN = table_of(StandInRow)


@dataclass(frozen=True, slots=True)
class StandIns:
    """Reads and writes who stands in for whom in one clinic."""

    scope: Scope

    def add(self, stand_in: StandIn) -> None:
        """Add a stay away; a person of another clinic is a ConflictError."""
        by = {"set_by": self.scope.actor.id, "set_at": self.scope.now}
        self.scope.insert(STAND_IN, {**to_columns(stand_in), **by})

    def end(self, stand_in_id: StandInId) -> bool:
        """End a stay away before its last day; False if it had ended."""
        running = (STAND_IN.c.id == stand_in_id, STAND_IN.c.ended_at.is_(None))
        return self.scope.update(STAND_IN, running, {"ended_at": self.scope.now}) == 1

    def from_day(self, day: date) -> tuple[StandIn, ...]:
        """Return what holds on a Danish day or later, by its first day."""
        query = self.scope.select(STAND_IN, STAND_IN.c.last_day >= day, STAND_IN.c.ended_at.is_(None))
        rows = self.scope.all(query.order_by(STAND_IN.c.first_day, STAND_IN.c.id))
        return tuple(to_value(StandIn, row) for row in rows)

    def away_for(self, person_id: PersonId, day: date) -> tuple[PersonId, ...]:
        """Return for whom a person stands in on a Danish day."""
        here = (STAND_IN.c.stands_in_id == person_id, STAND_IN.c.first_day <= day, STAND_IN.c.last_day >= day)
        rows = self.scope.all(self.scope.select(STAND_IN, *here, STAND_IN.c.ended_at.is_(None)))
        return tuple(sorted({PersonId(row.person_id) for row in rows}))
