"""A suggestion: advice from tables, in two results that are never merged: an alert and a needs assessment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from kernel.ids import EnrolmentId, OccasionId, SuggestionId
from questionnaires.model import Text
from scoring.levels import Colour, Urgency
from scoring.matched import InputValue, MatchedRow, UsedInput
from scoring.needs import NeedsAssessment
from scoring.result import RuleVersion

__all__ = ["Alert", "FiledSuggestion", "InputValue", "MatchedRow", "UsedInput"]


class Alert(NamedTuple):
    """Who must be contacted, and by when: the worst of all matched rows.

    A tuple, for the reason that `UsedInput` is one.

    Args:
        colour: worst colour.
        urgency: worst urgency.
        rows: matched rows in table order, then automatic rows in input order.
        action: of the first row with the worst colour and, among those, the worst urgency.
        incomplete: an UNKNOWN row matched.
        table: the exact table that was walked.
        phase: `start` or `followup`.
        inputs: every input of the table, by name.
    """

    colour: Colour
    urgency: Urgency
    rows: tuple[MatchedRow, ...]
    action: Text
    incomplete: bool
    table: RuleVersion
    phase: str
    inputs: Mapping[str, UsedInput]

    @property
    def worst(self) -> MatchedRow | None:
        """The row that gave the alert its colour and, among those, the worst urgency; None where none matched."""
        worst = (row for row in self.rows if row.colour is self.colour)
        return max(worst, key=lambda row: row.urgency.severity, default=None)


@dataclass(frozen=True, slots=True)
class FiledSuggestion:
    """A suggestion as the store keeps it, never overwritten.

    Args:
        id: also the FHIR id of its ClinicalImpression.
        enrolment_id: whose package it belongs to.
        occasion_id: the occasion it was made for.
        n: number within occasion and enrolment, from 1; recomputed at each response.
        made_at: aware UTC.
        complete: the occasion is complete or its deadline has passed.
        alert: who must be contacted, and by when.
        needs: colour per dimension and a suggested level; None where the programme assesses none.
        made_with: exact files that alert and needs do not name themselves: the programme that asked, derived scores.
            The answers name their definition, wording and rule.
    """

    id: SuggestionId
    enrolment_id: EnrolmentId
    occasion_id: OccasionId
    n: int
    made_at: datetime
    complete: bool
    alert: Alert
    needs: NeedsAssessment | None = None
    made_with: tuple[RuleVersion, ...] = ()
