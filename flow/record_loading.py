"""From an id to a record: what else must be read to tell the whole of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

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
    responses_behind,
)
from kernel.errors import NotFoundError
from kernel.ids import ActionId, DecisionId, EnrolmentId, MessageId, RequestId, ResponseId, ScoreId, SuggestionId
from store.records import NEEDS_SUFFIX, Listing
from store.repositories.communications import Communications
from store.transaction import Tx


def load(tx: Tx, content: Content, listing: Listing, record_id: str) -> Record:
    """Read one record whose id was found in a listing."""
    if listing is Listing.ENROLMENTS:
        return _plan(tx, content, EnrolmentId(record_id))
    if listing is Listing.ACTIONS:
        return _action(tx, content, ActionId(record_id))
    return LOADERS[listing](tx, record_id)


def _plan(tx: Tx, content: Content, enrolment_id: EnrolmentId) -> PlanRecord:
    enrolment = tx.enrolments.get(enrolment_id)
    occasion = tx.occasions.open_of(enrolment.patient_ref)
    programme = content.programmes.get(enrolment.programme, enrolment.programme_version)
    return PlanRecord(
        enrolment=enrolment,
        clinic=tx.clinics.get(),
        title=programme.title.da,
        planned=tx.schedule.planned_slots(enrolment.id),
        asked=tx.requests.of_occasion(occasion.id) if occasion else (),
        suggestion=tx.suggestions.newest(enrolment.id),
        decision=tx.decisions.newest(enrolment.id),
    )


def _action(tx: Tx, content: Content, action_id: ActionId) -> ActionRecord:
    action = tx.actions.get(action_id)
    patient_ref = tx.enrolments.get(action.enrolment_id).patient_ref
    return ActionRecord(action, content.actions.label(action.code), tx.decisions.get(action.decision_id), patient_ref)


def _response(tx: Tx, record_id: str) -> Record:
    first_id = ResponseId(record_id)
    current = tx.responses.versions(tx.responses.get(first_id).request_id)[-1]
    return ResponseRecord(current, tx.responses.raw(current.id), first_id)


def _task(tx: Tx, record_id: str) -> Record:
    request = tx.requests.get(RequestId(record_id))
    versions = tx.responses.versions(request.id)
    return TaskRecord(request, tx.clinics.get(), versions[0].id if versions else None)


def _observation(tx: Tx, record_id: str) -> Record:
    filed = tx.scores.get(ScoreId(record_id))
    (version,) = tx.responses.places({filed.response_id}).values()
    return ObservationRecord(filed, tx.responses.get(filed.response_id), version)


def _suggestion(tx: Tx, record_id: str) -> Record:
    suggestion = tx.suggestions.get(SuggestionId(record_id))
    patient_ref = tx.enrolments.get(suggestion.enrolment_id).patient_ref
    return SuggestionRecord(suggestion, patient_ref, tx.responses.places(responses_behind(suggestion)))


def _needs(tx: Tx, record_id: str) -> Record:
    suggestion = tx.suggestions.get(SuggestionId(record_id.removesuffix(NEEDS_SUFFIX)))
    if suggestion.needs is None:
        raise NotFoundError("No such needs assessment.")
    patient_ref = tx.enrolments.get(suggestion.enrolment_id).patient_ref
    return NeedsRecord(suggestion, suggestion.needs, patient_ref, tx.responses.places(responses_behind(suggestion)))


def _decision(tx: Tx, record_id: str) -> Record:
    decision = tx.decisions.get(DecisionId(record_id))
    suggestion = tx.suggestions.get(decision.suggestion_id)
    patient_ref = tx.enrolments.get(decision.enrolment_id).patient_ref
    return DecisionRecord(decision, suggestion, patient_ref, tx.responses.places(responses_behind(suggestion)))


def _communication(tx: Tx, record_id: str) -> Record:
    communication = Communications(tx.scope).get(MessageId(record_id))
    message = communication.message
    requests = tx.requests.of_occasion(message.occasion_id) if message.occasion_id else ()
    places = tx.responses.places({message.response_id} if message.response_id else set())
    return CommunicationRecord(communication, tx.clinics.get(), requests, next(iter(places.values()), None))


def _response_act(tx: Tx, record_id: str) -> Record:
    filed = tx.responses.get(ResponseId(record_id))
    (version,) = tx.responses.places({filed.id}).values()
    entity = f"QuestionnaireResponse/{version.first_id}"
    if version.version == 1:
        return ResponseAct(filed, version, tx.audit.doer(("receive",), entity))
    changed = tx.audit.doer(("amend", "retract"), f"{entity}/_history/{version.version}")
    return ResponseAct(filed, version, changed)


def _decision_act(tx: Tx, record_id: str) -> Record:
    decision = tx.decisions.get(DecisionId(record_id))
    return DecisionAct(decision, tx.clinics.get(), tx.enrolments.get(decision.enrolment_id).patient_ref)


LOADERS: Mapping[Listing, Callable[[Tx, str], Record]] = MappingProxyType(
    {
        Listing.RESPONSES: _response,
        Listing.REQUESTS: _task,
        Listing.SCORES: _observation,
        Listing.SUGGESTIONS: _suggestion,
        Listing.NEEDS: _needs,
        Listing.DECISIONS: _decision,
        Listing.MESSAGES: _communication,
        Listing.RESPONSE_ACTS: _response_act,
        Listing.DECISION_ACTS: _decision_act,
    }
)
