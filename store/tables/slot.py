"""Slots: what is due is a row, and each time of a series exists once."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from delivery.schedule import SlotState
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of

PLANNED = text("state = 'planned'")


class SlotRow(TenantRow):
    """The k-th time of a series."""

    __tablename__ = "slot"
    __table_args__ = (
        belongs_to("series", "series_id"),
        belongs_to("enrolment", "enrolment_id"),
        belongs_to("patient", "patient_ref"),
        belongs_to("occasion", "occasion_id"),
        UniqueConstraint("clinic_id", "series_id", "k"),
        CheckConstraint("k >= 0", name="k"),
        CheckConstraint("state NOT IN ('open', 'answered') OR occasion_id IS NOT NULL", name="occasion"),
        Index("ix_slot_due", "due_at", "clinic_id", "patient_ref", sqlite_where=PLANNED, postgresql_where=PLANNED),
        Index(None, "clinic_id", "patient_ref"),
        Index(None, "clinic_id", "occasion_id", "enrolment_id"),
        Index(None, "clinic_id", "enrolment_id", "occasion_id"),
    )

    series_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    enrolment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    k: Mapped[int]
    nominal_date: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[SlotState] = mapped_column(one_of(SlotState, check="state"))
    occasion_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    asked_by: Mapped[str | None] = mapped_column(String(81))
