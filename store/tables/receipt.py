"""Receipts of a channel: facts that are only ever added, so the order in which they come does not matter."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime


class ReceiptRow(TenantRow):
    """That one event happened to one message."""

    __tablename__ = "receipt"
    __table_args__ = (belongs_to("outbox", "message_id"), UniqueConstraint("clinic_id", "message_id", "event"))

    message_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    event: Mapped[str] = mapped_column(String(CODE_LENGTH))
    reference: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
