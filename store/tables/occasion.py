"""Occasions: a patient has at most one open, and its link is known by its hash alone."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from delivery.schedule import OccasionState
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of

OPEN = text("state = 'open'")

COMPLETED = text("completed_at IS NOT NULL")
EXPIRED = text("state = 'expired'")


class OccasionRow(TenantRow):
    """All that is asked of a patient at one time."""

    __tablename__ = "occasion"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        UniqueConstraint("link_hash"),
        CheckConstraint("(state = 'completed') = (completed_at IS NOT NULL)", name="completed"),
        Index("uq_occasion_open", "clinic_id", "patient_ref", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_occasion_expiry", "expires_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "clinic_id", "patient_ref"),
        Index("ix_occasion_completed", "clinic_id", "completed_at", sqlite_where=COMPLETED, postgresql_where=COMPLETED),
        Index("ix_occasion_expired", "clinic_id", "expires_at", sqlite_where=EXPIRED, postgresql_where=EXPIRED),
    )

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    state: Mapped[OccasionState] = mapped_column(one_of(OccasionState, check="state"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counted: Mapped[bool] = mapped_column(server_default=false())
    reminder_days: Mapped[list[int]] = mapped_column(JSON, server_default=text("'[]'"))
    contact_wished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link_hash: Mapped[str] = mapped_column(String(64))
