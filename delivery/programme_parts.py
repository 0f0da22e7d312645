"""Parts of a programme: the slots that an enrolment fills, the caps on what is asked, and what is asked together."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from delivery.occasion_kind import at_least_one
from questionnaires.content_file import Fields


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one questionnaire of several.

    Args:
        default: id of the questionnaire that fills it unless something else is chosen.
        alternatives: ids of the others that may fill it.
    """

    default: str
    alternatives: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """Ids of all that may fill it, the default first."""
        return (self.default, *self.alternatives)


@dataclass(frozen=True, slots=True)
class Caps:
    """How much may be asked; safety screens are asked always and never counted.

    Args:
        items_per_occasion: items of all other questionnaires, conditional ones included.
        occasions_per_year: periodic, appointment and control-month occasions; others come on top.
        min_days_between: days before what passed a cap may be asked.
    """

    items_per_occasion: int
    occasions_per_year: int
    min_days_between: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """What is asked together; 0 = only what is due.

    Args:
        join_days: what falls due within so many days joins the occasion.
        replace_days: an appointment or control month replaces the periodic occasion due within so many days.
    """

    join_days: int = 0
    replace_days: int = 0


def read_caps(fields: Fields) -> Caps:
    """Read `caps`.

    Raises:
        ContentError: naming the field.
    """
    fields.refuse_others(("itemsPerOccasion", "occasionsPerYear", "minDaysBetween", "status"))
    return Caps(
        items_per_occasion=at_least_one(fields, "itemsPerOccasion"),
        occasions_per_year=at_least_one(fields, "occasionsPerYear"),
        min_days_between=at_least_one(fields, "minDaysBetween"),
    )


def read_grouping(fields: Fields) -> Grouping:
    """Read `grouping`.

    Raises:
        ContentError: naming the field.
    """
    fields.refuse_others(("joinDays", "replaceDays", "status"))
    return Grouping(at_least_one(fields, "joinDays"), at_least_one(fields, "replaceDays"))


def read_slots(fields: Fields) -> Mapping[str, Slot]:
    """Read `slots` of a programme; left out means none.

    Raises:
        ContentError: naming the field.
    """
    if "slots" not in fields:
        return MappingProxyType({})
    slots = fields.part("slots")
    return MappingProxyType({name: _read_slot(slots.part(name)) for name in slots.raw})


def _read_slot(fields: Fields) -> Slot:
    fields.refuse_others(("default", "alternatives", "rule"))
    alternatives = fields.texts("alternatives") if fields.raw.get("alternatives") else ()
    if fields.text("default") in alternatives:
        raise fields.fail("alternatives", "other questionnaires than the default")
    return Slot(fields.text("default"), alternatives)
