"""Legal holds: as long as one stands, nothing of the patient is destroyed."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime


class LegalHoldRow(TenantRow):
    """One hold, such as for a complaint or a compensation case."""

    __tablename__ = "legal_hold"
    __table_args__ = (belongs_to("patient", "patient_ref"), Index(None, "clinic_id", "patient_ref"))

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    reason_enc: Mapped[bytes] = mapped_column(LargeBinary)
    set_by: Mapped[str] = mapped_column(String(100))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
