"""What a slot still has to ask: a questionnaire answered for it, or valid still, is not asked again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from delivery.content import Content
from delivery.occasion_kind import OccasionKind, TriggerType
from delivery.programme import Programme
from delivery.recurrence import COPENHAGEN, nominal_date
from delivery.schedule import Series, Slot

AFRESH = frozenset({TriggerType.NEW_EPISODE, TriggerType.AFTER_DISCHARGE})
"""Occasions after an event: an answer from before its day does not count."""
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Validity:
    """How long answers stay valid for one enrolment.

    Args:
        days: id of a questionnaire -> days, the shortest that any table of the programme states.
        safety: ids of the safety screens.
        safety_days: days for which a safety screen is not asked again when nothing else is asked.
    """

    days: Mapping[str, int]
    safety: frozenset[str]
    safety_days: int

    def remaining(
        self, ask: Iterable[str], answered: Mapping[str, datetime], of: "SlotTime", *, now: datetime
    ) -> tuple[str, ...]:
        """List what a slot still has to ask.

        A safety screen is asked along with anything else: what was answered before says nothing of today.

        Args:
            ask: ids of the questionnaires of the slot, in order.
            answered: id of a questionnaire -> moment of its newest answer.
            of: the slot's time.

        Returns:
            What to ask, in order; empty when every answer is there.
        """
        asked = tuple(ask)
        missing = {name for name in asked if name not in answered or answered[name] < self._since(name, of, now)}
        if missing - self.safety:
            return tuple(name for name in asked if name in missing or name in self.safety)
        return tuple(name for name in asked if name in missing)

    def _since(self, name: str, of: "SlotTime", now: datetime) -> datetime:
        if name in self.safety:
            return max(of.since, now - timedelta(days=self.safety_days))
        # Where no table says how long it is valid, only an answer given for this very time serves.
        return max(of.since, now - timedelta(days=self.days[name])) if name in self.days else of.nominal


@dataclass(frozen=True, slots=True)
class SlotTime:
    """From when on an answer can serve a slot.

    Args:
        since: the answer is nearer to this slot than to the one before it, or comes after the event.
        nominal: start of the slot's own day.
    """

    since: datetime
    nominal: datetime


def slot_time(kind: OccasionKind, series: Series, slot: Slot) -> SlotTime:
    """Tell from when on answers serve a slot."""
    nominal = _start_of(slot.nominal_date)
    return SlotTime(_since(kind, series, slot), nominal)


def _since(kind: OccasionKind, series: Series, slot: Slot) -> datetime:
    trigger = kind.trigger
    if trigger.type is TriggerType.ON_ORDER:
        # Somebody wants it anew: what was answered before the order does not count.
        return slot.due_at
    if trigger.type in AFRESH:
        return _start_of(series.anchor - timedelta(days=trigger.days or 0))
    if trigger.type is TriggerType.AFTER_START:
        return _start_of(slot.nominal_date - timedelta(days=trigger.days or 0) / 2)
    if series.period_months == 0:
        return LONG_AGO
    following = nominal_date(slot.nominal_date, 1, series.period_months)
    return _start_of(slot.nominal_date - (following - slot.nominal_date) / 2)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), COPENHAGEN)


def shortest(stated: Iterable[tuple[str, int | None]]) -> Mapping[str, int]:
    """Keep the shortest validity of each questionnaire.

    Args:
        stated: id of a questionnaire, and the days for which one input of a table takes its answers; None = no limit.
    """
    found: dict[str, int] = {}
    for name, days in stated:
        if days is not None:
            found[name] = min(days, found.get(name, days))
    return found


def validity_of(content: Content, programme: Programme, slots: Mapping[str, str]) -> Validity:
    """Read from the tables of a programme how long answers are valid.

    Args:
        slots: of the enrolment; a slot that it does not name has the programme's default.
    """
    filled = {**programme.slot_choice(), **slots}
    inputs = list(content.catalogue.table(programme.alert).inputs.values())
    if programme.needs:
        inputs += content.catalogue.needs().inputs_of(programme.needs).values()
    stated = ((one.source.questionnaire or filled.get(one.source.slot, ""), one.valid_days) for one in inputs)
    asked = {name for kind in programme.occasions for name in kind.asks(filled)}
    safety = frozenset(name for name in asked if content.questionnaires.newest(name).safety_screen)
    return Validity(shortest(stated), safety, programme.caps.min_days_between)
