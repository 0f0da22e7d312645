"""AUDIT LOG: who did what to whose data, for the clinic, for a report, and for the patient; every look is a row too."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from delivery.parties import Clinic
from flow.records import ID, Span
from kernel.errors import NotFoundError
from kernel.ids import PatientRef
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.records import Criteria, Listing, RecordIndex
from store.repositories.audit import FiledEvent
from store.transaction import Tx

KIND = "AuditEvent"
OWN_LOG = "AccessLog"
MOST_SHOWN = 200
"""Rows of a patient's own log on one page; the newest come first."""
PART = 500
REFUSED = "refuse-form"
"""Somebody else came with a patient's personal link, and was not let in."""
CREATE, READ, UPDATE, EXECUTE = "C", "R", "U", "E"
LOOKS = re.compile(r"read|search|identify|extract|populate|open-form|open-attachment|export|simulate")
ACTS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("enrol", "order", "open", "receive", "decide", "assign", "put-aside", "add-related"), CREATE),
        **dict.fromkeys(("amend", "retract", "move", "rescore", "control-month", "status", "end-related"), UPDATE),
    }
)
"""Our verb -> what kind of act it is, as FHIR codes it; looks read, and everything else runs something."""


def act_of(action: str) -> str:
    """Return the FHIR code of a verb of ours: C, R, U or E."""
    return READ if LOOKS.fullmatch(action) else ACTS.get(action, EXECUTE)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One audit row, and whose it is."""

    event: FiledEvent
    clinic: Clinic

    @property
    def id(self) -> str:
        """FHIR id."""
        return self.event.id


@dataclass(frozen=True, slots=True)
class FoundAudit:
    """A part of the matches."""

    records: tuple[AuditRecord, ...]
    more: bool
    total: int | None


@dataclass(frozen=True, slots=True)
class AccessLog:
    """What was done with one patient's data, newest first.

    Args:
        more: there are older rows.
    """

    clinic: Clinic
    events: tuple[FiledEvent, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The use cases."""

    store: Store

    def read(self, actor: Actor, record_id: str) -> AuditRecord:
        """Return one audit row.

        Raises:
            NotFoundError: there is none in the actor's clinic; another clinic's looks the same.
        """
        allow(actor, Action.READ_AUDIT)
        if not ID.fullmatch(record_id):
            raise NotFoundError(f"No such {KIND}.")
        with self.store.write(actor.clinic_id, actor) as tx:
            record = AuditRecord(tx.audit.get(record_id), tx.clinics.get())
            tx.audit.record(AuditEvent("read", f"{KIND}/{record_id}", record.event.patients, "audit"))
        return record

    def search(self, actor: Actor, criteria: Criteria, span: Span) -> FoundAudit:
        """Return the audit rows that match all criteria; the row of this very search is not among them."""
        allow(actor, Action.READ_AUDIT)
        with self.store.write(actor.clinic_id, actor) as tx:
            index, clinic = RecordIndex(tx), tx.clinics.get()
            ids = index.ids(Listing.AUDITS, criteria, after=span.after, limit=span.limit + 1, order=span.order)
            records = tuple(AuditRecord(tx.audit.get(found), clinic) for found in ids[: span.limit])
            total = index.count(Listing.AUDITS, criteria) if span.with_total else None
            concerned = sorted({ref for record in records for ref in record.event.patients})
            tx.audit.record(AuditEvent("search", KIND, tuple(concerned), "audit"))
        return FoundAudit(records, len(ids) > span.limit, total)

    def export(self, actor: Actor, patient_ref: PatientRef) -> Iterator[AuditRecord]:
        """Give every audit row of one patient, oldest first.

        Raises:
            NotFoundError: no such patient in this clinic.
        """
        allow(actor, Action.READ_AUDIT)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.patients.must_exist(patient_ref)
            tx.audit.record(AuditEvent("export", f"{KIND}?patient={patient_ref}", (patient_ref,), "audit"))
        after: str | None = None
        while True:
            with self.store.read(actor.clinic_id, actor) as tx:
                part, clinic = tx.audit.of_patient(patient_ref, after=after, limit=PART), tx.clinics.get()
            yield from (AuditRecord(event, clinic) for event in part)
            if len(part) < PART:
                return
            after = part[-1].id

    def incident(self, actor: Actor, since: datetime, until: datetime) -> Iterator[AuditRecord]:
        """Give every act in the actor's clinic from a moment on and before another, in order: who, what, whose, when.

        Source: GDPR article 33, NIS 2 article 23: what a report within hours is made of.
        """
        allow(actor, Action.READ_AUDIT)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.audit.record(AuditEvent("export", f"{KIND}?incident", purpose="incident"))
        after: str | None = None
        while True:
            with self.store.read(actor.clinic_id, actor) as tx:
                part, clinic = tx.audit.between(since, until, after=after, limit=PART), tx.clinics.get()
            yield from (AuditRecord(event, clinic) for event in part)
            if len(part) < PART:
                return
            after = part[-1].id

    def own(self, actor: Actor) -> AccessLog:
        """Return what was done with the data of the patient who asks: when, what, why and by whom in kind.

        Source: GDPR article 15 as read in CJEU C-579/21: the data subject learns dates and purposes of lookups.
        """
        allow(actor, Action.READ_OWN_LOG)
        patient_ref = PatientRef(actor.id)
        with self.store.write(actor.clinic_id, actor) as tx:
            events = _newest(tx, patient_ref)
            tx.audit.record(AuditEvent("read", f"{OWN_LOG}/{patient_ref}", (patient_ref,), "own-access"))
            return AccessLog(tx.clinics.get(), events[:MOST_SHOWN], more=len(events) > MOST_SHOWN)


def _newest(tx: Tx, patient_ref: PatientRef) -> tuple[FiledEvent, ...]:
    return tx.audit.of_patient(patient_ref, limit=MOST_SHOWN + 1, newest_first=True)
