"""POPULATION: where the patients in packages stand: due, answered, level, last annual control."""

from dataclasses import dataclass, field

from delivery.content import Content
from delivery.monitoring import month_after
from delivery.patient_status import StatusKind
from delivery.population import Horizon, InPackage, Standings, Wish
from delivery.recurrence import danish_date, danish_midnight
from kernel.clock import Clock
from kernel.ids import EnrolmentId
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import masked
from security.policy import Action, allow
from store.database import Store

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class ShownInPackage:
    """A patient in a package as a person sees one.

    Args:
        identifier: masked behind the date of birth.
        known: what keeps the clinic from writing to the patient.
    """

    standing: InPackage
    name: str = field(repr=False)
    identifier: str = field(repr=False)
    known: frozenset[StatusKind] = frozenset()


@dataclass(frozen=True, slots=True)
class PopulationPage:
    """A page of the population, the counts over all, and the id to go on from; None on the last."""

    patients: tuple[ShownInPackage, ...]
    counted: tuple[Standings, ...]
    next: EnrolmentId | None


@dataclass(frozen=True, slots=True)
class ShowPopulation:
    """The use case."""

    store: Store
    content: Content
    clock: Clock

    def __call__(
        self, actor: Actor, wish: Wish, *, limit: int = 50, after: EnrolmentId | None = None
    ) -> PopulationPage:
        """Return a page of the patients in packages, with how they stand."""
        allow(actor, Action.READ_WORKLIST)
        most, horizon = min(limit, MOST_ROWS), self._horizon()
        with self.store.write(actor.clinic_id, actor) as tx:
            found = tx.population.page(wish, horizon, limit=most + 1, after=after)
            refs = frozenset(one.enrolment.patient_ref for one in found[:most])
            who = tx.patients.identities(refs)
            known = {ref: tx.statuses.stopping(ref) for ref in refs}
            shown = tuple(
                ShownInPackage(one, who[ref].name, masked(who[ref].identifier), known[ref])
                for one, ref in ((one, one.enrolment.patient_ref) for one in found[:most])
            )
            tx.audit.record(AuditEvent("read", "Population", tuple(sorted(refs))))
            counted = tx.population.counted(horizon)
        return PopulationPage(shown, counted, found[most - 1].enrolment.id if len(found) > most else None)

    def _horizon(self) -> Horizon:
        rule, today = self.content.monitoring, danish_date(self.clock.now())
        first = month_after(today.replace(day=1), -rule.window_months)
        return Horizon(danish_midnight(first), rule.annual_control)
