"""What goes into a patient's occasion: everything due over all packages, within the caps; the rest waits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from delivery.occasion_kind import TriggerType
from delivery.programme_parts import Caps, Grouping
from kernel.errors import ContentError
from kernel.ids import EnrolmentId, SlotId

COUNTED = frozenset({TriggerType.EVERY, TriggerType.BEFORE_APPOINTMENT, TriggerType.CONTROL_MONTH})
"""Occasions that the yearly cap counts; all others come on top."""
JOINS_EARLY = frozenset({TriggerType.START, TriggerType.EVERY, TriggerType.CONTROL_MONTH})
"""What may be asked some days before it is due; the others are tied to an event."""
REPLACES = frozenset({TriggerType.BEFORE_APPOINTMENT, TriggerType.CONTROL_MONTH})


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps and spans of all programmes concerned: the tightest of each.

    Args:
        items: counted items of one occasion.
        occasions_per_year: counted occasions of any 12 months.
        min_days_between: days before what passed a cap may be asked, and between counted occasions.
        join_days: what falls due within so many days joins.
        replace_days: an appointment or control month replaces the periodic occasion due within so many days.
    """

    items: int
    occasions_per_year: int
    min_days_between: int
    join_days: int
    replace_days: int


def tightest(limits: Iterable[tuple[Caps, Grouping]]) -> Limits:
    """Join the caps and spans of several programmes, at least one."""
    caps, spans = zip(*limits, strict=True)
    return Limits(
        items=min(one.items_per_occasion for one in caps),
        occasions_per_year=min(one.occasions_per_year for one in caps),
        min_days_between=max(one.min_days_between for one in caps),
        join_days=min(one.join_days for one in spans),
        replace_days=min(one.replace_days for one in spans),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One planned slot of the patient.

    Args:
        package: such as `KOL`; of two slots due on one day the first package by name goes first.
        due: Danish date.
        is_due: it must be asked now; else it is still to come and may join.
        trigger: what makes it fall due.
        ask: ids of the questionnaires still to be answered, in order.
        is_rest: an earlier occasion had no room for it.
        joins_days: it waits so many days for another occasion.
    """

    id: SlotId
    enrolment_id: EnrolmentId
    package: str
    due: date
    is_due: bool
    trigger: TriggerType
    ask: tuple[str, ...]
    is_rest: bool = False
    joins_days: int | None = None

    @property
    def is_counted(self) -> bool:
        """The yearly cap counts its occasion."""
        return self.trigger in COUNTED

    @property
    def is_periodic(self) -> bool:
        """It comes back by level."""
        return self.trigger is TriggerType.EVERY and self.joins_days is None


@dataclass(frozen=True, slots=True)
class Past:
    """Occasions that the patient was sent.

    Args:
        counted: Danish dates on which counted ones opened, of the last 12 months.
        last: when the last one of any kind opened.
    """

    counted: tuple[date, ...] = ()
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long the questionnaires are.

    Args:
        counted: id of a questionnaire -> items; the safety screens are left out.
        safety: ids of the safety screens.
    """

    counted: Mapping[str, int]
    safety: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grouped:
    """What one occasion holds.

    Args:
        ask: ids of the questionnaires, each once, in filling order; empty = nothing is asked now.
        taken: slots that the occasion asks.
        left: slot taken -> its questionnaires that did not fit and are asked later.
        wait: due slot -> date before which it is not asked.
        counted: the yearly cap counts this occasion.
    """

    ask: tuple[str, ...]
    taken: tuple[SlotId, ...]
    left: Mapping[SlotId, tuple[str, ...]]
    wait: Mapping[SlotId, date]
    counted: bool


def group(wanted: Sequence[Wanted], sizes: Sizes, limits: Limits, past: Past, *, today: date) -> Grouped:
    """Choose what a patient is asked today.

    Args:
        wanted: every planned slot of the patient's active enrolments that is due, or due within `replace_days`.
        today: Danish date.

    Raises:
        ContentError: a questionnaire alone is longer than an occasion may be.

    Source: docs/assumptions.md, A44 and A45; caps and spans are the programmes'.
    """
    wait: dict[SlotId, date] = {}
    # Slots that join look at the others, so these are settled first.
    for one in sorted((one for one in wanted if one.is_due), key=lambda one: one.joins_days is not None):
        until = _capped(one, limits, past, today) or _next_to_join(one, wanted, wait, limits, today)
        if until is not None:
            wait[one.id] = until
    due = sorted((one for one in wanted if one.is_due and one.id not in wait), key=_order)
    if not due:
        return Grouped((), (), {}, wait, counted=False)
    joining = [one for one in _joining(due, wanted, limits, today) if not _capped(one, limits, past, today)]
    return _filled(due, sorted(joining, key=_order), sizes, limits, wait)


def _order(one: Wanted) -> tuple[date, str, bool, str]:
    """Oldest due first, then by package, and what joins another after what it joins."""
    return one.due, one.package, one.joins_days is not None, one.id


def _capped(one: Wanted, limits: Limits, past: Past, today: date) -> date | None:
    """Tell from when the caps allow a slot that they forbid today."""
    if not one.is_counted:
        return None
    free = [today]
    if past.last is not None:
        free.append(past.last + timedelta(days=limits.min_days_between))
    if len(past.counted) >= limits.occasions_per_year:
        free.append(sorted(past.counted)[-limits.occasions_per_year] + relativedelta(years=1))
    return max(free) if max(free) > today else None


def _next_to_join(
    one: Wanted, wanted: Sequence[Wanted], wait: Mapping[SlotId, date], limits: Limits, today: date
) -> date | None:
    """Find the day of the coming occasion that a due slot waits for; None = it does not wait.

    A periodic slot waits for the appointment or control month that replaces it; a slot that joins waits for any.
    """
    if one.joins_days is not None:
        others = [other for other in wanted if other.joins_days is None]
        last = one.due + timedelta(days=one.joins_days)
    elif one.is_periodic:
        others = [other for other in wanted if other.trigger in REPLACES and other.enrolment_id == one.enrolment_id]
        last = one.due + timedelta(days=limits.replace_days)
    else:
        return None
    days = {wait.get(other.id, today if other.is_due else other.due) for other in others}
    return None if today in days else min((day for day in days if day <= last), default=None)


def _joining(due: Iterable[Wanted], wanted: Iterable[Wanted], limits: Limits, today: date) -> list[Wanted]:
    """List what is not due yet but is asked along: what falls due soon, and the periodic slot that is replaced."""
    replaced = {one.enrolment_id for one in due if one.trigger in REPLACES}
    soon = today + timedelta(days=limits.join_days)
    later = today + timedelta(days=limits.replace_days)
    return [
        one
        for one in wanted
        if not one.is_due
        and not one.is_rest
        and (
            one.due <= today
            or (one.trigger in JOINS_EARLY and one.due <= soon)
            or (one.is_periodic and one.enrolment_id in replaced and one.due <= later)
        )
    ]


def _filled(
    due: Sequence[Wanted], joining: Sequence[Wanted], sizes: Sizes, limits: Limits, wait: Mapping[SlotId, date]
) -> Grouped:
    """Fill the occasion: what is due is always taken, in part if need be; what joins comes whole or not at all."""
    chosen: dict[str, int] = {}
    left: dict[SlotId, tuple[str, ...]] = {}
    taken = list(due)
    for one in due:
        rest = _fit(one.ask, chosen, sizes, limits)
        if rest:
            left[one.id] = rest
    for one in joining:
        trial = dict(chosen)
        if not _fit(one.ask, trial, sizes, limits):
            chosen = trial
            taken.append(one)
    return Grouped(
        ask=(*_safety(taken, sizes), *chosen),
        taken=tuple(one.id for one in taken),
        left=left,
        wait=wait,
        counted=any(one.is_counted for one in taken),
    )


def _fit(ask: Iterable[str], chosen: dict[str, int], sizes: Sizes, limits: Limits) -> tuple[str, ...]:
    """Add the questionnaires that fit; return those that do not. Safety screens are never counted."""
    rest = []
    for name in ask:
        if name in sizes.safety or name in chosen:
            continue
        if sizes.counted[name] > limits.items:
            raise ContentError(f"{name} is longer than an occasion may be")
        if sum(chosen.values()) + sizes.counted[name] <= limits.items:
            chosen[name] = sizes.counted[name]
        else:
            rest.append(name)
    return tuple(rest)


def _safety(taken: Iterable[Wanted], sizes: Sizes) -> Collection[str]:
    return dict.fromkeys(name for one in taken for name in one.ask if name in sizes.safety)
