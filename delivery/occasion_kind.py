"""The kinds of occasion of a programme: what falls due when, and what is asked then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from delivery.timing import read_timing
from kernel.errors import ContentError, InvalidInputError
from questionnaires.content_file import Fields
from scoring.levels import DifferentiationLevel

PHASES = ("start", "followup")
SLOT = "slot:"
"""How a programme writes a questionnaire that the enrolment chooses."""


class TriggerType(StrEnum):
    """What makes an occasion fall due."""

    START = "start"
    EVERY = "every"
    AFTER_START = "after-start"
    BEFORE_APPOINTMENT = "before-appointment"
    CONTROL_MONTH = "control-month"
    ON_ORDER = "on-order"
    AFTER_DISCHARGE = "after-discharge"
    NEW_EPISODE = "new-episode"


_WITH_DAYS = (TriggerType.AFTER_START, TriggerType.BEFORE_APPOINTMENT, TriggerType.AFTER_DISCHARGE)


@dataclass(frozen=True, slots=True)
class Trigger:
    """When an occasion falls due.

    Args:
        type: see `TriggerType`.
        months_by_level: of an `every` by level: months between two, by the decided level; complete for all levels.
        undecided: of an `every` by level: months between two while no level is decided.
        days: days before or after the event that the type names.
        months: of an `every` that no level changes: months between two.
    """

    type: TriggerType
    months_by_level: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    undecided: int = 0
    days: int | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True)
class OccasionKind:
    """One kind of occasion of a programme.

    Args:
        id: such as `start` or `periodic`; a series names it as its occasion kind.
        phase: `start` or `followup`: how the alert table is read.
        trigger: when it falls due.
        ask: ids of the questionnaires, in order; `slot:NAME` stands for what fills that slot of the enrolment.
        joins_days: it waits so many days for another occasion of the patient and joins it; None = it never waits.
    """

    id: str
    phase: str
    trigger: Trigger
    ask: tuple[str, ...]
    joins_days: int | None = None

    def asks(self, slots: Mapping[str, str]) -> tuple[str, ...]:
        """List the ids of the questionnaires to ask, in order.

        Args:
            slots: slot of the programme -> id of the questionnaire that fills it.

        Raises:
            ContentError: a slot is empty.
        """
        return tuple(_resolved(name, slots) for name in self.ask)


def read_occasion_kind(fields: Fields) -> OccasionKind:
    """Read one occasion of a programme file.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields.refuse_others(("id", "phase", "trigger", "ask", "joins"))
    joins = fields.part("joins") if "joins" in fields else None
    if joins is not None:
        joins.refuse_others(("days",))
    return OccasionKind(
        id=fields.text("id"),
        phase=fields.one_of("phase", PHASES),
        trigger=_read_trigger(fields.part("trigger")),
        ask=fields.texts("ask"),
        joins_days=None if joins is None else at_least_one(joins, "days"),
    )


def at_least_one(fields: Fields, name: str) -> int:
    """Read a whole number from 1.

    Raises:
        ContentError: naming the field.
    """
    if fields.integer(name) < 1:
        raise fields.fail(name, "a whole number from 1")
    return fields.integer(name)


def _read_trigger(fields: Fields) -> Trigger:
    kind = TriggerType(fields.one_of("type", tuple(TriggerType)))
    if kind is TriggerType.EVERY and "timing" in fields:
        fields.refuse_others(("type", "timing", "status"))
        return Trigger(kind, months=_read_timing(fields))
    if kind is TriggerType.EVERY and "months" in fields:
        fields.refuse_others(("type", "months", "status"))
        return Trigger(kind, months=at_least_one(fields, "months"))
    fields.refuse_others(("type", "monthsByLevel", "undecided", "days", "when", "status"))
    if kind is TriggerType.EVERY:
        return Trigger(kind, _read_months(fields.part("monthsByLevel")), at_least_one(fields, "undecided"))
    return Trigger(kind, days=at_least_one(fields, "days") if kind in _WITH_DAYS else None)


def _read_timing(fields: Fields) -> int:
    """Read the months between two occasions from a FHIR Timing."""
    try:
        timing = read_timing(fields.raw["timing"])
    except InvalidInputError as error:
        wrong = "; ".join(f"{issue.expression} ({issue.rule}): {issue.text}" for issue in error.issues)
        raise ContentError(f"{fields.where}.timing: {wrong}") from error
    if timing.months is None:
        raise fields.fail("timing", "a period of months or years")
    if timing.starts or timing.ends:
        raise fields.fail("timing", "no boundsPeriod, because an enrolment says when it begins,")
    return timing.months


def _read_months(fields: Fields) -> Mapping[int, int]:
    fields.refuse_others([str(int(level)) for level in DifferentiationLevel])
    return MappingProxyType({int(level): at_least_one(fields, str(int(level))) for level in DifferentiationLevel})


def _resolved(name: str, slots: Mapping[str, str]) -> str:
    if not name.startswith(SLOT):
        return name
    filled = slots.get(name.removeprefix(SLOT))
    if filled is None:
        raise ContentError(f"nothing fills {name}")
    return filled
