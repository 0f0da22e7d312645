"""SCHEDULE: series and slots, from the programme at enrolment, from decisions, and from what happens to a patient."""

from dataclasses import dataclass
from datetime import date, timedelta

from delivery.occasion_kind import OccasionKind, TriggerType
from delivery.programme import Programme
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment, Series, Slot
from flow.schedule_slots import slot_of
from kernel.ids import SeriesId, new_id
from store.transaction import Tx

REST = "rest:"
UNNUMBERED = 0
"""The number of a series that has none yet."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When a series asks.

    Args:
        anchor: Danish date from which slots are counted.
        reason: why it is planned; see `Series`.
        period_months: months between slots; 0 = a single one.
        k: number of the first slot.
        ask: ids of the questionnaires; empty = all that the kind asks.
    """

    anchor: date
    reason: str
    period_months: int = 0
    k: int = 0
    ask: tuple[str, ...] = ()


def plan_first(tx: Tx, programme: Programme, enrolment: Enrolment, *, start: date) -> Slot:
    """Plan what an enrolment begins with: the start, what follows it by the calendar, and the yearly occasions.

    Returns:
        The start slot.
    """
    reason = "enrolled"
    first = plan(tx, programme, enrolment, programme.start, Timing(start, reason))
    months = programme.period_months(None)
    plan(tx, programme, enrolment, programme.periodic, Timing(start, reason, months, k=1))
    for kind in programme.of_trigger(TriggerType.AFTER_START):
        plan(tx, programme, enrolment, kind, Timing(start + timedelta(days=kind.trigger.days or 0), reason))
    for kind in programme.fixed:
        plan(tx, programme, enrolment, kind, Timing(start, reason, kind.trigger.months or 0, k=1))
    plan_control_month(tx, programme, enrolment, enrolment.control_month, today=start)
    return first


def replan(
    tx: Tx,
    programme: Programme,
    enrolment: Enrolment,
    *,
    anchor: date,
    level: int | None,
    reason: str,
    next_due: date | None = None,
) -> Slot:
    """End the running periodic series and plan it anew from a decision; other series go on.

    Args:
        anchor: Danish date of the decision.
        level: the decided level, None where only a colour was decided.
        next_due: Danish date on which the next occasion is wanted; None = one interval after the decision.

    Returns:
        The next slot.
    """
    waiting = {slot.series_id for slot in tx.schedule.planned_slots(enrolment.id)}
    for series in tx.schedule.running_series(enrolment.id):
        if series.occasion_kind == programme.periodic.id or series.id not in waiting:
            tx.schedule.end_series(series.id, tx.now)
            tx.schedule.cancel_planned(series.id)
    months = programme.period_months(level)
    timing = Timing(next_due, reason, months) if next_due else Timing(anchor, reason, months, k=1)
    return plan(tx, programme, enrolment, programme.periodic, timing)


def plan_new_episode(tx: Tx, programme: Programme, enrolment: Enrolment, *, on: date, reason: str) -> tuple[Slot, ...]:
    """Plan what a new episode asks, once a clinician has confirmed it.

    Args:
        on: Danish date of the decision.

    Returns:
        The slots; none where the programme asks nothing then.
    """
    kinds = programme.of_trigger(TriggerType.NEW_EPISODE)
    return tuple(plan(tx, programme, enrolment, kind, Timing(on, reason)) for kind in kinds)


def plan_control_month(
    tx: Tx, programme: Programme, enrolment: Enrolment, month: int | None, *, today: date
) -> Slot | None:
    """Plan the yearly control in a month instead of any planned before; None = no control month.

    Returns:
        The next slot: in this month from today on, else on the first day of the month.
    """
    kinds = programme.of_trigger(TriggerType.CONTROL_MONTH)
    for series in tx.schedule.running_series(enrolment.id):
        if series.occasion_kind in {kind.id for kind in kinds}:
            tx.schedule.end_series(series.id, tx.now)
            tx.schedule.cancel_planned(series.id)
    if month is None or not kinds:
        return None
    first = today if month == today.month else date(today.year + (month < today.month), month, 1)
    return plan(tx, programme, enrolment, kinds[0], Timing(first, f"control-month:{month}", period_months=12))


def plan(tx: Tx, programme: Programme, enrolment: Enrolment, kind: OccasionKind, timing: Timing) -> Slot:
    """Add a series with its first slot; the caller holds the enrolment's lock."""
    series = Series(
        id=SeriesId(new_id()),
        enrolment_id=enrolment.id,
        n=tx.schedule.next_n(enrolment.id),
        occasion_kind=kind.id,
        anchor=timing.anchor,
        period_months=timing.period_months,
        programme_version=programme.version,
        reason=timing.reason,
        ask=timing.ask,
    )
    tx.schedule.add_series(series)
    slot = slot_of(enrolment, series, timing.k, tx.window)
    tx.schedule.add_slot(slot)
    return slot


def plan_now(tx: Tx, programme: Programme, enrolment: Enrolment, kind: OccasionKind, *, reason: str) -> Slot:
    """Add a series whose only slot is due at this moment, whatever the clinic's window."""
    timing = Timing(danish_date(tx.now), reason)
    slot = plan(tx, programme, enrolment, kind, timing)
    tx.schedule.put_off(slot.id, tx.now)
    return slot


def rest_of(enrolment: Enrolment, series: Series, slot: Slot, rest: Timing) -> Series:
    """Make the series of what an occasion had no room for; its number is given when it is written.

    Args:
        slot: of which something is left.
    """
    return Series(
        id=SeriesId(new_id()),
        enrolment_id=enrolment.id,
        n=UNNUMBERED,
        occasion_kind=series.occasion_kind,
        anchor=rest.anchor,
        period_months=0,
        programme_version=series.programme_version,
        reason=f"{REST}{slot.id}",
        ask=rest.ask,
    )
