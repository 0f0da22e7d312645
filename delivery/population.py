"""Where a clinic's patients stand in their packages: what is asked, answered, decided and controlled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from delivery.schedule import Enrolment
from scoring.levels import Colour


class Standing(StrEnum):
    """What somebody may look for among those who are in a package; a patient may be found by several."""

    ASKED = "asked"
    UNANSWERED = "unanswered"
    PAUSED = "paused"
    NO_LEVEL = "no-level"
    NO_CONTROL = "no-control"


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom somebody wants to see.

    Args:
        package: None = of all packages.
        standing: None = however they stand.
    """

    package: str | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Horizon:
    """What counts as a control, and how long a level or a control counts.

    Args:
        since: aware UTC.
        controls: codes of agreed actions that are an annual control when they are done.
    """

    since: datetime
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InPackage:
    """One patient in one package.

    Args:
        next_due: Danish date of the next questionnaires; None when none are planned.
        asked_until: until when the patient can answer what is asked now; None when nothing is.
        answered_at: when the newest suggestion was made, aware UTC.
        unanswered: the newest occasion ended without an answer.
        colour, level, decided_at: of the newest decision.
        controlled_at: when the newest annual control was reported done.
    """

    enrolment: Enrolment
    next_due: date | None
    asked_until: datetime | None
    answered_at: datetime | None
    unanswered: bool
    colour: Colour | None
    level: int | None
    decided_at: datetime | None
    controlled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standings:
    """How many stand how in one package.

    Args:
        enrolled: who is in the package, paused or not.
        of: standing -> how many.
    """

    package: str
    enrolled: int
    of: Mapping[Standing, int]
