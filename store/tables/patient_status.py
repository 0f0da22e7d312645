"""What is known of patients from feeds: one current row per patient and kind, and all that it replaced."""

from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from delivery.patient_status import StatusKind
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime, one_of

CURRENT = text("ended_at IS NULL")


class PatientStatusRow(TenantRow):
    """One status of one patient, from when until when, and from whom."""

    __tablename__ = "patient_status"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        Index(
            "uq_patient_status_current",
            "clinic_id",
            "patient_ref",
            "kind",
            unique=True,
            sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
        Index(None, "clinic_id", "patient_ref"),
    )

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    kind: Mapped[StatusKind] = mapped_column(one_of(StatusKind))
    value: Mapped[bool]
    since: Mapped[date]
    source: Mapped[str] = mapped_column(String(CODE_LENGTH))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
