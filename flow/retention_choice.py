"""CHOOSE: how long a clinic keeps its data, within what the content file allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from delivery.content import Content
from delivery.retention import Bounds, RetentionClass
from kernel.errors import InvalidInputError, Issue
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store


@dataclass(frozen=True, slots=True)
class Life:
    """How long a class is kept in a clinic.

    Args:
        bounds: between which times the clinic may choose; None where it is the same for all.
        is_own: the clinic has chosen.
    """

    days: int
    bounds: Bounds | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class ChooseRetention:
    """The use cases: look, and choose."""

    store: Store
    content: Content

    def shown(self, actor: Actor) -> Mapping[RetentionClass, Life]:
        """Return what holds in the actor's clinic, class by class."""
        allow(actor, Action.OPERATE)
        retention = self.content.retention
        with self.store.read(actor.clinic_id, actor) as tx:
            chosen = tx.keeping.chosen()
        return {
            one: Life(retention.life(one, chosen.get(one)).days, retention.bounds.get(one), one in chosen)
            for one in RetentionClass
        }

    def choose(self, actor: Actor, one: RetentionClass, days: int | None) -> None:
        """Keep a class for so many days; None = as the content file says.

        What a shorter time lets go, goes with the next tick, and does not come back.

        Raises:
            InvalidInputError: the class is the same for all, or the days are not within its bounds.
        """
        allow(actor, Action.OPERATE)
        bounds = self.content.retention.bounds.get(one)
        if bounds is None:
            raise _refused("no-choice", f"How long {one} is kept is the same for every clinic.")
        if days is not None and timedelta(days=days) not in bounds:
            text = f"Give a number of days from {bounds.least.days} to {bounds.most.days}."
            raise _refused("days-out-of-range", text)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.keeping.choose(one, days)
            entity = f"Organization/{actor.clinic_id}"
            tx.audit.record(AuditEvent(f"choose-retention-{one}", entity, purpose="setup"))


def _refused(rule: str, text: str) -> InvalidInputError:
    return InvalidInputError(text, issues=[Issue("value", text, "days", rule=rule)])
