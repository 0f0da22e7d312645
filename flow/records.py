"""READ: what the clinic's own systems may look at, as values; every look is an audit row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from delivery.content import Content
from flow.record import Record, RecordKind, ResponseRecord, responses_behind
from flow.record_loading import load
from kernel.errors import NotFoundError
from kernel.ids import ResponseId, SuggestionId
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.records import Criteria, Listing, Order, RecordIndex
from store.sealing import ShreddedError
from store.transaction import Tx

ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
"""What a FHIR id may look like; no database is asked for anything else."""
TRIAGE = "TriagingResult"
SUPPORT = "ClinicalDecisionSupportResult"
ASSESSMENT = "MeasurementAssessment"
"""Values of the criterion `code` of impressions: an alert, a needs assessment, or a clinician's decision."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of the matches is wanted.

    Args:
        after: id of the last match of the part before; None for the first.
        limit: most matches; 0 is allowed.
        with_total: count them all.
        order: of a kind that has one listing only; None = by id.
    """

    after: str | None = None
    limit: int = 20
    with_total: bool = False
    order: Order | None = None


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


IMPRESSIONS: Mapping[str, Listing] = MappingProxyType(
    {TRIAGE: Listing.SUGGESTIONS, SUPPORT: Listing.NEEDS, ASSESSMENT: Listing.DECISIONS}
)
"""Code of an impression -> where it is listed."""
LISTINGS: Mapping[RecordKind, tuple[Listing, ...]] = MappingProxyType(
    {
        RecordKind.RESPONSE: (Listing.RESPONSES,),
        RecordKind.TASK: (Listing.REQUESTS, Listing.ACTIONS),
        RecordKind.OBSERVATION: (Listing.SCORES,),
        RecordKind.IMPRESSION: tuple(IMPRESSIONS.values()),
        RecordKind.PLAN: (Listing.ENROLMENTS,),
        RecordKind.COMMUNICATION: (Listing.MESSAGES,),
        RecordKind.PROVENANCE: (Listing.RESPONSE_ACTS, Listing.DECISION_ACTS),
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
                (`TRIAGE`, `SUPPORT`, `ASSESSMENT`) and `response`: a response that was looked at.
        """
        allow(actor, Action.READ_RECORDS)
        with self.store.write(actor.clinic_id, actor) as tx:
            wanted = _listed(tx, kind, criteria)
            index = RecordIndex(tx)
            keys = [
                (record_id, listing)
                for listing, narrowed in wanted.items()
                for record_id in index.ids(listing, narrowed, after=span.after, limit=span.limit + 1, order=span.order)
            ]
            if span.order is None:
                keys.sort()
            records = tuple(_readable(tx, self.content, keys[: span.limit]))
            total = sum(index.count(*one) for one in wanted.items()) if span.with_total else None
            tx.audit.record(AuditEvent("search", kind, tuple(sorted({record.patient_ref for record in records}))))
        return Found(records, more=len(keys) > span.limit, total=total)

    def _first(self, tx: Tx, kind: RecordKind, record_id: str) -> Record:
        for listing in LISTINGS[kind]:
            if RecordIndex(tx).has(listing, record_id):
                return load(tx, self.content, listing, record_id)
        raise NotFoundError(f"No such {kind}.")


def _readable(tx: Tx, content: Content, keys: Sequence[tuple[str, Listing]]) -> Iterator[Record]:
    """Load records; those of a patient whose key was destroyed are passed over."""
    for record_id, listing in keys:
        with suppress(ShreddedError):
            yield load(tx, content, listing, record_id)


def _listed(tx: Tx, kind: RecordKind, criteria: Criteria) -> dict[Listing, Criteria]:
    """Say which listings a search walks, each with the criteria that it knows."""
    if kind is not RecordKind.IMPRESSION:
        return dict.fromkeys(LISTINGS[kind], criteria)
    own = {name: values for name, values in criteria.items() if name not in ("code", "response")}
    if "response" in criteria:
        own["suggestion"] = _suggestions_on(tx, _codes(criteria, "response"))
    codes = _codes(criteria, "code") if "code" in criteria else frozenset(IMPRESSIONS)
    return {IMPRESSIONS[code]: own for code in sorted(codes)}


def _codes(criteria: Criteria, name: str) -> frozenset[str]:
    found = criteria[name]
    return found if isinstance(found, frozenset) else frozenset()


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
