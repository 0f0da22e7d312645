"""By when an answer is to be looked at, what of it is news, and how it stands on the worklist; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from delivery.recurrence import danish_date
from questionnaires.model import Text
from scoring.levels import Colour, Urgency
from scoring.suggestion import FiledSuggestion

FIRST, OTHERS = 0, 1
"""Tiers of the list: what stands above every day, and all the rest."""


class AlertKind(StrEnum):
    """What somebody of the clinic is alerted of."""

    UNKNOWN = "unknown"
    YELLOW = "yellow"
    RED = "red"
    WISH = "wish"


ALERT_OF: Mapping[Colour, AlertKind] = {
    Colour.UNKNOWN: AlertKind.UNKNOWN,
    Colour.YELLOW: AlertKind.YELLOW,
    Colour.RED: AlertKind.RED,
}
"""A green answer alerts nobody."""


@dataclass(frozen=True, slots=True)
class Worsening:
    """A score that got worse since the answer before, by at least what its instrument calls an important change.

    Args:
        title: of the instrument.
        value: the score as it is shown.
        delta: points since the answer before, as text with a sign such as `+6`.
    """

    title: Text
    value: str
    delta: str


@dataclass(frozen=True, slots=True)
class WorklistRule:
    """How the worklist is kept.

    Args:
        version: of the content file.
        first: urgencies that stand above every day.
        due_days: days from the answer to the Danish day by which it is to be looked at, of every urgency.
        longest_postponement: days for which a patient may be put off at most.
    """

    version: str
    first: frozenset[Urgency]
    due_days: Mapping[Urgency, int]
    longest_postponement: int

    def tier(self, urgency: Urgency) -> int:
        """Tell the tier of an urgency, the most pressing 0."""
        return FIRST if urgency in self.first else OTHERS

    def due_day(self, answered_at: datetime, urgency: Urgency) -> date:
        """Tell by which Danish day an answer is to be looked at."""
        return danish_date(answered_at) + timedelta(days=self.due_days[urgency])


def place_of(colour: Colour) -> int:
    """Tell the place of a colour on the list, the worst 0."""
    return Colour.RED.severity - colour.severity


def colour_at(place: int) -> Colour:
    """Return the colour of a place."""
    return next(colour for colour in Colour if place_of(colour) == place)


def may_alert(suggestion: FiledSuggestion) -> bool:
    """Tell whether a suggestion is news at all: not while forms of the occasion lack that may yet say what it is."""
    colour = suggestion.alert.colour
    return colour in (Colour.YELLOW, Colour.RED) or (colour is Colour.UNKNOWN and suggestion.complete)


def known_after(decided: Colour) -> Colour:
    """Return from which colour on nothing is news after a decision: red is always news again."""
    return min(decided, Colour.YELLOW, key=lambda one: one.severity)
