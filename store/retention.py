"""What has been kept for its time, over all clinics: found, counted and removed; a legal hold stands against it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    FromClause,
    Select,
    Text,
    Update,
    and_,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from delivery.candidate import CandidateState
from delivery.retention import RetentionClass
from kernel.ids import ClinicId, PatientRef
from security.actor import Actor
from store.base import table_of
from store.repositories.audit import AUDIT
from store.repositories.chain import CHAIN
from store.repositories.keeping import CHOICE
from store.sealing import SHREDDED
from store.tables.candidate import CandidateRow
from store.tables.draft import DraftRow
from store.tables.enrolment import EnrolmentRow
from store.tables.legal_hold import LegalHoldRow
from store.tables.patient import PatientRow
from store.tables.patient_status import PatientStatusRow
from store.tables.request import RequestRow
from store.tables.stray_receipt import StrayReceiptRow
from store.tables.unmatched import UnmatchedRow
from store.tables.webhook_event import WebhookEventRow
from store.transaction import Tx

CANDIDATE, DRAFT, ENROLMENT, HOLD, PATIENT, STATUS, REQUEST, STRAY, UNMATCHED, EVENT = (
    table_of(row)
    for row in (
        *(CandidateRow, DraftRow, EnrolmentRow, LegalHoldRow, PatientRow, PatientStatusRow, RequestRow),
        *(StrayReceiptRow, UnmatchedRow, WebhookEventRow),
    )
)
GONE = b""
OPEN = (CandidateState.WAITING, CandidateState.EXCLUDED)


@dataclass(frozen=True, slots=True)
class Expired:
    """How the rows of a class are found once their time is over, and what becomes of one of them.

    Args:
        rows: the moment before which they were last needed -> their condition.
        remove: deletes or empties the rows of a condition; None where a whole patient goes.
    """

    table: FromClause
    rows: Callable[[datetime], ColumnElement[bool]]
    remove: Callable[[ColumnElement[bool]], Delete | Update] | None


def held(clinic_id: ColumnElement[str], patient_ref: ColumnElement[str]) -> ColumnElement[bool]:
    """Make the predicate that a legal hold of a patient stands.

    Args:
        clinic_id: column of the outer query.
        patient_ref: column of the outer query.
    """
    mine = (HOLD.c.clinic_id == clinic_id, HOLD.c.patient_ref == patient_ref, HOLD.c.lifted_at.is_(None))
    return select(HOLD.c.id).where(*mine).exists()


def _of_a_held_patient(row: FromClause) -> ColumnElement[bool]:
    same = (REQUEST.c.clinic_id == row.c.clinic_id, REQUEST.c.id == row.c.request_id)
    return select(REQUEST.c.id).where(*same, held(REQUEST.c.clinic_id, REQUEST.c.patient_ref)).exists()


def _never_entered(before: datetime) -> ColumnElement[bool]:
    """Patients of a list whom nobody enrolled, and whom no list or assessment has named since."""
    listed = and_(CANDIDATE.c.clinic_id == PATIENT.c.clinic_id, CANDIDATE.c.patient_ref == PATIENT.c.id)
    touched = func.coalesce(CANDIDATE.c.assessed_at, CANDIDATE.c.imported_at) >= before
    told = and_(STATUS.c.clinic_id == PATIENT.c.clinic_id, STATUS.c.patient_ref == PATIENT.c.id)
    enrolled = and_(ENROLMENT.c.clinic_id == PATIENT.c.clinic_id, ENROLMENT.c.patient_ref == PATIENT.c.id)
    return and_(
        PATIENT.c.key_id != SHREDDED,
        PATIENT.c.created_at < before,
        select(CANDIDATE.c.id).where(listed).exists(),
        ~select(CANDIDATE.c.id).where(listed, or_(CANDIDATE.c.state.in_(OPEN), touched)).exists(),
        ~select(STATUS.c.id).where(told, STATUS.c.recorded_at >= before).exists(),
        ~select(ENROLMENT.c.id).where(enrolled).exists(),
        ~held(PATIENT.c.clinic_id, PATIENT.c.id),
    )


def _sealed_long_ago(before: datetime) -> ColumnElement[bool]:
    """Audit rows that are in the chain, and that concern nobody whom a hold protects."""
    mine = (CHAIN.c.clinic_id == AUDIT.c.clinic_id, CHAIN.c.row_id == AUDIT.c.id, CHAIN.c.kind == AUDIT.name)
    quoted = literal('"') + HOLD.c.patient_ref + literal('"')
    of_held = (HOLD.c.clinic_id == AUDIT.c.clinic_id, HOLD.c.lifted_at.is_(None))
    return and_(
        AUDIT.c.at < before,
        select(CHAIN.c.seq).where(*mine, CHAIN.c.sealed_at < before).exists(),
        ~select(HOLD.c.id).where(*of_held, cast(AUDIT.c.patients, Text).contains(quoted)).exists(),
    )


EXPIRED: Mapping[RetentionClass, Expired] = {
    RetentionClass.DRAFT: Expired(
        DRAFT, lambda before: and_(DRAFT.c.saved_at < before, ~_of_a_held_patient(DRAFT)), delete(DRAFT).where
    ),
    RetentionClass.WEBHOOK_BODY: Expired(
        EVENT,
        lambda before: and_(EVENT.c.received_at < before, EVENT.c.body_enc != GONE),
        update(EVENT).values(body_enc=GONE).where,
    ),
    RetentionClass.UNMATCHED_BODY: Expired(
        UNMATCHED,
        lambda before: and_(
            UNMATCHED.c.closed_at < before,
            UNMATCHED.c.body_enc != GONE,
            ~_of_a_held_patient(UNMATCHED),
        ),
        update(UNMATCHED).values(body_enc=GONE).where,
    ),
    RetentionClass.STRAY_RECEIPT: Expired(
        STRAY,
        lambda before: and_(STRAY.c.received_at < before, STRAY.c.state != "waiting"),
        delete(STRAY).where,
    ),
    RetentionClass.CONTACT: Expired(PATIENT, _never_entered, None),
    RetentionClass.AUDIT: Expired(AUDIT, _sealed_long_ago, delete(AUDIT).where),
}


@dataclass(frozen=True, slots=True)
class Over:
    """What has had its time: one class, in the clinics that chose alike.

    Args:
        before: the moment before which it was last needed.
        days: that those clinics have chosen; None = those that have chosen nothing, and what belongs to no clinic.
    """

    kind: RetentionClass
    before: datetime
    days: int | None = None

    def condition(self) -> ColumnElement[bool]:
        """Make the predicate of the rows."""
        expired = EXPIRED[self.kind]
        return and_(expired.rows(self.before), self._whose(expired.table))

    def _whose(self, table: FromClause) -> ColumnElement[bool]:
        if not self.kind.is_of_a_clinic:
            return true()
        chosen = select(CHOICE.c.days).where(CHOICE.c.clinic_id == table.c.clinic_id, CHOICE.c.kind == self.kind)
        return ~chosen.exists() if self.days is None else chosen.where(CHOICE.c.days == self.days).exists()


@dataclass(frozen=True, slots=True)
class Expiry:
    """Counts and removes, within one transaction over all clinics.

    Args:
        within: gives the same transaction as one clinic's.
    """

    connection: Connection
    within: Callable[[ClinicId, Actor], Tx]

    def choices(self) -> tuple[tuple[RetentionClass, int], ...]:
        """Return each number of days that any clinic has chosen for a class."""
        query = select(CHOICE.c.kind, CHOICE.c.days).distinct().order_by(CHOICE.c.kind, CHOICE.c.days)
        return tuple((row.kind, row.days) for row in self.connection.execute(query))

    def count(self, over: Over) -> int:
        """Count the rows that have had their time."""
        query = select(func.count()).select_from(EXPIRED[over.kind].table).where(over.condition())
        return int(self.connection.execute(query).scalar_one())

    def remove(self, over: Over, limit: int, by: Callable[[ClinicId], Actor]) -> Counter[str]:
        """Remove at most so many rows; tell how many there were in each clinic.

        Returns:
            Clinic -> number; what belongs to no clinic is counted under the empty text.
        """
        expired = EXPIRED[over.kind]
        columns = list(expired.table.primary_key)
        query: Select[Any] = select(*columns).where(over.condition()).order_by(*columns).limit(limit)
        rows = self.connection.execute(query).all()
        for clinic_id in {ClinicId(row.clinic_id) for row in rows if over.kind is RetentionClass.AUDIT}:
            # The database lets go what a checkpoint covers, and nothing else.
            self.within(clinic_id, by(clinic_id)).cuts.checkpoint(over.before)
        for row in rows:
            if expired.remove is None:
                clinic_id = ClinicId(row.clinic_id)
                self.within(clinic_id, by(clinic_id)).destruction.destroy(PatientRef(row.id))
            else:
                same = and_(*(column == value for column, value in zip(columns, row, strict=True)))
                self.connection.execute(expired.remove(and_(same, over.condition())))
        return Counter(str(getattr(row, "clinic_id", "")) for row in rows)
