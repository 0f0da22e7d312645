"""SCHEDULE: a planned slot with all that says what it asks, and when it has a say."""

from dataclasses import dataclass
from datetime import date, timedelta

from delivery.asking import Asking
from delivery.grouping import Wanted
from delivery.occasion_kind import OccasionKind, TriggerType
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment, Series, Slot


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned slot with all that says what it asks.

    Args:
        asking: who asks it, and what.
        remaining: ids of the questionnaires still to be answered, in order.
        following: slots that are planned when this one is asked or answered.
    """

    slot: Slot
    series: Series
    enrolment: Enrolment
    kind: OccasionKind
    asking: Asking
    remaining: tuple[str, ...]
    following: tuple[Slot, ...]

    @property
    def is_answered(self) -> bool:
        """Everything that it asks was answered otherwise."""
        return not self.remaining


def wanted_of(one: Planned, today: date) -> Wanted:
    """Tell what the grouping needs to know of a slot."""
    # What is due at another hour of this day is due with the first: the hours only spread the patients.
    due = danish_date(one.slot.due_at)
    is_due = due <= today
    return Wanted(
        id=one.slot.id,
        enrolment_id=one.enrolment.id,
        package=one.enrolment.package,
        due=one.slot.nominal_date if is_due else due,
        is_due=is_due,
        trigger=one.kind.trigger.type,
        ask=one.remaining,
        is_rest=bool(one.series.ask),
        joins_days=one.kind.joins_days,
    )


def is_over(one: Planned, today: date) -> bool:
    """Tell whether an appointment has passed before its questionnaires could be asked."""
    trigger = one.kind.trigger
    if trigger.type is not TriggerType.BEFORE_APPOINTMENT:
        return False
    return one.series.anchor + timedelta(days=trigger.days or 0) < today
