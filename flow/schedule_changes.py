"""SCHEDULE: what opening changes, kept until everything is planned and then written by one statement for each table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from delivery.outbox import NewMessage
from delivery.schedule import Occasion, Request, Series, Slot
from kernel.ids import EnrolmentId, SlotId
from security.audit import AuditEvent
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Changes:
    """What will be written.

    Args:
        occasions: new ones, each with the hash of its link.
        series: new ones, without a number yet.
        added: new slots.
        changed: slots that were planned, as they have become.
        messages: each the first of its lane.
    """

    occasions: list[tuple[Occasion, str]] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    added: dict[SlotId, Slot] = field(default_factory=dict)
    changed: dict[SlotId, Slot] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    messages: list[NewMessage] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)

    def add(self, slots: Iterable[Slot]) -> None:
        """Add slots."""
        self.added.update((slot.id, slot) for slot in slots)

    def change(self, slot: Slot) -> None:
        """Change a planned slot, or one that is only to be added."""
        slots = self.added if slot.id in self.added else self.changed
        slots[slot.id] = slot

    def write(self, tx: Tx) -> None:
        """Write everything.

        Raises:
            ConflictError: somebody else opened an occasion for one of the patients, or took one of the slots; nothing
                of it may be kept.
        """
        # Occasions first, by patient: of two workers with the same patients one waits here, and then gives way.
        tx.occasions.add_all(self.occasions)
        tx.schedule.add_all_series(tuple(_numbered(tx, self.series)))
        tx.schedule.change_planned(tuple(self.changed.values()))
        tx.schedule.add_all_slots(tuple(self.added.values()))
        tx.requests.add_all(self.requests)
        tx.outbox.add_first(self.messages)
        tx.audit.record_all(self.events)


def _numbered(tx: Tx, series: Sequence[Series]) -> Iterator[Series]:
    """Give each new series the next number of its enrolment."""
    if not series:
        return
    newest: dict[EnrolmentId, int] = dict(tx.schedule.newest_n({one.enrolment_id for one in series}))
    for one in series:
        newest[one.enrolment_id] = newest.get(one.enrolment_id, 0) + 1
        yield replace(one, n=newest[one.enrolment_id])
