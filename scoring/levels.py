"""The words of a result: colour, urgency and level, each with its order."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Colour(StrEnum):
    """Alert or dimension colour; `severity` orders GREEN < UNKNOWN < YELLOW < RED."""

    GREEN = "GREEN"
    UNKNOWN = "UNKNOWN"
    YELLOW = "YELLOW"
    RED = "RED"

    @property
    def severity(self) -> int:
        """Place in the order, 0 = best."""
        return COLOUR_ORDER[self]


class Urgency(StrEnum):
    """How soon somebody must act, least urgent first."""

    ROUTINE = "routine"
    PLANNED_4_WEEKS = "planned-4-weeks"
    WITHIN_2_WEEKS = "within-2-weeks"
    WITHIN_1_WEEK = "within-1-week"
    SAME_DAY = "same-day"
    EMERGENCY = "emergency"

    @property
    def severity(self) -> int:
        """Place in the order, 0 = least urgent."""
        return URGENCY_ORDER[self]


COLOUR_ORDER: Mapping[Colour, int] = MappingProxyType({colour: place for place, colour in enumerate(Colour)})
URGENCY_ORDER: Mapping[Urgency, int] = MappingProxyType({urgency: place for place, urgency in enumerate(Urgency)})


class DifferentiationLevel(IntEnum):
    """How much support the care package gives, 1 = least; not a colour, and only a clinician sets it."""

    ONE = 1
    TWO = 2
    THREE = 3
