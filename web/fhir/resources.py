"""From a record to its resource."""

from delivery.content import Content
from flow.record import (
    DecisionRecord,
    ObservationRecord,
    Record,
    ResponseRecord,
    SuggestionRecord,
    TaskRecord,
)
from web.fhir.care_plan import care_plan
from web.fhir.impression import decision_impression, suggestion_impression
from web.fhir.observation import observation
from web.fhir.response import questionnaire_response
from web.fhir.task import task


def resource(record: Record, content: Content) -> str:
    """Write the FHIR resource of a record, as JSON text."""
    match record:
        case ResponseRecord():
            return questionnaire_response(record)
        case TaskRecord():
            return task(record)
        case ObservationRecord():
            return observation(record, content.catalogue)
        case SuggestionRecord():
            return suggestion_impression(record)
        case DecisionRecord():
            return decision_impression(record)
        case _:
            return care_plan(record)
