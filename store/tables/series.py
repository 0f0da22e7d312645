"""Series of slots; a re-plan ends one and starts the next."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime


class SeriesRow(TenantRow):
    """One series of one enrolment."""

    __tablename__ = "series"
    __table_args__ = (
        belongs_to("enrolment", "enrolment_id"),
        UniqueConstraint("clinic_id", "enrolment_id", "n"),
        CheckConstraint("n >= 1", name="n"),
        CheckConstraint("period_months >= 0", name="period_months"),
    )

    enrolment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    n: Mapped[int]
    occasion_kind: Mapped[str] = mapped_column(String(CODE_LENGTH))
    anchor: Mapped[date]
    period_months: Mapped[int]
    programme_version: Mapped[str] = mapped_column(String(CODE_LENGTH))
    reason: Mapped[str] = mapped_column(String(100))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ask: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
