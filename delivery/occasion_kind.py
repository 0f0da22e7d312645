"""The kinds of occasion of a programme: what falls due when, and what is asked then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from questionnaires.content_file import Fields
from scoring.levels import DifferentiationLevel

PHASES = ("start", "followup")


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
        months_by_level: of `every`: months between two, by the decided level; complete for all levels.
        undecided: of `every`: months between two while no level is decided.
        days: days before or after the event that the type names.
    """

    type: TriggerType
    months_by_level: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    undecided: int = 0
    days: int | None = None


@dataclass(frozen=True, slots=True)
class OccasionKind:
    """One kind of occasion of a programme.

    Args:
        id: such as `start` or `periodic`; a series names it as its occasion kind.
        phase: `start` or `followup`: how the alert table is read.
        trigger: when it falls due.
        ask: ids of the questionnaires, in order.
    """

    id: str
    phase: str
    trigger: Trigger
    ask: tuple[str, ...]


def read_occasion_kind(fields: Fields) -> OccasionKind:
    """Read one occasion of a programme file.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields.refuse_others(("id", "phase", "trigger", "ask"))
    phase = fields.one_of("phase", PHASES)
    return OccasionKind(fields.text("id"), phase, _read_trigger(fields.part("trigger")), fields.texts("ask"))


def at_least_one(fields: Fields, name: str) -> int:
    """Read a whole number from 1.

    Raises:
        ContentError: naming the field.
    """
    if fields.integer(name) < 1:
        raise fields.fail(name, "a whole number from 1")
    return fields.integer(name)


def _read_trigger(fields: Fields) -> Trigger:
    fields.refuse_others(("type", "monthsByLevel", "undecided", "days", "status"))
    kind = TriggerType(fields.one_of("type", tuple(TriggerType)))
    if kind is TriggerType.EVERY:
        return Trigger(kind, _read_months(fields.part("monthsByLevel")), at_least_one(fields, "undecided"))
    return Trigger(kind, days=at_least_one(fields, "days") if kind in _WITH_DAYS else None)


def _read_months(fields: Fields) -> Mapping[int, int]:
    fields.refuse_others([str(int(level)) for level in DifferentiationLevel])
    return MappingProxyType({int(level): at_least_one(fields, str(int(level))) for level in DifferentiationLevel})
