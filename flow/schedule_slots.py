"""SCHEDULE: the slots of a series as values: the k-th, those that follow it, and what passed while nobody looked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count, takewhile

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


def caught_up(enrolment: Enrolment, series: Series, slot: Slot, window: Window, *, now: datetime) -> tuple[Slot, ...]:
    """Let the newest time that has passed stand for those before it, which are kept as cancelled, not sent.

    Args:
        slot: planned, of this series.

    Returns:
        The slots after it, the last of which is asked for in its place; none if no later time has passed.
    """
    if slot.due_at > now:
        return ()
    passed = tuple(takewhile(lambda one: one.due_at <= now, _after(enrolment, series, slot.k, window)))
    return (*(_cancelled(one) for one in passed[:-1]), *passed[-1:])


def following(enrolment: Enrolment, series: Series, k: int, window: Window, *, now: datetime) -> tuple[Slot, ...]:
    """Make the slot after the k-th, if there is one; times that passed before it are kept as cancelled, not sent."""
    made: list[Slot] = []
    for slot in _after(enrolment, series, k, window):
        if slot.due_at > now:
            return (*made, slot)
        made.append(_cancelled(slot))
    return ()


def _after(enrolment: Enrolment, series: Series, k: int, window: Window) -> Iterator[Slot]:
    """Make the slots after the k-th, one after another; none where the series is a single one, or has ended."""
    if series.period_months and series.ended_at is None:
        yield from (slot_of(enrolment, series, later, window) for later in count(k + 1))


def _cancelled(slot: Slot) -> Slot:
    return replace(slot, state=SlotState.CANCELLED)
