"""The one table of the FHIR door: which resource types can be read, searched and made, and by which parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from delivery.content import Content
from flow.records import ASSESSMENT, SUPPORT, TRIAGE
from store.records import QUESTIONNAIRE_TASK
from web.fhir.care_plan import STATUS as PLAN_STATUS
from web.fhir.communication import STATUS as COMMUNICATION_STATUS
from web.fhir.observation import codings
from web.fhir.search import Meaning, SearchParameter, anything, reference, token
from web.fhir.systems import (
    OPERATION_CALCULATED,
    OPERATION_EXTRACT,
    OPERATION_POPULATE,
    OPERATION_SIGNIFICANCE,
    OPERATION_VALIDATE,
)
from web.fhir.task import ACTION_STATUS
from web.fhir.task import STATUS as REQUEST_STATUS

IMPRESSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {code: frozenset({code}) for code in (TRIAGE, SUPPORT, ASSESSMENT)}
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a resource type.

    Args:
        name: without the `$`.
        definition: canonical of its OperationDefinition.
        on_type: HTTP methods by which it is called on the type.
        on_one: methods by which it is called on one resource.
    """

    name: str
    definition: str
    on_type: tuple[str, ...] = ()
    on_one: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceEntry:
    """What one resource type offers.

    Args:
        type: FHIR resource type.
        interactions: FHIR type-restful-interaction codes: `read`, `search-type`, `create`, `update`,
            `vread`, `history-instance`.
        parameters: search parameters.
        operations: such as `validate`.
        conditional_create: create understands `If-None-Exist`.
        versioning: FHIR versioning-policy; only responses carry a `versionId`.
        documentation: shown in the CapabilityStatement.
    """

    type: str
    interactions: tuple[str, ...]
    parameters: tuple[SearchParameter, ...]
    documentation: str
    operations: tuple[Operation, ...] = ()
    versioning: str = "no-version"
    conditional_create: bool = False


def table(content: Content) -> tuple[ResourceEntry, ...]:
    """Build the table; codes and canonicals that can be searched for come from the content."""
    return (
        ResourceEntry(
            "Questionnaire",
            ("read", "search-type"),
            _published(),
            "Every questionnaire version that can be answered here; a version never changes.",
            operations=(
                Operation("populate", OPERATION_POPULATE, on_type=("POST",), on_one=("GET", "POST")),
                Operation("calculated-expressions", OPERATION_CALCULATED, on_one=("GET",)),
                Operation("answer-significance", OPERATION_SIGNIFICANCE, on_one=("GET",)),
            ),
        ),
        ResourceEntry(
            "QuestionnaireResponse",
            ("create", "read", "update", "vread", "history-instance", "search-type"),
            (
                *_common(anything),
                _date("authored", "When the patient finished", sortable=True),
                _updated(sortable=True),
                SearchParameter(
                    "questionnaire", "reference", "questionnaire", "Canonical, with or without version", _asked(content)
                ),
                SearchParameter("based-on", "reference", "request", "Our request", reference("ServiceRequest", "Task")),
            ),
            "A completed response to one of our requests, served as it was submitted. The same bytes twice are one. "
            "An update names its version in If-Match and says amended, or entered-in-error, which withdraws it.",
            operations=(
                Operation("validate", OPERATION_VALIDATE, on_type=("POST",)),
                Operation("extract", OPERATION_EXTRACT, on_type=("POST",), on_one=("GET", "POST")),
            ),
            versioning="versioned-update",
            conditional_create=True,
        ),
        ResourceEntry(
            "Task",
            ("read", "search-type"),
            (
                *_common(_states({**REQUEST_STATUS, **ACTION_STATUS})),
                _date("authored-on", "When it was asked or agreed"),
                _updated(),
                SearchParameter(
                    "code", "token", "code", f"{QUESTIONNAIRE_TASK}, or the code of an action", _plain(anything)
                ),
            ),
            "One questionnaire asked once (intent order), or one action that was agreed with a decision (intent plan).",
        ),
        ResourceEntry(
            "Observation",
            ("read", "search-type"),
            (
                *_common(anything),
                _date("date", "When the patient finished"),
                _updated(),
                SearchParameter("code", "token", "score", "Code of the score", token(_score_codes(content))),
                SearchParameter(
                    "derived-from", "reference", "response", "The scored response", reference("QuestionnaireResponse")
                ),
            ),
            "One score of one response, or why there is none.",
        ),
        ResourceEntry(
            "ClinicalImpression",
            ("read", "search-type"),
            (
                *_common(anything),
                _date("date", "When it was made"),
                SearchParameter("code", "token", "code", f"{TRIAGE}, {SUPPORT} or {ASSESSMENT}", token(IMPRESSIONS)),
                SearchParameter(
                    "investigation",
                    "reference",
                    "response",
                    "A response that was looked at",
                    reference("QuestionnaireResponse"),
                ),
            ),
            f"An alert ({TRIAGE}), a needs assessment ({SUPPORT}), or a clinician's decision ({ASSESSMENT}) with the "
            "suggestion as previous.",
        ),
        ResourceEntry(
            "PlanDefinition",
            ("read", "search-type"),
            _published(),
            "Every version of every programme: what it asks when, generated from the file that runs it.",
        ),
        ResourceEntry(
            "CarePlan",
            ("create", "read", "search-type"),
            _common(_states(PLAN_STATUS)),
            "One enrolment; one that is created enrols its subject, named by CPR number, in the programme that it "
            "instantiates.",
        ),
        ResourceEntry(
            "Patient",
            ("read", "search-type"),
            (
                _id(),
                SearchParameter(
                    "identifier",
                    "token",
                    "identifier",
                    "CPR number; in the body of POST _search only",
                    anything,
                    personal=True,
                ),
            ),
            "Who a pseudonym is. One patient at a time, by _id or identifier; there is no list of all.",
        ),
        ResourceEntry(
            "Communication",
            ("read", "search-type"),
            (
                *_common(_states(COMMUNICATION_STATUS)),
                SearchParameter("medium", "token", "medium", "Channel or target", _plain(anything)),
            ),
            "What left for a patient, a plan or a record: state and times, never what it said.",
        ),
        ResourceEntry(
            "Provenance",
            ("read", "search-type"),
            (
                _id(),
                SearchParameter("patient", "reference", "patient", "Pseudonym of the patient", reference("Patient")),
                _date("recorded", "When it was recorded"),
                SearchParameter(
                    "target",
                    "reference",
                    "target",
                    "Response, in all its versions, or decision",
                    reference("QuestionnaireResponse", "ClinicalImpression"),
                ),
            ),
            "Who brought each version of a response, and who made each decision.",
        ),
        ResourceEntry(
            "AuditEvent",
            ("read", "search-type"),
            (
                _id(),
                SearchParameter("patient", "reference", "patient", "Pseudonym of the patient", reference("Patient")),
                _date("date", "When it was done", sortable=True),
                SearchParameter("subtype", "token", "action", "Our verb, such as read or decide", _plain(anything)),
                SearchParameter("agent", "token", "agent", "Id of the person, client or process", _plain(anything)),
                SearchParameter("entity", "token", "entity", "Such as Enrolment/<id>", _plain(anything)),
            ),
            "Who did what to whose data, when and why; in the shapes of IHE Basic Audit Log Patterns.",
        ),
    )


def _id() -> SearchParameter:
    return SearchParameter("_id", "token", "id", "Logical id", anything)


def _published() -> tuple[SearchParameter, ...]:
    return (
        _id(),
        SearchParameter("url", "uri", "url", "Canonical without version", anything),
        SearchParameter("version", "token", "version", "Version", anything),
        SearchParameter("status", "token", "status", "Publication status", anything),
        SearchParameter("title", "string", "title", "Start of the Danish title", _lowered),
        SearchParameter("name", "string", "name", "Start of the name", _lowered),
    )


def _common(status: Meaning) -> tuple[SearchParameter, ...]:
    patient = reference("Patient")
    return (
        _id(),
        SearchParameter("patient", "reference", "patient", "Pseudonym of the patient", patient),
        SearchParameter("subject", "reference", "patient", "Pseudonym of the patient", patient),
        SearchParameter("status", "token", "state", "Status", _plain(status)),
    )


def _date(name: str, documentation: str, *, sortable: bool = False) -> SearchParameter:
    return SearchParameter(name, "date", "date", documentation, anything, sortable=sortable)


def _updated(*, sortable: bool = False) -> SearchParameter:
    return SearchParameter("_lastUpdated", "date", "updated", "When it last changed", anything, sortable=sortable)


def _plain(status: Meaning) -> Meaning:
    return lambda value: status(value.rpartition("|")[2])


def _lowered(value: str) -> frozenset[str]:
    return frozenset({value.lower()})


def _states(status: Mapping[Any, str]) -> Meaning:
    """Read the states of ours that a FHIR status stands for."""
    codes: dict[str, frozenset[str]] = {}
    for state, code in status.items():
        codes[code] = codes.get(code, frozenset()) | {str(state)}
    return token(codes)


def _asked(content: Content) -> Meaning:
    """A canonical without version means all its versions."""
    known = [questionnaire.canonical for questionnaire in content.questionnaires.all()]
    return lambda value: frozenset(
        canonical for canonical in known if value in (canonical, canonical.partition("|")[0])
    )


def _score_codes(content: Content) -> dict[str, frozenset[str]]:
    """Every code of a score, ours or a national one, to the score ids that bear it."""
    codes: dict[str, frozenset[str]] = {}
    for rule in content.catalogue.rules():
        for score_id in rule.scores:
            for _system, code, _display in codings(rule, score_id):
                codes[code] = codes.get(code, frozenset()) | {score_id}
    return codes
