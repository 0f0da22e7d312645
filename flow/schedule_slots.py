"""SCHEDULE: the slots of a series as values: the k-th, those that follow it, and what passed while nobody looked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from delivery.parties import Window
from delivery.recurrence import due_at, nominal_date
from delivery.schedule import Enrolment, Series, Slot, SlotState
from kernel.ids import SlotId, new_id


def slot_of(enrolment: Enrolment, series: Series, k: int, window: Window) -> Slot:
    """Make the k-th slot of a series, planned."""
    nominal = nominal_date(series.anchor, k, series.period_months)
    return Slot(
        id=SlotId(new_id()),
        series_id=series.id,
        enrolment_id=enrolment.id,
        patient_ref=enrolment.patient_ref,
        k=k,
        nominal_date=nominal,
        due_at=due_at(nominal, window, seed=enrolment.id),
        state=SlotState.PLANNED,
    )


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """A slot among those of its series.

    Args:
        asked: the newest whose time has passed, or the slot itself.
        passed: what it stands for: the slot itself and those between, kept as cancelled, not sent; none if it is the
            slot itself.
        following: what is planned when it is asked or answered: the next slot, after those that passed before it,
            which are cancelled; none where nothing follows in this series.
    """

    asked: Slot
    passed: tuple[Slot, ...]
    following: tuple[Slot, ...]


def caught_up(enrolment: Enrolment, series: Series, slot: Slot, window: Window, *, now: datetime) -> CaughtUp:
    """Let the newest time of a series that has passed stand for those before it.

    Args:
        slot: planned, of this series; if it is not due yet it stands for itself.
    """
    passed: list[Slot] = []
    following: tuple[Slot, ...] = ()
    for later in _after(enrolment, series, slot.k, window):
        if later.due_at > now:
            following = (later,)
            break
        passed.append(later)
    if slot.due_at > now:
        return CaughtUp(slot, (), (*map(_cancelled, passed), *following))
    (*before, asked) = (slot, *passed)
    return CaughtUp(asked, tuple(map(_cancelled, before)), following)


def _after(enrolment: Enrolment, series: Series, k: int, window: Window) -> Iterator[Slot]:
    """Make the slots after the k-th, one after another; none where the series is a single one, or has ended."""
    if series.period_months and series.ended_at is None:
        yield from (slot_of(enrolment, series, later, window) for later in count(k + 1))


def _cancelled(slot: Slot) -> Slot:
    return replace(slot, state=SlotState.CANCELLED)
