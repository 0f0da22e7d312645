"""Enrolments: a patient runs each care package at most once at a time."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from delivery.schedule import EnrolmentState
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime, one_of

RUNNING = text("state IN ('active', 'paused')")


class EnrolmentRow(TenantRow):
    """One patient in one care package."""

    __tablename__ = "enrolment"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        Index(None, "clinic_id", "patient_ref", "id"),
        Index(
            "uq_enrolment_running",
            "clinic_id",
            "patient_ref",
            "package",
            unique=True,
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        ),
    )

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    package: Mapped[str] = mapped_column(String(CODE_LENGTH))
    programme: Mapped[str] = mapped_column(String(CODE_LENGTH))
    programme_version: Mapped[str] = mapped_column(String(CODE_LENGTH))
    channel: Mapped[str] = mapped_column(String(CODE_LENGTH))
    plan_target: Mapped[str] = mapped_column(String(CODE_LENGTH))
    state: Mapped[EnrolmentState] = mapped_column(one_of(EnrolmentState, check="state"))
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    slots: Mapped[dict[str, str]] = mapped_column(JSON, server_default=text("'{}'"))
    control_month: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
