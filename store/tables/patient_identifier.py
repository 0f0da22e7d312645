"""A patient's identifiers with their history; found by a keyed index, kept sealed."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime


class PatientIdentifierRow(TenantRow):
    """One identifier of one patient, valid from until."""

    __tablename__ = "patient_identifier"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        UniqueConstraint("clinic_id", "cpr_index"),
        Index(None, "clinic_id", "patient_ref"),
    )

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    kind: Mapped[str] = mapped_column(String(CODE_LENGTH))
    cpr_index: Mapped[str] = mapped_column(String(64))
    value_enc: Mapped[bytes] = mapped_column(LargeBinary)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
