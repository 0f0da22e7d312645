"""Patients, under a pseudonym; the name is sealed with a key that exists for this patient alone."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import TenantRow, of_a_clinic
from store.types import CODE_LENGTH, UtcDateTime


class PatientRow(TenantRow):
    """One patient of one clinic; `id` is the pseudonym."""

    __tablename__ = "patient"
    __table_args__ = (of_a_clinic(), Index(None, "clinic_id", "key_id"))

    key_id: Mapped[str] = mapped_column(String(CODE_LENGTH))
    data_key: Mapped[bytes] = mapped_column(LargeBinary)
    name_enc: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
