"""Answers that fit no request, sealed, until a person has assigned or discarded them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from delivery.unmatched import UnmatchedState
from store.base import ID_LENGTH, TenantRow, belongs_to, of_a_clinic
from store.types import CODE_LENGTH, UtcDateTime, one_of


class UnmatchedRow(TenantRow):
    """One answer in the tray."""

    __tablename__ = "unmatched"
    __table_args__ = (
        of_a_clinic(),
        belongs_to("request", "request_id"),
        UniqueConstraint("clinic_id", "channel", "sha256"),
        CheckConstraint("(state = 'waiting') = (closed_at IS NULL)", name="closed"),
        Index(None, "clinic_id", "state"),
        Index(None, "clinic_id", "received_at"),
    )

    channel: Mapped[str] = mapped_column(String(CODE_LENGTH))
    questionnaire: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    body_enc: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[UnmatchedState] = mapped_column(one_of(UnmatchedState, check="state"))
    request_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    closed_by: Mapped[str | None] = mapped_column(String(100))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
