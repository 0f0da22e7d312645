"""Values with sensible defaults: a test names only what it is about."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from delivery.outbox import MessageKind, NewMessage
from delivery.parties import Agreement, Clinic, PackageOptIn, Window
from delivery.schedule import (
    Enrolment,
    EnrolmentState,
    Occasion,
    OccasionState,
    Request,
    RequestState,
    Series,
    Slot,
    SlotState,
)
from kernel.ids import (
    ActionId,
    Canonical,
    ClinicId,
    DecisionId,
    EnrolmentId,
    OccasionId,
    PatientRef,
    PersonId,
    RequestId,
    ResponseId,
    SeriesId,
    SlotId,
    SuggestionId,
    new_id,
)
from questionnaires.filed import FiledResponse
from questionnaires.model import Text
from scoring.actions import ActionState, AgreedAction
from scoring.decision import Decision
from scoring.levels import Colour, DifferentiationLevel, Urgency
from scoring.needs import Dimension, NeedsAssessment
from scoring.result import RuleVersion, Score, Scored
from scoring.suggestion import Alert, FiledSuggestion, MatchedRow, UsedInput
from security.actor import Actor, Person, Role
from security.cpr import Identifier

CLINIC_ID = ClinicId("0192f000-0000-7000-8000-00000000c001")
OTHER_CLINIC_ID = ClinicId("0192f000-0000-7000-8000-00000000c002")
NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
CAT = Canonical("https://svarbro.example/fhir/Questionnaire/cat|2.0.0")
MMRC = Canonical("https://svarbro.example/fhir/Questionnaire/mmrc|2.0.0")
KOL_STATUS = Canonical("https://svarbro.example/fhir/Questionnaire/kol-status|2.0.0")
NANCY = Identifier("cpr", "2512489996")
SVERRE = Identifier("cpr", "0104909995")
RAW = b'{"resourceType": "QuestionnaireResponse", "status": "completed"}'
SHA256 = "0" * 64


def a_clinic(clinic_id: ClinicId = CLINIC_ID, **other: Any) -> Clinic:
    """Build a clinic that may write to its patients at any hour."""
    values: dict[str, Any] = {
        "sor_id": f"9999{clinic_id[-8:].upper()}",
        "provider_number": "999999",
        "name": "Lægerne Testgade",
        "phone": "+45 00 00 00 00",
        "region": "midtjylland",
        "window": Window(0, 1440, frozenset(range(1, 8)), on_holidays=True),
    }
    return Clinic(id=clinic_id, **{**values, **other})


def an_agreement(**other: Any) -> Agreement:
    """Build a processor agreement that was signed today."""
    values: dict[str, Any] = {"reference": "test agreement", "signed_on": NOW.date(), "signed_by": "Lise Læge"}
    return Agreement(**{**values, "recorded_at": NOW, **other})


def an_opt_in(package: str = "KOL", **other: Any) -> PackageOptIn:
    """Build a clinic's choice to run a care package."""
    values: dict[str, Any] = {
        "programme": "kol",
        "channel": "webpatient",
        "plan_target": "flp",
        "agreement": "test agreement",
        "opted_in_at": NOW,
    }
    return PackageOptIn(package=package, **{**values, **other})


def a_person(clinic_id: ClinicId = CLINIC_ID, **other: Any) -> Person:
    """Build a clinician of a clinic."""
    values: dict[str, Any] = {"id": PersonId(new_id()), "name": "Lise Læge", "role": Role.CLINICIAN}
    return Person(clinic_id=clinic_id, **{**values, **other})


def an_actor(role: Role = Role.CLINICIAN, clinic_id: ClinicId = CLINIC_ID, **other: Any) -> Actor:
    """Build somebody who acts."""
    values: dict[str, Any] = {"id": "actor-1", "display": "Lise Læge"}
    return Actor(role=role, clinic_id=clinic_id, **{**values, **other})


def an_enrolment(patient_ref: PatientRef, **other: Any) -> Enrolment:
    """Build an active enrolment in the KOL package."""
    values: dict[str, Any] = {
        "id": EnrolmentId(new_id()),
        "package": "KOL",
        "programme": "kol",
        "programme_version": "1.0.0",
        "channel": "webpatient",
        "plan_target": "flp",
        "state": EnrolmentState.ACTIVE,
        "enrolled_at": NOW,
    }
    return Enrolment(patient_ref=patient_ref, **{**values, **other})


def a_series(enrolment_id: EnrolmentId, **other: Any) -> Series:
    """Build the series of the start slot."""
    values: dict[str, Any] = {
        "id": SeriesId(new_id()),
        "n": 1,
        "occasion_kind": "start",
        "anchor": date(2027, 1, 11),
        "period_months": 0,
        "programme_version": "1.0.0",
        "reason": "enrolled",
    }
    return Series(enrolment_id=enrolment_id, **{**values, **other})


def a_slot(series: Series, patient_ref: PatientRef, **other: Any) -> Slot:
    """Build a planned slot that is due now."""
    values: dict[str, Any] = {
        "id": SlotId(new_id()),
        "k": 0,
        "nominal_date": date(2027, 1, 11),
        "due_at": NOW,
        "state": SlotState.PLANNED,
    }
    return Slot(series_id=series.id, enrolment_id=series.enrolment_id, patient_ref=patient_ref, **{**values, **other})


def an_occasion(patient_ref: PatientRef, **other: Any) -> Occasion:
    """Build an open occasion that lasts two weeks."""
    values: dict[str, Any] = {
        "id": OccasionId(new_id()),
        "state": OccasionState.OPEN,
        "opened_at": NOW,
        "expires_at": NOW + timedelta(days=14),
    }
    return Occasion(patient_ref=patient_ref, **{**values, **other})


def a_request(occasion: Occasion, questionnaire: Canonical = CAT, **other: Any) -> Request:
    """Build a request that is open as long as its occasion."""
    values: dict[str, Any] = {
        "id": RequestId(new_id()),
        "position": 0,
        "state": RequestState.REQUESTED,
        "requested_at": occasion.opened_at,
        "expires_at": occasion.expires_at,
    }
    return Request(
        occasion_id=occasion.id,
        patient_ref=occasion.patient_ref,
        questionnaire=questionnaire,
        **{**values, **other},
    )


def a_response(request: Request, **other: Any) -> FiledResponse:
    """Build a completed response to a request."""
    values: dict[str, Any] = {
        "id": ResponseId(new_id()),
        "status": "completed",
        "authored_at": NOW,
        "received_at": NOW,
        "via": "webpatient",
        "sha256": SHA256,
        "vector": {"cough": 3, "phlegm": None, "hospital": False, "walk": "2"},
    }
    return FiledResponse(
        request_id=request.id,
        patient_ref=request.patient_ref,
        questionnaire=request.questionnaire,
        **{**values, **other},
    )


def a_score(score_id: str = "catTotal", value: Fraction | None = Fraction(24), **other: Any) -> Score:
    """Build a computed score."""
    values: dict[str, Any] = {
        "display": None if value is None else str(value),
        "band": "high",
        "estimated": False,
        "answered": 8,
        "missing": 0,
    }
    return Score(id=score_id, value=value, **{**values, **other})


def a_scored(*scores: Score, questionnaire: Canonical = CAT, **other: Any) -> Scored:
    """Build the scores of one response."""
    values: dict[str, Any] = {"rule": RuleVersion("cat", "2.0.0", "a" * 64), "params": {"edition": "gold-2023"}}
    return Scored(questionnaire=questionnaire, scores=scores or (a_score(),), **{**values, **other})


def an_alert(inputs: Mapping[str, UsedInput] | None = None, **other: Any) -> Alert:
    """Build a yellow alert with one row."""
    row = MatchedRow(
        "cat-high", Colour.YELLOW, Urgency.WITHIN_1_WEEK, Text("Høj CAT", "High CAT"), Text("Ring op", "Call"), "GOLD"
    )
    values: dict[str, Any] = {
        "colour": Colour.YELLOW,
        "urgency": Urgency.WITHIN_1_WEEK,
        "rows": (row,),
        "action": Text("Ring op", "Call"),
        "incomplete": False,
        "table": RuleVersion("alert/kol", "2.0.0", "b" * 64),
        "phase": "start",
        "inputs": inputs or {},
    }
    return Alert(**{**values, **other})


def a_needs(**other: Any) -> NeedsAssessment:
    """Build a needs assessment with one dimension, which gives level 2."""
    row = MatchedRow(
        "N01", Colour.RED, Urgency.ROUTINE, Text("Stort behov", "Large need"), Text("Ekstra tid", "Extra time"), "seed"
    )
    support = Dimension("support", Text("Støttebehov", "Support need"), Colour.RED, required=True, rows=(row,))
    values: dict[str, Any] = {
        "part": "kol",
        "dimensions": (support,),
        "level": DifferentiationLevel.TWO,
        "level_row": "V3",
        "table": RuleVersion("needs/generic", "2.0.0", "c" * 64),
        "inputs": {"supportNeed": UsedInput("supportNeed", "large", "present")},
    }
    return NeedsAssessment(**{**values, **other})


def a_suggestion(enrolment_id: EnrolmentId, occasion_id: OccasionId, **other: Any) -> FiledSuggestion:
    """Build the first, complete suggestion of an occasion."""
    values: dict[str, Any] = {
        "id": SuggestionId(new_id()),
        "n": 1,
        "made_at": NOW,
        "complete": True,
        "alert": an_alert(),
    }
    return FiledSuggestion(enrolment_id=enrolment_id, occasion_id=occasion_id, **{**values, **other})


def a_decision(suggestion: FiledSuggestion, **other: Any) -> Decision:
    """Build a decision that confirms the suggested colour."""
    values: dict[str, Any] = {
        "id": DecisionId(new_id()),
        "colour": Colour.YELLOW,
        "level": DifferentiationLevel.TWO,
        "reason": "",
        "author_id": "actor-1",
        "author_name": "Lise Læge",
        "on_behalf_of": None,
        "decided_at": NOW,
        "valid_until": NOW + timedelta(days=365),
    }
    return Decision(enrolment_id=suggestion.enrolment_id, suggestion_id=suggestion.id, **{**values, **other})


def an_action(decision: Decision, **other: Any) -> AgreedAction:
    """Build an action that was agreed with a decision and is still to be done."""
    values: dict[str, Any] = {
        "id": ActionId(new_id()),
        "code": "spirometry",
        "due": date(2027, 2, 1),
        "note": "",
        "state": ActionState.REQUESTED,
        "agreed_at": NOW,
        "changed_at": NOW,
    }
    return AgreedAction(enrolment_id=decision.enrolment_id, decision_id=decision.id, **{**values, **other})


def a_message(patient_ref: PatientRef, **other: Any) -> NewMessage:
    """Build an invitation that is due now, in a lane of its own."""
    values: dict[str, Any] = {
        "kind": MessageKind.INVITATION,
        "lane": f"occasion/{new_id()}",
        "target": "webpatient",
        "due_at": NOW,
    }
    return NewMessage(patient_ref=patient_ref, **{**values, **other})
