"""HAND OVER: who looks after the patients of a colleague who is away, for some days or for good."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from delivery.postponement import StandIn
from delivery.recurrence import danish_date
from kernel.errors import InvalidInputError, Issue, NotFoundError
from kernel.ids import PersonId, StandInId, new_id
from security.actor import Actor, Person, Role
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class StandInOrder:
    """An order that one colleague stands in for another.

    Args:
        first_day: Danish day, included.
        last_day: Danish day, included; None = for good: the patients become the other's.
    """

    person_id: PersonId
    stands_in_id: PersonId
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Cover:
    """What is shown.

    Args:
        stand_ins: that hold today or later.
        people: who can be away, and stand in.
    """

    stand_ins: tuple[StandIn, ...]
    people: tuple[Person, ...]
    today: date


@dataclass(frozen=True, slots=True)
class HandOverPatients:
    """The use cases."""

    store: Store

    def shown(self, actor: Actor) -> Cover:
        """Show who stands in for whom."""
        allow(actor, Action.READ_WORKLIST)
        with self.store.read(actor.clinic_id, actor) as tx:
            today = danish_date(tx.now)
            return Cover(tx.stand_ins.from_day(today), _treating(tx), today)

    def __call__(self, actor: Actor, order: StandInOrder) -> None:
        """Let a colleague look after the patients of another.

        Raises:
            InvalidInputError: something is not usable, and every fault is named; nothing changed.
        """
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            faults = tuple(_faults(order, {one.id for one in _treating(tx)}, danish_date(tx.now)))
            if faults:
                raise InvalidInputError(faults[0].text, issues=faults)
            if order.last_day is None:
                tx.work.pass_all(order.person_id, order.stands_in_id)
                act = "hand-over"
            else:
                days = (order.first_day, order.last_day)
                tx.stand_ins.add(StandIn(StandInId(new_id()), order.person_id, order.stands_in_id, *days))
                act = "stand-in"
            tx.audit.record(AuditEvent(act, f"Person/{order.person_id}", purpose="setup"))

    def end(self, actor: Actor, stand_in_id: StandInId) -> None:
        """End a stay away before its last day.

        Raises:
            NotFoundError: none of this id holds in this clinic.
        """
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            if not tx.stand_ins.end(stand_in_id):
                raise NotFoundError("Nobody stands in under this id.")
            tx.audit.record(AuditEvent("stand-in-ended", f"StandIn/{stand_in_id}", purpose="setup"))


def _treating(tx: Tx) -> tuple[Person, ...]:
    return tuple(one for one in tx.clinics.people() if one.role is not Role.CLINIC_ADMIN)


def _faults(order: StandInOrder, known: set[PersonId], today: date) -> Iterator[Issue]:
    for name, person_id in (("person", order.person_id), ("standsIn", order.stands_in_id)):
        if person_id not in known:
            yield Issue("code-invalid", "No such colleague.", name, rule="unknown-person")
    if order.person_id == order.stands_in_id:
        yield Issue("value", "Nobody stands in for themselves.", "standsIn", rule="same-person")
    if order.last_day and (order.last_day < order.first_day or order.last_day < today):
        yield Issue("value", "The last day is not before the first, or today.", "lastDay", rule="ends-too-early")
