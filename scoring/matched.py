"""What every evaluation of a table keeps: the inputs it used and the rows that matched."""

from dataclasses import dataclass
from typing import NamedTuple

from kernel.ids import Canonical, ResponseId
from questionnaires.model import Text
from scoring.levels import Colour, Urgency
from scoring.number import Number

InputValue = Number | str | None


class UsedInput(NamedTuple):
    """One input of a table at one evaluation.

    A tuple, because a dozen are made for each suggestion and a frozen dataclass takes four times as long to make.

    Args:
        name: as in the table.
        value: number or code; None when missing, stale or not computable.
        state: `present`, `missing`, `stale` or `estimated`.
        questionnaire: `url|version` of the answer it came from; None for system inputs and missing ones.
        response_id: the answer it came from.
        age_days: age of the current answer at evaluation, whole days.
    """

    name: str
    value: InputValue
    state: str
    questionnaire: Canonical | None = None
    response_id: ResponseId | None = None
    age_days: int | None = None


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """One row of a table that matched, or an automatic `unknown:<input>` row.

    Args:
        id: row id.
        colour: its outcome.
        urgency: its outcome.
        reason: what to tell the clinician.
        action: advised action.
        source: evidence named by the table; empty for automatic rows.
    """

    id: str
    colour: Colour
    urgency: Urgency
    reason: Text
    action: Text
    source: str = ""
