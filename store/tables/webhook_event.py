"""Webhook calls, stored before they are applied; each id of a channel counts once."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import TenantRow, of_a_clinic
from store.types import CODE_LENGTH, UtcDateTime


class WebhookEventRow(TenantRow):
    """One signed call."""

    __tablename__ = "webhook_event"
    __table_args__ = (of_a_clinic(), UniqueConstraint("channel", "webhook_id"))

    channel: Mapped[str] = mapped_column(String(CODE_LENGTH))
    webhook_id: Mapped[str] = mapped_column(String(200))
    body_enc: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str | None] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
