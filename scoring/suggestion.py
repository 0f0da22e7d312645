"""A suggestion: advice from a decision table, with every row that matched and every input it used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from kernel.ids import Canonical, EnrolmentId, OccasionId, ResponseId, SuggestionId
from questionnaires.model import Text
from scoring.levels import Colour, Urgency
from scoring.result import RuleVersion

InputValue = Fraction | str | None


@dataclass(frozen=True, slots=True)
class UsedInput:
    """One input of a table at one evaluation.

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


@dataclass(frozen=True, slots=True)
class Alert:
    """Who must be contacted, and by when: the worst of all matched rows.

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
        alert: the result.
    """

    id: SuggestionId
    enrolment_id: EnrolmentId
    occasion_id: OccasionId
    n: int
    made_at: datetime
    complete: bool
    alert: Alert
