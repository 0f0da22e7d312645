"""Receipts of orders that we do not know: kept, tried again, and at last given up; no clinic is known for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base
from store.types import CODE_LENGTH, UtcDateTime

WAITING = text("state = 'waiting'")


class StrayReceiptRow(Base):
    """One receipt in quarantine; it names no patient."""

    __tablename__ = "stray_receipt"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'applied', 'given-up')", name="state"),
        CheckConstraint("tries >= 0", name="tries"),
        Index("ix_stray_receipt_waiting", "received_at", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    channel: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    receipt_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    order_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    event: Mapped[str] = mapped_column(String(CODE_LENGTH))
    reference: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(CODE_LENGTH))
    tries: Mapped[int]
