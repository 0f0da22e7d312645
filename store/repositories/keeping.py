"""What the clinic has chosen about how long its data is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from delivery.retention import RetentionClass
from store.base import table_of
from store.scope import Scope
from store.tables.clinic_retention import ClinicRetentionRow

CHOICE = table_of(ClinicRetentionRow)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Reads and sets the clinic's choices."""

    scope: Scope

    def chosen(self) -> Mapping[RetentionClass, int]:
        """Return the days of each class that the clinic has chosen about."""
        return {row.kind: row.days for row in self.scope.all(self.scope.select(CHOICE))}

    def choose(self, kind: RetentionClass, days: int | None) -> None:
        """Put a choice in the place of an older one; None = as the content file says."""
        self.scope.delete(CHOICE, CHOICE.c.kind == kind)
        if days is not None:
            self.scope.insert(CHOICE, {"kind": kind, "days": days, "chosen_at": self.scope.now})
