"""What patients chose instead of answering: not this time, a pause, or no questionnaires any more."""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from delivery.leave import LeaveKind
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of

PAUSING = text("until IS NOT NULL AND ended_at IS NULL")


class PatientLeaveRow(TenantRow):
    """One choice, for one enrolment that it touched; an occasion is left once."""

    __tablename__ = "patient_leave"
    __table_args__ = (
        belongs_to("occasion", "occasion_id"),
        belongs_to("enrolment", "enrolment_id"),
        UniqueConstraint("clinic_id", "occasion_id", "enrolment_id"),
        Index(None, "clinic_id", "enrolment_id"),
        Index("ix_patient_leave_until", "until", sqlite_where=PAUSING, postgresql_where=PAUSING),
    )

    enrolment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    occasion_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    kind: Mapped[LeaveKind] = mapped_column(one_of(LeaveKind))
    until: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
