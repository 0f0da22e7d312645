"""Transmissions: one row per claim, kept even when its result came too late to count."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from delivery.outbox import MessageState
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of


class AttemptRow(TenantRow):
    """One transmission of one message."""

    __tablename__ = "attempt"
    __table_args__ = (belongs_to("outbox", "message_id"), UniqueConstraint("clinic_id", "message_id", "fence"))

    message_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    fence: Mapped[int]
    owner: Mapped[str] = mapped_column(String(100))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[MessageState | None] = mapped_column(one_of(MessageState))
    counted: Mapped[bool]
    http_status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(500))
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
