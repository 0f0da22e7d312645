"""When patients come to the clinic next, as its calendar told us."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime


class AppointmentRow(TenantRow):
    """One appointment; a list of a source replaces what that source told of the patient before."""

    __tablename__ = "appointment"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        UniqueConstraint("clinic_id", "patient_ref", "source", "starts_at"),
        Index(None, "clinic_id", "starts_at", "patient_ref"),
    )

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    source: Mapped[str] = mapped_column(String(CODE_LENGTH))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
