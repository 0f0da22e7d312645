"""What can be read of a clinic's records, each as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from delivery.parties import Clinic
from delivery.schedule import Enrolment, Request, Slot
from kernel.ids import PatientRef, ResponseId
from questionnaires.filed import FiledResponse
from questionnaires.model import Text
from scoring.actions import AgreedAction
from scoring.decision import Decision
from scoring.needs import NeedsAssessment
from scoring.suggestion import FiledSuggestion
from store.records import NEEDS_SUFFIX
from store.repositories.audit import Doer
from store.repositories.communications import Communication
from store.repositories.responses import ResponseVersion
from store.repositories.scores import FiledScore


class RecordKind(StrEnum):
    """What can be read; named after the FHIR resource type."""

    RESPONSE = "QuestionnaireResponse"
    TASK = "Task"
    OBSERVATION = "Observation"
    IMPRESSION = "ClinicalImpression"
    PLAN = "CarePlan"
    COMMUNICATION = "Communication"
    PROVENANCE = "Provenance"


@dataclass(frozen=True, slots=True)
class ResponseRecord:
    """One version of a response with the very bytes that were submitted.

    Args:
        first_id: id of the first version, under which all of them are known.
    """

    filed: FiledResponse
    raw: bytes = field(repr=False)
    first_id: ResponseId

    @property
    def id(self) -> str:
        """FHIR id."""
        return self.first_id

    @property
    def patient_ref(self) -> PatientRef:
        """Pseudonym of the subject."""
        return self.filed.patient_ref


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A request, who asked, and the response that fulfilled it, by the id of its first version."""

    request: Request
    clinic: Clinic
    response_id: ResponseId | None

    @property
    def id(self) -> str:
        """FHIR id."""
        return self.request.id

    @property
    def patient_ref(self) -> PatientRef:
        """Pseudonym of who is asked."""
        return self.request.patient_ref


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """An action that was agreed, as people read it, with the decision that it came of."""

    action: AgreedAction
    label: Text
    decision: Decision
    patient_ref: PatientRef

    @property
    def id(self) -> str:
        """FHIR id."""
        return self.action.id


@dataclass(frozen=True, slots=True)
class ObservationRecord:
    """One score of one response.

    Args:
        version: of the response that was scored.
    """

    filed: FiledScore
    response: FiledResponse
    version: ResponseVersion

    @property
    def id(self) -> str:
        """FHIR id."""
        return self.filed.id

    @property
    def patient_ref(self) -> PatientRef:
        """Pseudonym of the subject."""
        return self.response.patient_ref


@dataclass(frozen=True, slots=True)
class SuggestionRecord:
    """A suggestion and whose it is.

    Args:
        sources: the responses that it was made from.
    """

    suggestion: FiledSuggestion
    patient_ref: PatientRef
    sources: Mapping[ResponseId, ResponseVersion]

    @property
    def id(self) -> str:
        """FHIR id."""
        return self.suggestion.id


@dataclass(frozen=True, slots=True)
class NeedsRecord:
    """The needs assessment that was made with a suggestion; a result of its own."""

    suggestion: FiledSuggestion
    needs: NeedsAssessment
    patient_ref: PatientRef
    sources: Mapping[ResponseId, ResponseVersion]

    @property
    def id(self) -> str:
        """FHIR id."""
        return f"{self.suggestion.id}{NEEDS_SUFFIX}"


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision, with the suggestion that the clinician saw."""

    decision: Decision
    suggestion: FiledSuggestion
    patient_ref: PatientRef
    sources: Mapping[ResponseId, ResponseVersion]

    @property
    def id(self) -> str:
        """FHIR id."""
        return self.decision.id


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """One enrolment with what is planned, asked, suggested and decided.

    Args:
        title: Danish title of the programme.
        planned: slots that are still to come.
        asked: requests of the patient's open occasion.
        suggestion: the newest.
        decision: the newest.
    """

    enrolment: Enrolment
    clinic: Clinic
    title: str
    planned: tuple[Slot, ...]
    asked: tuple[Request, ...]
    suggestion: FiledSuggestion | None
    decision: Decision | None

    @property
    def id(self) -> str:
        """FHIR id."""
        return self.enrolment.id

    @property
    def patient_ref(self) -> PatientRef:
        """Pseudonym of the subject."""
        return self.enrolment.patient_ref

    @property
    def awaiting(self) -> bool:
        """The newest answers have not been decided on."""
        if self.suggestion is None:
            return False
        return self.decision is None or self.decision.suggestion_id != self.suggestion.id

    @property
    def next_due_at(self) -> datetime | None:
        """When the next questionnaires are due, aware UTC."""
        return min((slot.due_at for slot in self.planned), default=None)


@dataclass(frozen=True, slots=True)
class CommunicationRecord:
    """What left for a patient, or about one.

    Args:
        requests: what an invitation asks for.
        response: that a report tells of.
    """

    communication: Communication
    clinic: Clinic
    requests: tuple[Request, ...]
    response: ResponseVersion | None

    @property
    def id(self) -> str:
        """FHIR id."""
        return self.communication.message.id

    @property
    def patient_ref(self) -> PatientRef:
        """Pseudonym of whom it is about."""
        return self.communication.message.patient_ref


@dataclass(frozen=True, slots=True)
class ResponseAct:
    """Who brought one version of a response, and by which door.

    Args:
        version: of the response that came about.
        doer: as the audit row of the act says; None if there is none.
    """

    filed: FiledResponse
    version: ResponseVersion
    doer: Doer | None

    @property
    def id(self) -> str:
        """FHIR id of the Provenance."""
        return self.filed.id

    @property
    def patient_ref(self) -> PatientRef:
        """Pseudonym of the subject."""
        return self.filed.patient_ref


@dataclass(frozen=True, slots=True)
class DecisionAct:
    """Who decided, in whose delegation, and on which suggestion."""

    decision: Decision
    clinic: Clinic
    patient_ref: PatientRef

    @property
    def id(self) -> str:
        """FHIR id of the Provenance."""
        return self.decision.id


Record = (
    ResponseRecord
    | TaskRecord
    | ActionRecord
    | ObservationRecord
    | SuggestionRecord
    | NeedsRecord
    | DecisionRecord
    | PlanRecord
    | CommunicationRecord
    | ResponseAct
    | DecisionAct
)


def responses_behind(suggestion: FiledSuggestion) -> frozenset[ResponseId]:
    """Return the responses, each in its version, that a suggestion was made from."""
    needs = suggestion.needs.inputs.values() if suggestion.needs else ()
    used = (*suggestion.alert.inputs.values(), *needs)
    return frozenset(one.response_id for one in used if one.response_id)
