"""Candidates: patients of population lists; one row per patient and package is open at a time."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from delivery.candidate import CandidateState
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime, one_of

OPEN = text("state IN ('waiting', 'excluded')")


class CandidateRow(TenantRow):
    """One patient who might enter one package; who that is stands with the patient, sealed."""

    __tablename__ = "candidate"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        belongs_to("enrolment", "enrolment_id"),
        CheckConstraint("(state = 'ordered') = (enrolment_id IS NOT NULL)", name="ordered"),
        CheckConstraint(
            "state <> 'excluded' OR (reason_enc IS NOT NULL AND review_on IS NOT NULL AND assessed_by IS NOT NULL)",
            name="excluded",
        ),
        Index(
            "uq_candidate_open",
            "clinic_id",
            "patient_ref",
            "package",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(None, "clinic_id", "state", "id"),
    )

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    package: Mapped[str] = mapped_column(String(CODE_LENGTH))
    diagnosis: Mapped[str] = mapped_column(String(CODE_LENGTH))
    own_patient: Mapped[bool]
    state: Mapped[CandidateState] = mapped_column(one_of(CandidateState, check="state"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assessed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assessed_by: Mapped[str | None] = mapped_column(String(100))
    assessed_name: Mapped[str | None] = mapped_column(String(200))
    on_behalf_of: Mapped[str | None] = mapped_column(String(100))
    reason_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    review_on: Mapped[date | None]
    enrolment_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
