"""LOOK: who waits for the clinic, by the day on which they are due; a page at a time, a patient once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from delivery.recurrence import danish_date
from delivery.work_query import Order, Place, Tab, Wanted
from flow.work_rows import PatientWork, patients_of
from flow.work_state import WorkState, state_of
from kernel.ids import PersonId
from security.actor import Actor, Person, Role
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

__all__ = ["COUNTED_TABS", "ListWork", "WorkPage", "WorkState", "state_of"]

AT_ONCE = 50
"""Patients on one page."""
COUNTED_TABS = (Tab.ASSESS, Tab.WISHES, Tab.UNANSWERED, Tab.UNDELIVERED, Tab.POSTPONED)
WITH, WITHOUT = "with", "without"
"""Halves of the list in the order of appointments: those with one first."""


@dataclass(frozen=True, slots=True)
class WorkPage:
    """One page of the list.

    Args:
        patients: in the order that was wanted.
        after: where the next page begins; empty on the last.
        counts: tab -> patients in it, up to what is counted at all.
        newer: patients who answered since the list was first looked at, and so are not on it.
        seen: the moment since which that is, aware UTC.
        people: who patients can be assigned to.
    """

    patients: tuple[PatientWork, ...] = field(repr=False)
    after: tuple[str, ...]
    counts: Mapping[Tab, int]
    newer: int
    seen: datetime
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class ListWork:
    """The use cases: look at a page, ask whether there is anything new."""

    store: Store
    at_once: int = AT_ONCE

    def __call__(self, actor: Actor, wanted: Wanted | None = None) -> WorkPage:
        """Return a page of what is wanted; whose names were shown is on record.

        Who is asked for by a person sees the patients of those for whom that person stands in, too.
        """
        allow(actor, Action.READ_WORKLIST)
        # A write, because looking at patients leaves a trace in the same transaction.
        with self.store.write(actor.clinic_id, actor) as tx:
            wanted = _with_stand_ins(tx, wanted or Wanted())
            places = _places(tx, wanted, self.at_once + 1)
            shown = places[: self.at_once]
            patients = patients_of(tx, [one.patient_ref for one in shown])
            tx.audit.record(AuditEvent("read", "Worklist", tuple(one.patient_ref for one in patients)))
            return WorkPage(
                patients=patients,
                after=shown[-1].key if len(places) > len(shown) else (),
                counts=MappingProxyType({tab: tx.work_pages.count(Wanted(tab)) for tab in COUNTED_TABS}),
                newer=_newer(tx, wanted),
                seen=wanted.seen or tx.now,
                people=tuple(one for one in tx.clinics.people() if one.role is not Role.CLINIC_ADMIN),
            )

    def newer(self, actor: Actor, wanted: Wanted) -> int:
        """Count the patients who answered since the list was looked at; nobody's name is shown."""
        allow(actor, Action.READ_WORKLIST)
        with self.store.read(actor.clinic_id, actor) as tx:
            return _newer(tx, _with_stand_ins(tx, wanted))


def _newer(tx: Tx, wanted: Wanted) -> int:
    if wanted.seen is None or wanted.tab is not Tab.ASSESS:
        return 0
    return tx.work_pages.count_newer(wanted, wanted.seen)


def _with_stand_ins(tx: Tx, wanted: Wanted) -> Wanted:
    today = danish_date(tx.now)
    away = {one for person in wanted.whose for one in tx.stand_ins.away_for(person, today)}
    return replace(wanted, whose=tuple(PersonId(one) for one in sorted({*wanted.whose, *away})))


def _places(tx: Tx, wanted: Wanted, limit: int) -> tuple[Place, ...]:
    if wanted.order is not Order.APPOINTMENT or wanted.tab is not Tab.ASSESS:
        return tx.work_pages.page(wanted, limit)
    half, *after = wanted.after or (WITH,)
    wanted = replace(wanted, after=tuple(after))
    if half == WITHOUT:
        return _marked(WITHOUT, tx.work_pages.without_appointment(wanted, limit))
    coming = _marked(WITH, tx.work_pages.with_appointment(wanted, limit))
    if len(coming) == limit:
        return coming
    rest = tx.work_pages.without_appointment(replace(wanted, after=()), limit - len(coming))
    return (*coming, *_marked(WITHOUT, rest))


def _marked(half: str, places: Sequence[Place]) -> tuple[Place, ...]:
    return tuple(replace(one, key=(half, *one.key)) for one in places)
