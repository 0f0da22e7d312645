"""From a record to its resource."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from delivery.content import Content
from flow.record import (
    ActionRecord,
    CommunicationRecord,
    DecisionAct,
    DecisionRecord,
    NeedsRecord,
    ObservationRecord,
    PlanRecord,
    Record,
    ResponseAct,
    ResponseRecord,
    SuggestionRecord,
    TaskRecord,
)
from web.fhir.care_plan import care_plan
from web.fhir.communication import communication
from web.fhir.impression import decision_impression, suggestion_impression
from web.fhir.needs import needs_impression
from web.fhir.observation import observation
from web.fhir.provenance import decision_provenance, response_provenance
from web.fhir.response import questionnaire_response
from web.fhir.task import action_task, task

WRITERS: Mapping[type[Any], Callable[[Any], str]] = MappingProxyType(
    {
        ResponseRecord: questionnaire_response,
        TaskRecord: task,
        ActionRecord: action_task,
        SuggestionRecord: suggestion_impression,
        NeedsRecord: needs_impression,
        DecisionRecord: decision_impression,
        PlanRecord: care_plan,
        CommunicationRecord: communication,
        ResponseAct: response_provenance,
        DecisionAct: decision_provenance,
    }
)
"""Kind of record -> what writes it."""


def resource_of_plan(record: Record) -> str:
    """Write the CarePlan of a record that was asked for as one."""
    return WRITERS[PlanRecord](record)


def resource(record: Record, content: Content) -> str:
    """Write the FHIR resource of a record, as JSON text."""
    if isinstance(record, ObservationRecord):
        return observation(record, content.catalogue)
    return WRITERS[type(record)](record)
