"""ARRANGE: through which channels a clinic's patients are asked, one after another."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from delivery.ladder import Step, faults_of
from kernel.errors import InvalidInputError, Issue
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store


@dataclass(frozen=True, slots=True)
class ChooseLadder:
    """The use cases of whoever runs the service for a clinic.

    Args:
        channels: names of the channels that this installation has.
    """

    store: Store
    channels: Collection[str]

    def shown(self, actor: Actor) -> Mapping[str, tuple[Step, ...]]:
        """Return the ladder of each package that the actor's clinic runs; an empty one where it has set none."""
        allow(actor, Action.ADMINISTER)
        with self.store.read(actor.clinic_id, actor) as tx:
            return {package: tx.ladders.of(package) for package in sorted(tx.clinics.packages())}

    def set(self, actor: Actor, package: str, steps: Sequence[Step]) -> None:
        """Put a ladder in the place of the package's old one; what waits goes on by the new one.

        Raises:
            NotFoundError: the clinic does not run the package.
            InvalidInputError: names every fault of the ladder.
        """
        allow(actor, Action.ADMINISTER)
        if faults := faults_of(steps, self.channels):
            raise InvalidInputError(
                "The ladder cannot be used.",
                issues=[Issue("value", fault, "ladder", rule="ladder") for fault in faults],
            )
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.clinics.opt_in(package)
            tx.ladders.set(package, steps)
            tx.audit.record(AuditEvent("set-ladder", f"Package/{package}", purpose="delivery"))
