"""Who may answer for a patient: recorded by the clinic, known by a keyed index, named under the patient's own key."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from security.related import Relationship
from store.base import TenantRow, belongs_to
from store.types import UtcDateTime, one_of

STANDING = text("ended_at IS NULL")


class RelatedPersonRow(TenantRow):
    """One guardian, or one who holds a power of attorney."""

    __tablename__ = "related_person"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="period"),
        Index(
            "uq_related_person_standing",
            "clinic_id",
            "patient_ref",
            "person_index",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index(None, "clinic_id", "person_index"),
    )

    patient_ref: Mapped[str] = mapped_column(String(36))
    relationship: Mapped[Relationship] = mapped_column(one_of(Relationship))
    person_index: Mapped[str] = mapped_column(String(64))
    name_enc: Mapped[bytes] = mapped_column(LargeBinary)
    source_enc: Mapped[bytes] = mapped_column(LargeBinary)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_by: Mapped[str] = mapped_column(String(100))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
