"""A decision: a named clinician's own colour and level, linked to the suggestion and never hidden in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from kernel.errors import InvalidInputError, Issue
from kernel.ids import DecisionId, EnrolmentId, SuggestionId
from scoring.actions import AgreedAction
from scoring.levels import Colour, DifferentiationLevel
from scoring.suggestion import FiledSuggestion

DECIDABLE = (Colour.GREEN, Colour.YELLOW, Colour.RED)
CLINICIANS_PART = "clinician"
"""The dimension that no questionnaire fills: the next needs assessment reads it from the decision."""


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
        previous_id: the decision before this one; if that one was about the same suggestion, this one amends it.
        dimensions: decided dimension of need -> GREEN small, YELLOW some, RED large need; the clinician's own part
            is `CLINICIANS_PART`.
        actions: agreed with this decision, each as it stands now.
        next_due: Danish date of the next questionnaires, where it was decided; else it follows from the level.
        new_episode: the clinician confirmed that a new episode has begun.
        goal: the patient's own, in the patient's words; it stands until another is written.
        measurements: code -> what the clinician measured or found at this decision.
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
    dimensions: Mapping[str, Colour] = field(default_factory=lambda: MappingProxyType({}))
    actions: tuple[AgreedAction, ...] = ()
    next_due: date | None = None
    new_episode: bool = False
    goal: str = field(default="", repr=False)
    measurements: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))


def decided_colour(code: str, *, suggested: Colour, reason: str) -> Colour:
    """Check a clinician's colour against the suggestion.

    Raises:
        InvalidInputError: `not-a-decision` for UNKNOWN or any other code; `reason-missing` when the colour differs
            from the suggested one and no reason is given.

    Source: docs/architecture.md section 4, layer 3.
    """
    colour = _decidable(code, "colour")
    if colour is not suggested and suggested is not Colour.UNKNOWN and not reason.strip():
        issue = Issue(
            "required", "Give a reason for a colour other than the suggested one.", "reason", rule="reason-missing"
        )
        raise InvalidInputError(issue.text, issues=[issue])
    return colour


def decided_dimensions(codes: Mapping[str, str], *, assessed: Collection[str]) -> Mapping[str, Colour]:
    """Check a clinician's colours of single dimensions.

    Args:
        codes: dimension -> code, as the clinician gave them.
        assessed: dimensions of the package; the clinician's own part may always be given.

    Raises:
        InvalidInputError: `unknown-dimension`, or `not-a-decision` for UNKNOWN or any other code.
    """
    known = {*assessed, CLINICIANS_PART}
    if not known.issuperset(codes):
        # Its name is not repeated: a caller may have put anything there.
        issue = Issue("code-invalid", "No such dimension of need.", "dimensions", rule="unknown-dimension")
        raise InvalidInputError(issue.text, issues=[issue])
    return MappingProxyType({name: _decidable(code, f"dimensions.{name}") for name, code in codes.items()})


class Standing(Protocol):
    """A decision, as far as one asks whether it still stands."""

    @property
    def valid_until(self) -> datetime:
        """After this moment the enrolment counts as not assessed."""
        ...


def stands_unchanged(
    previous: Standing | None, decided_on: FiledSuggestion | None, newest: FiledSuggestion, *, now: datetime
) -> bool:
    """Tell whether a decision may be confirmed as it stands.

    It may while it counts, when everything was answered, the alert is GREEN, and no dimension of need has another
    colour than in the suggestion that was decided on.

    Args:
        previous: the newest decision, if there is one.
        decided_on: the suggestion that it was about.
        newest: the newest suggestion.
        now: aware UTC.
    """
    if previous is None or decided_on is None or now > previous.valid_until:
        return False
    is_calm = newest.complete and newest.alert.colour is Colour.GREEN
    return is_calm and _assessed(decided_on) == _assessed(newest)


def _assessed(suggestion: FiledSuggestion) -> Mapping[str, Colour]:
    """Return the colours that questionnaires gave; the clinician's own part is no news to the clinician."""
    dimensions = suggestion.needs.dimensions if suggestion.needs else ()
    return {one.id: one.colour for one in dimensions if one.id != CLINICIANS_PART}


def _decidable(code: str, field_name: str) -> Colour:
    if code not in DECIDABLE:
        issue = Issue("code-invalid", "A decision is GREEN, YELLOW or RED.", field_name, rule="not-a-decision")
        raise InvalidInputError(issue.text, issues=[issue])
    return Colour(code)
