"""Delegations: given by clinicians to others of the staff, ended or run out, never changed."""

from dataclasses import dataclass
from datetime import date, datetime

from kernel.ids import PersonId, new_id
from store.base import table_of
from store.scope import Scope
from store.tables.delegation import DelegationRow
from store.values import to_value

DELEGATION = table_of(DelegationRow)


@dataclass(frozen=True, slots=True)
class Delegation:
    """That somebody decides in the name of a clinician.

    Args:
        terms: what may be decided, in the clinic's words or by the name of its written instruction.
        until: last Danish day.
        ended_at: when it was taken back, aware UTC.
    """

    id: str
    clinician_id: PersonId
    delegate_id: PersonId
    terms: str
    until: date
    given_at: datetime
    ended_at: datetime | None = None

    def stands(self, day: date) -> bool:
        """Tell whether it counts on a Danish day."""
        return self.ended_at is None and day <= self.until


@dataclass(frozen=True, slots=True)
class Delegations:
    """Reads and writes the delegations of one clinic."""

    scope: Scope

    def all(self) -> tuple[Delegation, ...]:
        """Return every delegation that was ever given, oldest first."""
        rows = self.scope.all(self.scope.select(DELEGATION).order_by(DELEGATION.c.id))
        return tuple(to_value(Delegation, row) for row in rows)

    def give(self, clinician_id: PersonId, delegate_id: PersonId, terms: str, until: date) -> Delegation:
        """Record a delegation; one that stands between the two is ended by it."""
        standing = (DELEGATION.c.clinician_id == clinician_id, DELEGATION.c.delegate_id == delegate_id)
        self.scope.update(DELEGATION, (*standing, DELEGATION.c.ended_at.is_(None)), {"ended_at": self.scope.now})
        given = Delegation(new_id(), clinician_id, delegate_id, terms, until, self.scope.now)
        columns = {name: getattr(given, name) for name in ("id", "clinician_id", "delegate_id", "terms", "until")}
        self.scope.insert(DELEGATION, {**columns, "given_at": given.given_at})
        return given

    def end(self, delegation_id: str) -> None:
        """Take a delegation back; one that was taken back before stays as it is.

        Raises:
            NotFoundError: there is none in this clinic.
        """
        self.scope.get(DELEGATION, delegation_id)
        open_ = (DELEGATION.c.id == delegation_id, DELEGATION.c.ended_at.is_(None))
        self.scope.update(DELEGATION, open_, {"ended_at": self.scope.now})
