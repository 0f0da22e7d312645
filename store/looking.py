"""The part of a transaction that looks at a clinic as a whole, and at who may act in whose name."""

from dataclasses import dataclass
from functools import cached_property

from store.repositories.candidates import Candidates
from store.repositories.delegations import Delegations
from store.repositories.monitoring import Monitoring
from store.repositories.population import Population
from store.scope import Scope


@dataclass(frozen=True)
class Looking:
    """What a transaction reads of all patients at once.

    Args:
        scope: what all its repositories share; nothing outside the store uses it.
    """

    scope: Scope

    @cached_property
    def candidates(self) -> Candidates:
        """Patients of lists who might enter a package."""
        return Candidates(self.scope)

    @cached_property
    def population(self) -> Population:
        """Where the clinic's patients stand in their packages."""
        return Population(self.scope)

    @cached_property
    def monitoring(self) -> Monitoring:
        """What of a month can be counted."""
        return Monitoring(self.scope)

    @cached_property
    def delegations(self) -> Delegations:
        """In whose name others of the staff decide."""
        return Delegations(self.scope)
