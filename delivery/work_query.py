"""What somebody wants to see of the worklist: which tab, in which order, narrowed by what; pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.ids import EnrolmentId, PersonId
from scoring.levels import Colour, DifferentiationLevel


class Tab(StrEnum):
    """Lists of the page that are made of what waits; each patient stands in one row of each."""

    ASSESS = "assess"
    WISHES = "wishes"
    UNANSWERED = "unanswered"
    UNDELIVERED = "undelivered"
    POSTPONED = "postponed"
    OTHERS = "others"


class Order(StrEnum):
    """Orders of what is to be assessed."""

    DUE = "due"
    COLOUR = "colour"
    APPOINTMENT = "appointment"


class Whose(StrEnum):
    """Words for whose patients are wanted, where it is no person's id."""

    MINE = "mine"
    NOBODYS = "nobodys"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One view of the list.

    Args:
        order: of `Tab.ASSESS`; the others have one order each.
        package: only this one.
        colour: only this one.
        level: only this one.
        whose: only the patients of these people, who may be looked after by somebody else now; empty = of everybody.
        is_nobodys: only patients whom nobody in particular looks after.
        first_day: Danish day from which on it came.
        last_day: Danish day until which it came.
        seen: nothing that was answered after this moment, aware UTC: what is looked at does not jump.
        after: place of the last row of the page before.
    """

    tab: Tab = Tab.ASSESS
    order: Order = Order.DUE
    package: str | None = None
    colour: Colour | None = None
    level: DifferentiationLevel | None = None
    whose: tuple[PersonId, ...] = ()
    is_nobodys: bool = False
    first_day: date | None = None
    last_day: date | None = None
    seen: datetime | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where one patient's row stands.

    Args:
        enrolment_id: the enrolment that gave the patient the place.
        key: what the next page begins after.
    """

    patient_ref: str
    enrolment_id: EnrolmentId
    key: tuple[str, ...]
