"""READ: what the clinic's own systems may look at, as values; every look is an audit row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from delivery.content import Content
from flow.record import (
    DecisionRecord,
    ObservationRecord,
    PlanRecord,
    Record,
    RecordKind,
    ResponseRecord,
    SuggestionRecord,
    TaskRecord,
    responses_behind,
)
from kernel.errors import NotFoundError
from kernel.ids import DecisionId, EnrolmentId, RequestId, ResponseId, ScoreId, SuggestionId
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.records import Criteria, Listing, RecordIndex
from store.transaction import Tx

ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
"""What a FHIR id may look like; no database is asked for anything else."""
TRIAGE = "TriagingResult"
ASSESSMENT = "MeasurementAssessment"
"""Values of the criterion `code` of impressions: a suggestion, or a clinician's decision."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of the matches is wanted.

    Args:
        after: id of the last match of the part before; None for the first.
        limit: most matches; 0 is allowed.
        with_total: count them all.
    """

    after: str | None = None
    limit: int = 20
    with_total: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the matches, in the order of their ids.

    Args:
        more: there are matches after the last one.
        total: of all parts, if it was asked for.
    """

    records: tuple[Record, ...]
    more: bool
    total: int | None


LISTINGS: Mapping[RecordKind, tuple[Listing, ...]] = MappingProxyType(
    {
        RecordKind.RESPONSE: (Listing.RESPONSES,),
        RecordKind.TASK: (Listing.REQUESTS,),
        RecordKind.OBSERVATION: (Listing.SCORES,),
        RecordKind.IMPRESSION: (Listing.SUGGESTIONS, Listing.DECISIONS),
        RecordKind.PLAN: (Listing.ENROLMENTS,),
    }
)


@dataclass(frozen=True, slots=True)
class Records:
    """The use case."""

    store: Store
    content: Content

    def read(self, actor: Actor, kind: RecordKind, record_id: str) -> Record:
        """Return one record.

        Raises:
            NotFoundError: there is none in the actor's clinic; another clinic's looks the same.
        """
        allow(actor, Action.READ_RECORDS)
        if not ID.fullmatch(record_id):
            raise NotFoundError(f"No such {kind}.")
        with self.store.write(actor.clinic_id, actor) as tx:
            record = self._first(tx, kind, record_id)
            tx.audit.record(AuditEvent("read", f"{kind}/{record.id}", (record.patient_ref,)))
        return record

    def versions(self, actor: Actor, response_id: str) -> tuple[ResponseRecord, ...]:
        """Return every version of a response, newest first.

        Raises:
            NotFoundError: there is none in the actor's clinic; another clinic's looks the same.
        """
        allow(actor, Action.READ_RECORDS)
        kind, first_id = RecordKind.RESPONSE, ResponseId(response_id)
        if not ID.fullmatch(response_id):
            raise NotFoundError(f"No such {kind}.")
        with self.store.write(actor.clinic_id, actor) as tx:
            if not RecordIndex(tx).has(Listing.RESPONSES, response_id):
                raise NotFoundError(f"No such {kind}.")
            filed = reversed(tx.responses.versions(tx.responses.get(first_id).request_id))
            found = tuple(ResponseRecord(one, tx.responses.raw(one.id), first_id) for one in filed)
            tx.audit.record(AuditEvent("read", f"{kind}/{response_id}/_history", (found[0].patient_ref,)))
        return found

    def search(self, actor: Actor, kind: RecordKind, criteria: Criteria, span: Span) -> Found:
        """Return the records that match all criteria.

        Args:
            criteria: criterion -> values that match; see `store.records.COLUMNS`. Impressions also know `code`
                (`TRIAGE`, `ASSESSMENT`) and `response`: a response that was looked at.
        """
        allow(actor, Action.READ_RECORDS)
        with self.store.write(actor.clinic_id, actor) as tx:
            wanted = _listed(tx, kind, criteria)
            index = RecordIndex(tx)
            keys = sorted(
                (record_id, listing)
                for listing, narrowed in wanted.items()
                for record_id in index.ids(listing, narrowed, after=span.after, limit=span.limit + 1)
            )
            records = tuple(self._load(tx, listing, record_id) for record_id, listing in keys[: span.limit])
            total = sum(index.count(*one) for one in wanted.items()) if span.with_total else None
            tx.audit.record(AuditEvent("search", kind, tuple(sorted({record.patient_ref for record in records}))))
        return Found(records, more=len(keys) > span.limit, total=total)

    def _first(self, tx: Tx, kind: RecordKind, record_id: str) -> Record:
        for listing in LISTINGS[kind]:
            if RecordIndex(tx).has(listing, record_id):
                return self._load(tx, listing, record_id)
        raise NotFoundError(f"No such {kind}.")

    def _load(self, tx: Tx, listing: Listing, record_id: str) -> Record:
        if listing is Listing.ENROLMENTS:
            return self._plan(tx, EnrolmentId(record_id))
        return LOADERS[listing](tx, record_id)

    def _plan(self, tx: Tx, enrolment_id: EnrolmentId) -> PlanRecord:
        enrolment = tx.enrolments.get(enrolment_id)
        occasion = tx.occasions.open_of(enrolment.patient_ref)
        programme = self.content.programmes.get(enrolment.programme, enrolment.programme_version)
        return PlanRecord(
            enrolment=enrolment,
            clinic=tx.clinics.get(),
            title=programme.title.da,
            planned=tx.schedule.planned_slots(enrolment.id),
            asked=tx.requests.of_occasion(occasion.id) if occasion else (),
            suggestion=tx.suggestions.newest(enrolment.id),
            decision=tx.decisions.newest(enrolment.id),
        )


def _listed(tx: Tx, kind: RecordKind, criteria: Criteria) -> dict[Listing, Criteria]:
    """Say which listings a search walks, each with the criteria that it knows."""
    if kind is not RecordKind.IMPRESSION:
        return dict.fromkeys(LISTINGS[kind], criteria)
    own = {name: values for name, values in criteria.items() if name not in ("code", "response")}
    suggestions, decisions = dict(own), dict(own)
    if "response" in criteria:
        seen = _suggestions_on(tx, criteria["response"])
        suggestions["id"] = suggestions.get("id", seen) & seen
        decisions["suggestion"] = seen
    coded = {TRIAGE: (Listing.SUGGESTIONS, suggestions), ASSESSMENT: (Listing.DECISIONS, decisions)}
    return dict(coded[code] for code in sorted(criteria.get("code", coded.keys())))


def _suggestions_on(tx: Tx, response_ids: frozenset[str]) -> frozenset[str]:
    """Return the suggestions that used any version of one of these responses as an input.

    The inputs lie inside the stored alert, so the suggestions of the patients concerned are read: a few per occasion.
    """
    index = RecordIndex(tx)
    known = index.ids(Listing.RESPONSES, {"id": response_ids}, after=None, limit=len(response_ids))
    firsts = [tx.responses.get(ResponseId(found)) for found in known]
    used = {version.id for first in firsts for version in tx.responses.versions(first.request_id)}
    patients = frozenset(str(first.patient_ref) for first in firsts)
    seen = (
        tx.suggestions.get(SuggestionId(found))
        for found in index.ids(Listing.SUGGESTIONS, {"patient": patients}, after=None, limit=MOST_SUGGESTIONS)
    )
    return frozenset(str(one.id) for one in seen if used & responses_behind(one))


MOST_SUGGESTIONS = 10_000
"""More than a patient can collect in a life of answering."""


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


def _decision(tx: Tx, record_id: str) -> Record:
    decision = tx.decisions.get(DecisionId(record_id))
    suggestion = tx.suggestions.get(decision.suggestion_id)
    patient_ref = tx.enrolments.get(decision.enrolment_id).patient_ref
    return DecisionRecord(decision, suggestion, patient_ref, tx.responses.places(responses_behind(suggestion)))


LOADERS: Mapping[Listing, Callable[[Tx, str], Record]] = MappingProxyType(
    {
        Listing.RESPONSES: _response,
        Listing.REQUESTS: _task,
        Listing.SCORES: _observation,
        Listing.SUGGESTIONS: _suggestion,
        Listing.DECISIONS: _decision,
    }
)
