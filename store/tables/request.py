"""Requests: a questionnaire is asked once per occasion."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from delivery.schedule import RequestState
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of


class RequestRow(TenantRow):
    """One questionnaire asked of one patient once."""

    __tablename__ = "request"
    __table_args__ = (
        belongs_to("occasion", "occasion_id"),
        belongs_to("patient", "patient_ref"),
        UniqueConstraint("clinic_id", "occasion_id", "questionnaire"),
        CheckConstraint("(state = 'completed') = (completed_at IS NOT NULL)", name="completed"),
        CheckConstraint("position >= 0", name="position"),
        Index(None, "clinic_id", "patient_ref"),
        Index(None, "id"),
    )

    occasion_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    questionnaire: Mapped[str] = mapped_column(String(255))
    position: Mapped[int]
    state: Mapped[RequestState] = mapped_column(one_of(RequestState, check="state"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
