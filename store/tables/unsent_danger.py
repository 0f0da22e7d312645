"""Danger answers that lie in a draft and were not sent: watched until the form is sent or somebody has acted."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime

TO_TELL = text("told_at IS NULL")
TOLD = text("told_at IS NOT NULL AND handled_at IS NULL")


class UnsentDangerRow(TenantRow):
    """One request whose draft raises a danger notice; sending the form removes the row."""

    __tablename__ = "unsent_danger"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        belongs_to("request", "request_id"),
        UniqueConstraint("clinic_id", "request_id"),
        Index("ix_unsent_danger_tell_at", "tell_at", sqlite_where=TO_TELL, postgresql_where=TO_TELL),
        Index("ix_unsent_danger_told", "clinic_id", "since", sqlite_where=TOLD, postgresql_where=TOLD),
    )

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    request_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    tell_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
