"""A decision: a named clinician's own colour and level, linked to the suggestion and never hidden in it."""

from dataclasses import dataclass, field
from datetime import datetime

from kernel.errors import InvalidInputError, Issue
from kernel.ids import DecisionId, EnrolmentId, SuggestionId
from scoring.levels import Colour, DifferentiationLevel

DECIDABLE = (Colour.GREEN, Colour.YELLOW, Colour.RED)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a clinician decided about one enrolment.

    Args:
        id: also the FHIR id of its ClinicalImpression.
        enrolment_id: whose plan it changes.
        suggestion_id: the suggestion that the clinician saw.
        colour: GREEN, YELLOW or RED.
        level: differentiation level; None leaves the earlier one.
        reason: why it differs from the suggestion; empty when it agrees. Free text, may name the patient.
        author_id: the clinician's id.
        author_name: the clinician's name, shown with the decision.
        on_behalf_of: clinician in whose delegation the author acted.
        decided_at: aware UTC.
        valid_until: after this moment the enrolment counts as not assessed.
        previous_id: the decision before this one.
    """

    id: DecisionId
    enrolment_id: EnrolmentId
    suggestion_id: SuggestionId
    colour: Colour
    level: DifferentiationLevel | None
    reason: str = field(repr=False)
    author_id: str
    author_name: str = field(repr=False)
    on_behalf_of: str | None
    decided_at: datetime
    valid_until: datetime
    previous_id: DecisionId | None = None


def decided_colour(code: str, *, suggested: Colour, reason: str) -> Colour:
    """Check a clinician's colour against the suggestion.

    Raises:
        InvalidInputError: `not-a-decision` for UNKNOWN or any other code; `reason-missing` when the colour differs
            from the suggested one and no reason is given.

    Source: docs/architecture.md section 4, layer 3.
    """
    if code not in DECIDABLE:
        issue = Issue("code-invalid", "A decision is GREEN, YELLOW or RED.", "colour", rule="not-a-decision")
        raise InvalidInputError(issue.text, issues=[issue])
    colour = Colour(code)
    if colour is not suggested and suggested is not Colour.UNKNOWN and not reason.strip():
        issue = Issue(
            "required", "Give a reason for a colour other than the suggested one.", "reason", rule="reason-missing"
        )
        raise InvalidInputError(issue.text, issues=[issue])
    return colour
